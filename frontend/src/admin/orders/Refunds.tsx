import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { Money } from "@/ui/Money";
import { Badge } from "../ui/Badge";
import { Card } from "../ui/Page";
import { useCode } from "../ui/useCode";
import css from "./Orders.module.css";

const tones = { requested: "wait", refunded: "true", failed: "care" } as const;

export function Refunds({ order }: { order: Schema["orders"]["Order"] }) {
  const { t } = useTranslation("admin");
  const { dateTime } = useFormat();
  const say = useCode();
  return (
    <Card title={t("orders.refunds")}>
      <ul className={css.records}>
        {order.refunds.map((refund) => (
          <li key={refund.id} className={css.record}>
            <p className={css.recordHead}>
              <strong>
                <Money of={refund.amount} />
              </strong>
              <Badge tone={tones[refund.status]}>{t(`orders.refundStates.${refund.status}`)}</Badge>
            </p>
            <p>{say(refund.reason)}</p>
            <p className={css.quiet}>{dateTime(refund.settled_at ?? refund.requested_at)}</p>
          </li>
        ))}
      </ul>
    </Card>
  );
}
