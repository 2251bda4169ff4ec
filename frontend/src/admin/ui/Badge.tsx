import type { ReactNode } from "react";
import { classes } from "@/ui/classes";
import css from "./Badge.module.css";

export type Tone = "true" | "care" | "wait" | "plain";

/** A state in a word. The mark before it differs by shape, since colour alone says nothing to some. */
export function Badge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <span className={classes(css.badge, css[tone])}>{children}</span>;
}
