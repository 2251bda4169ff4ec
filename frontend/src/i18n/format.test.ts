import { expect, test } from "vitest";
import { formats } from "./format";

const plain = (text: string) => text.replaceAll(/\s/g, " ");

test("money is written as the language writes it, whatever the currency's minor unit", () => {
  const [en, pt] = [formats("en"), formats("pt")];
  expect(plain(en.money({ amount_minor: 4820, currency: "EUR" }))).toBe("€48.20");
  expect(plain(pt.money({ amount_minor: 4820, currency: "EUR" }))).toBe("48,20 €");
  expect(plain(en.money({ amount_minor: 4820, currency: "JPY" }))).toBe("JP¥4,820");
});
