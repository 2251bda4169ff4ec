// The looks of a table: header, rows, numbers to the right. On a narrow screen it scrolls by itself, reachable by keyboard.
import type { ReactNode, TableHTMLAttributes } from "react";
import { classes } from "./classes";
import css from "./Table.module.css";

/** A table; `caption` is its name, shown to screen readers alone unless `captioned`. */
export function Table({
  caption,
  captioned,
  children,
  className,
  ...rest
}: TableHTMLAttributes<HTMLTableElement> & { caption: string; captioned?: boolean; children: ReactNode }) {
  return (
    // The region scrolls, so the keyboard must reach it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={css.scroll} role="region" aria-label={caption} tabIndex={0}>
      <table {...rest} className={classes(css.table, className)}>
        <caption className={captioned ? css.caption : "sr-only"}>{caption}</caption>
        {children}
      </table>
    </div>
  );
}

/** Class names for cells: `number` to the right in tabular figures, `tight` as narrow as its words. */
export const cell = { number: css.number, tight: css.tight };
