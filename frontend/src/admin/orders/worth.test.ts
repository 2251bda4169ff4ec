import { expect, test } from "vitest";
import type { Schema } from "@/api/client";
import { leftToRefund, returned, worth } from "./worth";

const eur = (amount_minor: number) => ({ amount_minor, currency: "EUR" });

/** Three cups at 10.00 and a pot at 20.00, 10 % off, 4.90 shipping, 23 % tax on all of it. */
const order = {
  items: [
    { sku: "CUP", title: "Cup", quantity: 3, unit_price: eur(1000), line_total: eur(3000) },
    { sku: "POT", title: "Pot", quantity: 1, unit_price: eur(2000), line_total: eur(2000) },
  ],
  subtotal: eur(5000),
  discount: eur(500),
  shipping: eur(490),
  tax: eur(1148),
  total: eur(6138),
  refunds: [],
  returns: [],
} as unknown as Schema["orders"]["Order"];

test("a piece is worth its share after discounts and with tax, and nothing is lost to rounding", () => {
  expect(worth(order, { CUP: 1 })).toBe(1129);
  expect(worth(order, { CUP: 1 }, { CUP: 1 })).toBe(1130);
  const parts = [worth(order, { CUP: 2 }), worth(order, { CUP: 1, POT: 1 }, { CUP: 2 })];
  expect(parts.reduce((a, b) => a + b)).toBe(6138);
  expect(worth(order, {})).toBe(0);
});

test("what failed to be refunded can be refunded, and what is on its way cannot", () => {
  const refund = (amount: number, status: "requested" | "failed") => ({ amount: eur(amount), status });
  const refunds = [refund(1000, "requested"), refund(500, "failed")] as unknown as typeof order.refunds;
  expect(leftToRefund({ ...order, refunds })).toBe(5138);
});

test("only returns that were accepted are back", () => {
  const lines = [{ sku: "CUP", title: "Cup", quantity: 2 }];
  const returns = [
    { status: "accepted", lines },
    { status: "rejected", lines },
    { status: "requested", lines },
  ] as unknown as typeof order.returns;
  expect(returned({ ...order, returns })).toEqual({ CUP: 2 });
});
