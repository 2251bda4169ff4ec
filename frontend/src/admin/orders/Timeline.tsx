import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { Card } from "../ui/Page";
import { useCode } from "../ui/useCode";
import css from "./Orders.module.css";

/** What happened, the newest first. */
export function Timeline({ order }: { order: Schema["orders"]["Order"] }) {
  const { t } = useTranslation("admin");
  const { dateTime } = useFormat();
  const say = useCode();
  return (
    <Card title={t("orders.timeline")}>
      <ol className={css.timeline}>
        {order.timeline.toReversed().map((entry, index) => (
          <li key={`${index} ${entry.at}`}>
            <span className={css.event}>{say(entry.status)}</span>
            <time dateTime={entry.at} className={css.quiet}>
              {dateTime(entry.at)}
            </time>
          </li>
        ))}
      </ol>
    </Card>
  );
}
