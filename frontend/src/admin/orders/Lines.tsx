import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Money as Amount, Schema } from "@/api/client";
import { useGoods } from "@/i18n/goods";
import { Money } from "@/ui/Money";
import { useCan } from "../can";
import { Card } from "../ui/Page";
import css from "./Orders.module.css";

type Order = Schema["orders"]["Order"];

/** What was bought, and how its price came about. */
export function Lines({ order }: { order: Order }) {
  const { t } = useTranslation("admin");
  const can = useCan();
  const goods = useGoods();
  const sums: [string, Amount, sign?: string][] = [
    [t("orders.subtotal"), order.subtotal],
    ...order.discounts.map((one): [string, Amount, string] => [`${goods(one.label)} (${one.code})`, one.amount, "−"]),
    [goods(order.shipping_label) || t("orders.shipping"), order.shipping],
    [goods(order.tax_label) || t("orders.tax"), order.tax],
  ];
  return (
    <Card title={t("orders.items")}>
      <ul className={css.lines}>
        {order.items.map((item) => (
          <li key={item.sku}>
            <span>
              {can("stock") ? (
                <Link to={`/admin/stock/sku/${encodeURIComponent(item.sku)}`}>{item.title}</Link>
              ) : (
                item.title
              )}
            </span>
            <Money of={item.line_total} className={css.sum} />
            <span className={css.quiet}>{item.sku}</span>
            <span className={css.quiet}>
              {item.quantity} × <Money of={item.unit_price} />
            </span>
          </li>
        ))}
      </ul>
      <dl className={css.sums}>
        {sums.map(([name, amount, sign]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {sign}
              <Money of={amount} />
            </dd>
          </div>
        ))}
        <div className={css.total}>
          <dt>{t("orders.total")}</dt>
          <dd>
            <Money of={order.total} />
          </dd>
        </div>
        {order.refunded.amount_minor > 0 && (
          <div>
            <dt>{t("orders.refunded")}</dt>
            <dd>
              −<Money of={order.refunded} />
            </dd>
          </div>
        )}
      </dl>
    </Card>
  );
}
