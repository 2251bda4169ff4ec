// Pictograms of the back office, drawn with the shop's pen.
const paths = {
  chart: "M4 20h16M7 16v-5M12 16V6M17 16v-8",
  box: "M4 8.5 12 4l8 4.5v7L12 20l-8-4.5v-7ZM4 8.5l8 4.5 8-4.5M12 13v7",
  shelf: "M4 4v16M20 4v16M4 9h16M4 16h16M7 9V5.5h4V9M13 16v-4h4v4",
  bag: "M5 8.5h14l-1 11.5H6L5 8.5ZM9 11V7a3 3 0 0 1 6 0v4",
  people:
    "M9 5a3.2 3.2 0 1 1 0 6.4A3.2 3.2 0 0 1 9 5ZM3 19c.5-3.4 2.9-5 6-5s5.5 1.6 6 5M15.5 5.6a3 3 0 0 1 0 5.3M17.5 14.6c2 .6 3.2 2.1 3.5 4.4",
  tag: "M4 4h7.5L20.5 13 13 20.5 4 11.5V4ZM8 8v.1",
  mail: "M4 6h16v12H4V6ZM4 7l8 6.5L20 7",
  letter: "M4 6h16v12H4V6ZM9 9.5l6 5M15 9.5l-6 5",
  pulse: "M3 12.5h4l2.5-6 4 11 2.5-5h5",
} as const;

export type AdminIconName = keyof typeof paths;

export function AdminIcon({ name, size = 20 }: { name: AdminIconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true" focusable="false">
      <path d={paths[name]} stroke="currentColor" strokeWidth="1.7" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
