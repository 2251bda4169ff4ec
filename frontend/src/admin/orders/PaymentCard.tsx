import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { isProblem } from "@/api/problem";
import { useFormat } from "@/i18n/format";
import { Money } from "@/ui/Money";
import { Skeleton } from "@/ui/Skeleton";
import { paymentQuery } from "../data";
import { Badge, type Tone } from "../ui/Badge";
import { Failed } from "../ui/Failed";
import { Card } from "../ui/Page";
import { useCode } from "../ui/useCode";
import css from "./Orders.module.css";

type Payment = Schema["payments"]["Payment"];

const tones: Partial<Record<Payment["status"], Tone>> = {
  captured: "true",
  authorized: "wait",
  unknown: "care",
  declined: "care",
};

/** How the order was paid, try by try. */
export function PaymentCard({ order }: { order: Schema["orders"]["Order"] }) {
  const { t } = useTranslation("admin");
  const { dateTime } = useFormat();
  const say = useCode();
  const query = useQuery(paymentQuery(order.id, `${order.status} ${order.refunded.amount_minor}`));
  const payment = query.data;
  const none = isProblem(query.error) && query.error.status === 404;
  return (
    <Card
      title={t("orders.payment")}
      actions={payment && <Badge tone={tones[payment.status] ?? "plain"}>{say(payment.status)}</Badge>}
    >
      {none && <p className={css.quiet}>{t("orders.noPayment")}</p>}
      {query.isError && !none && !payment && <Failed query={query} />}
      {query.isPending && <Skeleton height="3rem" />}
      {payment && (
        <ol className={css.timeline}>
          {payment.attempts.map((attempt) => {
            const captured = attempt.outcome === "captured" ? payment.captured : undefined;
            const told = [
              dateTime(attempt.finished_at ?? attempt.started_at),
              say(attempt.code),
              captured?.gateway_reference,
            ];
            return (
              <li key={attempt.attempt}>
                <span className={css.event}>
                  {payment.attempts.length > 1 && `${t("orders.attempt", { number: attempt.attempt })}: `}
                  {say(attempt.outcome)} {captured && <Money of={captured.amount} />}
                </span>
                <span className={css.quiet}>{told.filter(Boolean).join(" · ")}</span>
              </li>
            );
          })}
        </ol>
      )}
    </Card>
  );
}
