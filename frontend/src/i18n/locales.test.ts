import { expect, test } from "vitest";
import enAdmin from "./locales/en/admin";
import enShop from "./locales/en/shop";
import ptAdmin from "./locales/pt/admin";
import ptShop from "./locales/pt/shop";

/** Each text with its path and the values that it wants. */
function texts(words: object, path = ""): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [key, value] of Object.entries(words)) {
    const here = path ? `${path}.${key}` : key;
    if (typeof value === "string")
      found.set(here, [...value.matchAll(/\{\{(\w+)/g)].map((match) => match[1] ?? "").sort());
    else for (const [below, wants] of texts(value as object, here)) found.set(below, wants);
  }
  return found;
}

test.each([
  ["shop", enShop, ptShop],
  ["admin", enAdmin, ptAdmin],
])("the words of the %s say the same in both languages, with the same values", (_, en, pt) => {
  expect(texts(pt)).toEqual(texts(en));
});
