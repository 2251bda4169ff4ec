import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { Field, Radio } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import { parseAmount, writeAmount } from "../ui/amount";
import { Ask, FieldRefused } from "../ui/Ask";
import css from "./Orders.module.css";
import { useOrderActions } from "./useOrderActions";
import { worth, type Pieces } from "./worth";

type Order = Schema["orders"]["Order"];

interface Props {
  order: Order;
  /** What can be given back, in minor units. */
  left: number;
  onClose: () => void;
}

/** Gives money back: all that is left, or a part, for some pieces or for none in particular. */
export function RefundDialog({ order, left, onClose }: Props) {
  const { t } = useTranslation("admin");
  const { money } = useFormat();
  const { refund } = useOrderActions(order.id);
  const { currency } = order.total;
  const wholeAllowed = order.status !== "confirmed";
  const [part, setPart] = useState(!wholeAllowed);
  const [pieces, setPieces] = useState<Pieces>({});
  const [amount, setAmount] = useState("");
  const [error, setError] = useState<string>();
  const [key] = useState(() => crypto.randomUUID());
  const most = money({ amount_minor: left, currency });

  const count = (item: Order["items"][number], quantity: number) => {
    const next = { ...pieces, [item.sku]: Math.max(0, Math.min(item.quantity, quantity || 0)) };
    setPieces(next);
    const value = Math.min(worth(order, next), left);
    setAmount(value > 0 ? writeAmount({ amount_minor: value, currency }) : "");
  };
  const act = async (form: FormData) => {
    const reason = String(form.get("reason")).trim();
    if (!part) {
      await refund(key, { reason });
    } else {
      const parsed = parseAmount(amount, currency);
      if (!parsed || parsed.amount_minor === 0 || parsed.amount_minor > left) {
        setError(t("orders.refundAmountWrong", { most }));
        throw new FieldRefused();
      }
      const lines = Object.entries(pieces)
        .filter(([, quantity]) => quantity > 0)
        .map(([sku, quantity]) => ({ sku, quantity }));
      await refund(key, { reason, amount: parsed, lines });
    }
    toast(t("orders.refundDone"));
  };
  return (
    <Ask
      title={t("orders.refundTitle", { number: order.number })}
      act={t("orders.refund")}
      onAct={act}
      onClose={onClose}
    >
      <div role="radiogroup" aria-label={t("orders.refundHow")} className={css.checks}>
        {wholeAllowed && (
          <Radio
            name="how"
            label={t("orders.refundWhole")}
            aside={most}
            checked={!part}
            onChange={() => setPart(false)}
          />
        )}
        <Radio name="how" label={t("orders.refundPart")} checked={part} onChange={() => setPart(true)} />
      </div>
      {part && (
        <>
          <fieldset className={css.checks}>
            <legend>{t("orders.refundPieces")}</legend>
            {order.items.map((item) => (
              <label key={item.sku} className={css.pieces}>
                <span>
                  {item.title}
                  <br />
                  <span className={css.quiet}>
                    {item.sku} · {money(item.unit_price)}
                  </span>
                </span>
                <input
                  type="number"
                  min={0}
                  max={item.quantity}
                  value={pieces[item.sku] ?? 0}
                  onChange={(event) => count(item, event.target.valueAsNumber)}
                />
              </label>
            ))}
          </fieldset>
          <Field
            label={t("orders.refundAmount", { currency })}
            hint={t("orders.refundMost", { most })}
            inputMode="decimal"
            value={amount}
            error={error}
            onChange={(event) => {
              setAmount(event.target.value);
              setError(undefined);
            }}
            required
          />
        </>
      )}
      <Field label={t("common.reason")} hint={t("orders.refundReason")} name="reason" maxLength={200} required />
    </Ask>
  );
}
