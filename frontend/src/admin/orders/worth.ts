// What pieces of an order are worth to its shopper: their share of what the goods cost, after discounts and with tax. The
// order service counts the same way when a return is accepted without an amount.
import type { Schema } from "@/api/client";

type Order = Schema["orders"]["Order"];

/** Pieces by SKU. */
export type Pieces = Record<string, number>;

/** In minor units, when `back` was given back before. All pieces together are worth the shipping, too. */
export function worth(order: Order, pieces: Pieces, back: Pieces = {}): number {
  const paid = order.total.amount_minor - order.shipping.amount_minor;
  const count = (sku: string) => (back[sku] ?? 0) + (pieces[sku] ?? 0);
  const cost = (of: (sku: string) => number) =>
    order.items.reduce((sum, item) => sum + item.unit_price.amount_minor * of(item.sku), 0);
  const share = (goods: number) =>
    order.subtotal.amount_minor > 0 ? Math.floor((goods * paid) / order.subtotal.amount_minor) : 0;
  const isAll = order.items.every((item) => count(item.sku) >= item.quantity);
  return (isAll ? order.total.amount_minor : share(cost(count))) - share(cost((sku) => back[sku] ?? 0));
}

/** What came back with returns that were accepted. */
export function returned(order: Order): Pieces {
  const back: Pieces = {};
  for (const one of order.returns.filter((one) => one.status === "accepted")) {
    for (const line of one.lines) back[line.sku] = (back[line.sku] ?? 0) + line.quantity;
  }
  return back;
}

/** What was paid and is not given back or about to be, in minor units. */
export function leftToRefund(order: Order): number {
  const promised = order.refunds
    .filter((refund) => refund.status !== "failed")
    .reduce((sum, refund) => sum + refund.amount.amount_minor, 0);
  return order.total.amount_minor - promised;
}
