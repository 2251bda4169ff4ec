import type { CSSProperties } from "react";
import { classes } from "./classes";
import css from "./Skeleton.module.css";

/** Stands where something will be, as large as it will be. Whoever shows skeletons says once that it is loading. */
export function Skeleton({
  width,
  height,
  round,
  className,
}: {
  width?: string;
  height?: string;
  round?: boolean;
  className?: string;
}) {
  const style: CSSProperties = { width, height };
  return <span aria-hidden="true" style={style} className={classes(css.skeleton, round && css.round, className)} />;
}
