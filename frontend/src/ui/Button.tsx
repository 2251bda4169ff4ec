import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Link, type LinkProps } from "react-router";
import css from "./Button.module.css";
import { classes } from "./classes";

interface Look {
  /** `primary` is what the page is for; one a page. */
  look?: "primary" | "secondary" | "quiet" | "danger";
  size?: "m" | "s" | "l";
  wide?: boolean;
}

type Props = Look & ButtonHTMLAttributes<HTMLButtonElement> & { pending?: boolean; children: ReactNode };

/** A button that says what happens. While `pending` it keeps the focus and does nothing. */
export function Button({ look = "secondary", size = "m", wide, pending, type = "button", ...rest }: Props) {
  const { className, children, onClick, ...more } = rest;
  return (
    <button
      {...more}
      type={pending ? "button" : type}
      className={looks(look, size, wide, className)}
      aria-disabled={pending || undefined}
      onClick={pending ? undefined : onClick}
    >
      <span className={css.words}>{children}</span>
      {pending && <span className={css.spinner} aria-hidden="true" />}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({ look = "secondary", size = "m", wide, className, ...rest }: Look & LinkProps) {
  return <Link {...rest} className={looks(look, size, wide, className)} />;
}

/** A square button with a picture; `label` is its name. */
export function IconButton({
  label,
  className,
  type = "button",
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { label: string }) {
  return <button {...rest} type={type} aria-label={label} title={label} className={classes(css.icon, className)} />;
}

function looks(look: string, size: string, wide: boolean | undefined, more: string | undefined): string {
  return classes(css.button, css[look], size !== "m" && css[`size-${size}`], wide && css.wide, more);
}
