// The bones of a page: its head with what can be done, and cards.
import { Children, isValidElement, type CSSProperties, type ReactNode } from "react";
import { Link } from "react-router";
import { usePageTitle } from "@/lib/usePageTitle";
import { classes } from "@/ui/classes";
import { Icon } from "@/ui/Icon";
import css from "./Page.module.css";

interface PageProps {
  title: string;
  /** The title is a number or a code rather than words. */
  isCode?: boolean;
  /** Beside the title, as a status. */
  beside?: ReactNode;
  /** Below the title. */
  lead?: ReactNode;
  /** Where this is one of. */
  back?: { to: string; words: string };
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, isCode, beside, lead, back, actions, children }: PageProps) {
  usePageTitle(title);
  return (
    <div className={css.page}>
      <header className={css.head}>
        <div className={css.titles}>
          {back && (
            <Link to={back.to} className={css.back}>
              <Icon name="back" size={16} />
              {back.words}
            </Link>
          )}
          <div className={css.title}>
            <h1 className={isCode ? css.code : undefined}>{title}</h1>
            {beside}
          </div>
          {lead !== undefined && <p className={css.lead}>{lead}</p>}
        </div>
        {actions !== undefined && <div className={css.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface CardProps {
  title?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A part of a page with a name. */
export function Card({ title, actions, children, className }: CardProps) {
  return (
    <section className={classes(css.card, className)}>
      {(title !== undefined || actions !== undefined) && (
        <header className={css.cardHead}>
          {title !== undefined && <h2>{title}</h2>}
          {actions}
        </header>
      )}
      {children}
    </section>
  );
}

/** Cards side by side where there is room: a wide and a narrow one, or equals. */
export function Columns({ children, even }: { children: ReactNode; even?: boolean }) {
  return <div className={classes(css.columns, even && css.even)}>{children}</div>;
}

/** Cards below each other. */
export function Stack({ children }: { children: ReactNode }) {
  return <div className={css.stack}>{children}</div>;
}

/** Names and what they are. */
export function Facts({ of }: { of: [name: string, value: ReactNode][] }) {
  return (
    <dl className={css.facts}>
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A number with its name. */
export function Figure({ name, value, note }: { name: string; value: ReactNode; note?: ReactNode }) {
  return (
    <div className={css.figure}>
      <p className={css.figureName}>{name}</p>
      <p className={css.figureValue}>{value}</p>
      {note !== undefined && <p className={css.figureNote}>{note}</p>}
    </div>
  );
}

/** Numbers side by side, all in the size that the longest has room for. */
export function Figures({ children }: { children: ReactNode }) {
  const signs = Children.toArray(children).map((child) => {
    const value = isValidElement<{ value?: ReactNode }>(child) ? child.props.value : undefined;
    return typeof value === "string" ? value.length : 0;
  });
  return (
    <div className={css.figures} style={{ "--signs": Math.max(5, ...signs) } as CSSProperties}>
      {children}
    </div>
  );
}
