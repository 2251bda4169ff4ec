// The tile motif: an eight-fold star, and walls laid with it.
import { useId } from "react";
import { classes } from "./classes";
import css from "./Tiles.module.css";

/** The corners of an eight-pointed star made of two squares. */
function star(cx: number, cy: number, outer: number): string {
  const inner = outer * 0.7654;
  const points = Array.from({ length: 16 }, (_, i) => {
    const r = i % 2 ? inner : outer;
    const a = (i * Math.PI) / 8;
    return `${(cx + r * Math.cos(a)).toFixed(2)} ${(cy + r * Math.sin(a)).toFixed(2)}`;
  });
  return `M${points.join("L")}Z`;
}

/** One star: the mark of the shop, and what empty places show. */
export function Star({ size = 32, className }: { size?: number; className?: string }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 48 48"
      className={classes(css.star, className)}
      aria-hidden="true"
      focusable="false"
    >
      <path d={star(24, 24, 22)} className={css.starBody} />
      <path d={star(24, 24, 14.5)} className={css.starRing} />
      <path d={star(24, 24, 6.5)} className={css.starHeart} />
    </svg>
  );
}

/** A wall of tiles behind whatever is placed on it; purely for the eye. */
export function Wall({ className }: { className?: string }) {
  const id = useId();
  return (
    <svg className={classes(css.wall, className)} aria-hidden="true" focusable="false">
      <defs>
        <pattern id={id} width="72" height="72" patternUnits="userSpaceOnUse">
          <path d={star(36, 36, 36)} className={css.tile} />
          <path d={star(36, 36, 22)} className={css.tileRing} />
          <path d={star(36, 36, 9)} className={css.tileHeart} />
          {[
            [0, 0],
            [72, 0],
            [0, 72],
            [72, 72],
          ].map(([x = 0, y = 0]) => (
            <path key={`${x} ${y}`} d={star(x, y, 14.5)} className={css.tileCross} />
          ))}
        </pattern>
      </defs>
      <rect width="100%" height="100%" fill={`url(#${id})`} />
    </svg>
  );
}
