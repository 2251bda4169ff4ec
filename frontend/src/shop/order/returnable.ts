import type { Schema } from "@/api/client";

type Order = Schema["orders"]["Order"];

/** What can still be sent back: what was ordered, without what a return has asked for that was not declined. */
export function returnable(order: Order): Order["items"] {
  const asked = new Map<string, number>();
  for (const { status, lines } of order.returns) {
    if (status === "rejected") continue;
    for (const { sku, quantity } of lines) asked.set(sku, (asked.get(sku) ?? 0) + quantity);
  }
  return order.items
    .map((item) => ({ ...item, quantity: item.quantity - (asked.get(item.sku) ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
}
