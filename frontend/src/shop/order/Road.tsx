import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { classes } from "@/ui/classes";
import css from "./Road.module.css";

const STEPS = ["placed", "reserved", "confirmed", "shipped", "delivered"] as const;

/** How far an order is on its way. Updated as it happens, and said by screen readers. */
export function Road({ order }: { order: Schema["orders"]["Order"] }) {
  const { t } = useTranslation("shop");
  const { dateTime } = useFormat();
  const at = new Map(order.timeline.map((entry) => [entry.status, entry.at]));
  const ended = ["rejected", "cancelled", "refunded", "returned"].includes(order.status);
  const steps: string[] = ended ? [...new Set(order.timeline.map(({ status }) => status))] : [...STEPS];
  return (
    <ol className={css.road} aria-label={t("order.road")} aria-live="polite">
      {steps.map((step) => {
        const moment = at.get(step);
        const isEnd = ended && ["rejected", "cancelled"].includes(step);
        return (
          <li key={step} className={classes(css.step, moment && css.done, isEnd && css.ended)}>
            <span className={css.star} aria-hidden="true" />
            <span className={css.name}>{t(`order.step.${step as "placed"}`)}</span>
            <span className={css.at}>{moment ? dateTime(moment) : t("order.notYet")}</span>
          </li>
        );
      })}
    </ol>
  );
}
