import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { useGoods } from "@/i18n/goods";
import { Shortage, useShortages } from "@/shop/cart/Shortage";
import type { Cart } from "@/shop/cart/useCart";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Field } from "@/ui/Field";
import { Money } from "@/ui/Money";
import { Skeleton } from "@/ui/Skeleton";
import css from "./Summary.module.css";

interface Props {
  cart: Cart;
  quote: Schema["orders"]["Quote"] | undefined;
  loading: boolean;
  codes: string[];
  onCodes: (codes: string[]) => void;
  /** Why the code that was tried last cannot be used. */
  codeError: string | undefined;
  children: ReactNode;
}

/** What is ordered and what it comes to. */
export function Summary({ cart, quote, loading, codes, onCodes, codeError, children }: Props) {
  const { t } = useTranslation("shop");
  const goods = useGoods();
  const shortage = useShortages(cart);
  return (
    <aside className={css.summary} aria-labelledby="summary">
      <div className={css.head}>
        <h2 id="summary">{t("checkout.summary")}</h2>
        <Link to="/cart">{t("common.edit")}</Link>
      </div>
      <ul className={css.lines}>
        {cart.items.map((item) => (
          <li key={item.sku}>
            {item.image_url && <img src={item.image_url} alt="" width="48" height="48" />}
            <div>
              <span className={css.title}>
                {item.quantity} × {item.title}
              </span>
              <Shortage of={shortage(item)} />
            </div>
            <Money of={item.line_total} />
          </li>
        ))}
      </ul>
      <Codes codes={codes} onCodes={onCodes} error={codeError} />
      <dl className={classes(css.sums, loading && css.loading)} aria-busy={loading}>
        <Row name={t("cart.subtotal")} value={<Money of={quote?.subtotal ?? cart.subtotal} />} />
        {quote?.discounts.map((discount) => (
          <Row
            key={discount.code}
            name={`${goods(discount.label)} (${discount.code})`}
            value={
              discount.free_shipping && discount.amount.amount_minor === 0 ? (
                t("checkout.freeShipping")
              ) : (
                <>
                  −<Money of={discount.amount} />
                </>
              )
            }
            good
          />
        ))}
        <Row name={t("checkout.shipping")} value={quote ? <Money of={quote.shipping} /> : "–"} />
        <Row name={goods(quote?.tax_label ?? "") || t("checkout.tax")} value={quote ? <Money of={quote.tax} /> : "–"} />
        <Row
          name={t("checkout.total")}
          value={quote ? <Money of={quote.total} /> : loading ? <Skeleton width="5rem" /> : "–"}
          total
        />
      </dl>
      {children}
    </aside>
  );
}

function Row({ name, value, total, good }: { name: ReactNode; value: ReactNode; total?: boolean; good?: boolean }) {
  return (
    <div className={classes(css.row, total && css.total, good && css.good)}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Codes({
  codes,
  onCodes,
  error,
}: {
  codes: string[];
  onCodes: (codes: string[]) => void;
  error: string | undefined;
}) {
  const { t } = useTranslation("shop");
  const [text, setText] = useState("");
  const use = () => {
    const code = text.trim().toUpperCase();
    if (code && !codes.includes(code)) onCodes([...codes, code]);
    setText("");
  };
  return (
    <div className={css.codes}>
      <div className={css.code}>
        <Field
          label={t("checkout.code")}
          autoComplete="off"
          maxLength={40}
          value={text}
          error={error}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            // Enter uses the code; the order is placed by its own button.
            if (event.key !== "Enter") return;
            event.preventDefault();
            use();
          }}
        />
        <Button onClick={use}>{t("checkout.useCode")}</Button>
      </div>
      {codes.length > 0 && (
        <ul className={css.used}>
          {codes.map((code) => (
            <li key={code}>
              {code}
              <button
                type="button"
                onClick={() => onCodes(codes.filter((other) => other !== code))}
                aria-label={t("checkout.dropCode", { code })}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
