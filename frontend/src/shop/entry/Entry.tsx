import type { ReactNode } from "react";
import { useSearchParams } from "react-router";
import { usePageTitle } from "@/lib/usePageTitle";
import { Wall } from "@/ui/Tiles";
import css from "./EntryPage.module.css";

/** The frame of the small pages: signing in, passwords, links out of mails. */
export function Entry({ title, text, children }: { title: string; text?: ReactNode; children: ReactNode }) {
  usePageTitle(title);
  return (
    <div className={css.page}>
      <div className={css.arch}>
        <Wall />
      </div>
      <h1>{title}</h1>
      {text !== undefined && <p className={css.text}>{text}</p>}
      {children}
    </div>
  );
}

/** Where to go after signing in: a path of this shop, never another site's address. */
export function useNext(fallback: string): string {
  const [params] = useSearchParams();
  return safeNext(params.get("next"), fallback);
}

export function safeNext(next: string | null, fallback: string): string {
  return next && /^\/(?![/\\])/.test(next) ? next : fallback;
}
