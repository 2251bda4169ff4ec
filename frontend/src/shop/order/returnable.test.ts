import { expect, test } from "vitest";
import type { Schema } from "@/api/client";
import { returnable } from "./returnable";

const order = (returns: [status: string, sku: string, quantity: number][]) =>
  ({
    items: [
      { sku: "POT", quantity: 3 },
      { sku: "CUP", quantity: 1 },
    ],
    returns: returns.map(([status, sku, quantity]) => ({ status, lines: [{ sku, quantity }] })),
  }) as unknown as Schema["orders"]["Order"];
const left = (...returns: Parameters<typeof order>[0]) =>
  returnable(order(returns)).map(({ sku, quantity }) => `${quantity} ${sku}`);

test("what is asked back once is not offered a second time, unless it was declined", () => {
  expect(left()).toEqual(["3 POT", "1 CUP"]);
  expect(left(["requested", "POT", 1], ["accepted", "POT", 1])).toEqual(["1 POT", "1 CUP"]);
  expect(left(["rejected", "POT", 3], ["accepted", "CUP", 1])).toEqual(["3 POT"]);
  expect(left(["requested", "POT", 3], ["requested", "CUP", 1])).toEqual([]);
});
