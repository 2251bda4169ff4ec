import { expect, test } from "vitest";
import { formats } from "./format";

const plain = (text: string) => text.replaceAll(/\s/g, " ");

test("a day is the same day everywhere, and says its year when it is another one", () => {
  const year = new Date().getFullYear();
  expect(formats("en").day(`${year}-05-12`)).toBe("12 May");
  expect(formats("pt").day(`${year}-05-12`)).toBe("12 de maio");
  expect(formats("en").day(`${year + 1}-01-02`)).toBe(`2 January ${year + 1}`);
});

test("money is written as the language writes it, whatever the currency's minor unit", () => {
  const [en, pt] = [formats("en"), formats("pt")];
  expect(plain(en.money({ amount_minor: 4820, currency: "EUR" }))).toBe("€48.20");
  expect(plain(pt.money({ amount_minor: 4820, currency: "EUR" }))).toBe("48,20 €");
  expect(plain(en.money({ amount_minor: 4820, currency: "JPY" }))).toBe("JP¥4,820");
});
