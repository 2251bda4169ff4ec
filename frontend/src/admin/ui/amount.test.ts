import { expect, test } from "vitest";
import { parseAmount, writeAmount } from "./amount";

test.each([
  ["12.50", 1250],
  ["12,5", 1250],
  ["12", 1200],
  [" 1 250,00 € ", 125_000],
  ["1.250,00", 125_000],
  ["1,250.00", 125_000],
  ["1,250", 125_000],
  ["0.05", 5],
  ["12.500", 1_250_000],
  ["7.10", 710],
])("%s is an amount", (text, minor) => {
  expect(parseAmount(text, "EUR")).toEqual({ amount_minor: minor, currency: "EUR" });
});

test.each(["", "x", "-1", "1.2.3", "0.125", "1e5", "99999999999999", "12.505.1"])("%s is none", (text) => {
  expect(parseAmount(text, "EUR")).toBeUndefined();
});

test("a currency without minor units has none", () => {
  expect(parseAmount("1250", "JPY")).toEqual({ amount_minor: 1250, currency: "JPY" });
  expect(parseAmount("12.50", "JPY")).toBeUndefined();
});

test("an amount is typed again as it is written", () => {
  for (const minor of [0, 5, 710, 125_000]) {
    const money = { amount_minor: minor, currency: "EUR" };
    expect(parseAmount(writeAmount(money), "EUR")).toEqual(money);
  }
});
