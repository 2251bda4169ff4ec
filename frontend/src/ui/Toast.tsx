// Short words about what has just happened. They are said by screen readers, and go away by themselves.
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./Button";
import { classes } from "./classes";
import { Icon } from "./Icon";
import css from "./Toast.module.css";

interface Said {
  id: number;
  text: string;
  tone: "good" | "care";
}

const LASTS_MS = 6000;
let said: Said[] = [];
let next = 1;
const listeners = new Set<() => void>();

/** Says something. `care` is for what the shopper should do something about, and stays longer. */
export function toast(text: string, tone: Said["tone"] = "good"): void {
  const id = next++;
  change([...said.filter((other) => other.text !== text).slice(-2), { id, text, tone }]);
  setTimeout(() => hush(id), tone === "care" ? LASTS_MS * 2 : LASTS_MS);
}

function hush(id: number): void {
  change(said.filter((other) => other.id !== id));
}

function change(now: Said[]): void {
  said = now;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts() {
  const { t } = useTranslation("shop");
  const all = useSyncExternalStore(subscribe, () => said);
  return (
    <div role="status" className={css.toasts}>
      {all.map((one) => (
        <div key={one.id} className={classes(css.toast, css[one.tone])}>
          <Icon name={one.tone === "good" ? "check" : "alert"} size={20} />
          <p>{one.text}</p>
          <IconButton label={t("common.close")} onClick={() => hush(one.id)}>
            <Icon name="close" size={16} />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
