import type { ReactNode } from "react";
import { classes } from "./classes";
import { Icon, type IconName } from "./Icon";
import css from "./Notice.module.css";

type Tone = "true" | "care" | "plain";
const icons: Record<Tone, IconName> = { true: "check", care: "alert", plain: "info" };

/** A box that says something: what is true, what needs care, or what is good to know. `live` is read out when it appears. */
export function Notice({
  tone = "plain",
  title,
  children,
  live,
}: {
  tone?: Tone;
  title?: ReactNode;
  children?: ReactNode;
  live?: boolean;
}) {
  return (
    <div className={classes(css.notice, css[tone])} role={live ? (tone === "care" ? "alert" : "status") : undefined}>
      <Icon name={icons[tone]} />
      <div className={css.words}>
        {title !== undefined && <p className={css.title}>{title}</p>}
        {children}
      </div>
    </div>
  );
}
