// The few pictograms of the shop, drawn with one pen.
const paths = {
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM15.5 15.5 20 20",
  cart: "M5 8.5h14l-1.2 10.2a1.5 1.5 0 0 1-1.5 1.3H7.7a1.5 1.5 0 0 1-1.5-1.3L5 8.5ZM8.5 11V7a3.5 3.5 0 0 1 7 0v4",
  person: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM4.5 20.5c.6-4 3.7-6 7.5-6s6.9 2 7.5 6",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6 6 18",
  plus: "M12 6v12M6 12h12",
  minus: "M6 12h12",
  check: "M5 12.5 10 17.5 19.5 7",
  alert: "M12 4 21 19.5H3L12 4ZM12 10v4.5M12 17v.2",
  info: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 11v5.5M12 7.7v.2",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v5.5M13.5 10.5v5.5",
  arrow: "M5 12h14M13 6l6 6-6 6",
  back: "M19 12H5M11 6l-6 6 6 6",
  down: "M6 9.5l6 6 6-6",
  filter: "M4 6.5h16M7 12h10M10 17.5h4",
  truck: "M3 6.5h11v10H3v-10ZM14 10h4l3 3.5v3h-7M7 16.5a2 2 0 1 0 0 .1M17.5 16.5a2 2 0 1 0 0 .1",
  pin: "M12 21c4.5-4.8 6.5-8.3 6.5-11.2a6.5 6.5 0 1 0-13 0C5.5 12.7 7.5 16.2 12 21ZM12 7.5a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6Z",
  mail: "M4 6h16v12H4V6ZM4 7l8 6.5L20 7",
  globe:
    "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM3.5 12h17M12 3.5c2.5 2.4 3.5 5.2 3.5 8.5s-1 6.1-3.5 8.5c-2.5-2.4-3.5-5.2-3.5-8.5s1-6.1 3.5-8.5Z",
  tag: "M4 4h7.5L20.5 13 13 20.5 4 11.5V4ZM8 8v.1",
} as const;

export type IconName = keyof typeof paths;

/** A pictogram. It says nothing to screen readers: words beside it, or a label around it, do. */
export function Icon({ name, size = 22 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true" focusable="false">
      <path d={paths[name]} stroke="currentColor" strokeWidth="1.7" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
