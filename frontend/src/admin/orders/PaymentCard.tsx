import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask, type Schema } from "@/api/client";
import { isProblem } from "@/api/problem";
import { useFormat } from "@/i18n/format";
import { Money } from "@/ui/Money";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import { useCan } from "../can";
import { paymentQuery } from "../data";
import { Ask, AskButton } from "../ui/Ask";
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
  const can = useCan();
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
      {payment?.status === "authorized" && can("capture") && <Held order={order} payment={payment} />}
    </Card>
  );
}

/** Money that is held and neither taken nor released yet. */
function Held({ order, payment }: { order: Schema["orders"]["Order"]; payment: Payment }) {
  const { t } = useTranslation("admin");
  const { dateTime, money } = useFormat();
  const client = useQueryClient();
  const params = { path: { order_id: order.id } };
  const then = async (answer: Promise<unknown>, said: string) => {
    await answer;
    await client.invalidateQueries({ queryKey: ["admin", "orders"] });
    toast(said);
  };
  const capture = () => then(ask(api.POST("/api/payments/{order_id}/capture", { params })), t("orders.captureDone"));
  const release = () => then(ask(api.POST("/api/payments/{order_id}/void", { params })), t("orders.releaseDone"));
  return (
    <>
      {payment.authorized_until && (
        <p className={css.quiet}>{t("orders.heldUntil", { when: dateTime(payment.authorized_until) })}</p>
      )}
      <p className={css.buttons}>
        <AskButton
          label={t("orders.capture")}
          look="primary"
          size="s"
          ask={(close) => (
            <Ask title={t("orders.captureTitle")} act={t("orders.capture")} onAct={capture} onClose={close}>
              <p>{t("orders.captureText", { amount: money(payment.amount) })}</p>
            </Ask>
          )}
        />
        <AskButton
          label={t("orders.release")}
          look="danger"
          size="s"
          ask={(close) => (
            <Ask title={t("orders.releaseTitle")} act={t("orders.release")} danger onAct={release} onClose={close}>
              <p>{t("orders.releaseText")}</p>
            </Ask>
          )}
        />
      </p>
    </>
  );
}
