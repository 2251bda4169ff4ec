import { expect, test } from "vitest";
import { countChoices, readFilters } from "./filters";

test("an address gives its filters, in an order of their own", () => {
  const params = new URLSearchParams("tag=b&tag=a&option=Colour:Indigo&min_price=1000&in_stock=true&sort=title&q=x");
  const filters = readFilters(params);
  expect(filters).toEqual({
    tag: ["a", "b"],
    option: ["Colour:Indigo"],
    min_price: 1000,
    in_stock: true,
    sort: "title",
  });
  expect(countChoices(filters)).toBe(5);
});

test("an address that was typed badly filters by nothing", () => {
  const params = new URLSearchParams("min_price=-1&max_price=x&in_stock=yes&sort=random&tag=");
  expect(readFilters(params)).toEqual({});
});
