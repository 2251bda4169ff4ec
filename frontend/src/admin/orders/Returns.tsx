import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { Checkbox, Field, TextArea } from "@/ui/Field";
import { Money } from "@/ui/Money";
import { toast } from "@/ui/Toast";
import { useCan } from "../can";
import { parseAmount } from "../ui/amount";
import { Ask, AskButton, FieldRefused } from "../ui/Ask";
import { Badge } from "../ui/Badge";
import { Card } from "../ui/Page";
import css from "./Orders.module.css";
import { useOrderActions } from "./useOrderActions";
import { leftToRefund, returned, worth } from "./worth";

type Order = Schema["orders"]["Order"];
type Return = Order["returns"][number];
interface Props {
  order: Order;
  asked: Return;
  onClose: () => void;
}

const tones = { requested: "wait", accepted: "true", rejected: "care" } as const;

/** What shoppers want to send back, and what was said to it. */
export function Returns({ order }: { order: Order }) {
  const { t } = useTranslation("admin");
  const { dateTime } = useFormat();
  const can = useCan();
  return (
    <Card title={t("orders.returns")}>
      <ul className={css.records}>
        {order.returns.map((one) => (
          <li key={one.id} className={css.record}>
            <p className={css.recordHead}>
              <strong>{one.reason}</strong>
              <Badge tone={tones[one.status]}>{t(`orders.returnStates.${one.status}`)}</Badge>
            </p>
            <ul>
              {one.lines.map((line) => (
                <li key={line.sku}>
                  {line.quantity} × {line.title || line.sku}
                  {line.restock != null && (
                    <span className={css.quiet}> · {t(line.restock ? "orders.restocked" : "orders.notRestocked")}</span>
                  )}
                </li>
              ))}
            </ul>
            {one.answer && <p>{one.answer}</p>}
            {one.refund && (
              <p>
                {t("orders.refunded")}: <Money of={one.refund} />
              </p>
            )}
            <p className={css.quiet}>{dateTime(one.settled_at ?? one.requested_at)}</p>
            {one.status === "requested" && can("returns") && (
              <p className={css.buttons}>
                <AskButton
                  label={t("orders.accept")}
                  look="primary"
                  size="s"
                  ask={(close) => <Accept order={order} asked={one} onClose={close} />}
                />
                <AskButton
                  label={t("orders.reject")}
                  size="s"
                  ask={(close) => <Reject order={order} asked={one} onClose={close} />}
                />
              </p>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Accept({ order, asked, onClose }: Props) {
  const { t } = useTranslation("admin");
  const { money } = useFormat();
  const { accept } = useOrderActions(order.id);
  const { currency } = order.total;
  const [error, setError] = useState<string>();
  const pieces = Object.fromEntries(asked.lines.map((line) => [line.sku, line.quantity]));
  const value = Math.min(worth(order, pieces, returned(order)), leftToRefund(order));
  const act = async (form: FormData) => {
    const typed = String(form.get("refund")).trim();
    const refund = typed ? parseAmount(typed, currency) : undefined;
    if (typed && !refund) {
      setError(t("common.noAmount"));
      throw new FieldRefused();
    }
    await accept(asked.id, form.getAll("restock").map(String), refund);
    toast(t("orders.acceptDone"));
  };
  return (
    <Ask title={t("orders.acceptTitle")} act={t("orders.accept")} onAct={act} onClose={onClose}>
      <fieldset className={css.checks}>
        <legend>{t("orders.restock")}</legend>
        {asked.lines.map((line) => (
          <Checkbox
            key={line.sku}
            name="restock"
            value={line.sku}
            defaultChecked
            label={`${line.quantity} × ${line.title || line.sku}`}
          />
        ))}
      </fieldset>
      <Field
        label={t("orders.refundAmount", { currency })}
        optional={t("common.optional")}
        hint={t("orders.acceptHint", { worth: money({ amount_minor: value, currency }) })}
        name="refund"
        inputMode="decimal"
        error={error}
        onChange={() => setError(undefined)}
      />
    </Ask>
  );
}

function Reject({ order, asked, onClose }: Props) {
  const { t } = useTranslation("admin");
  const { reject } = useOrderActions(order.id);
  const act = async (form: FormData) => {
    await reject(asked.id, String(form.get("reason")).trim());
    toast(t("orders.rejectDone"));
  };
  return (
    <Ask title={t("orders.rejectTitle")} act={t("orders.reject")} onAct={act} onClose={onClose}>
      <TextArea label={t("common.reason")} hint={t("orders.rejectHint")} name="reason" maxLength={200} required />
    </Ask>
  );
}
