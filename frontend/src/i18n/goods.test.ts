import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import goods, { words } from "./locales/pt/goods";

const root = join(import.meta.dirname, "../../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? "");

const catalogue = readdirSync(join(root, "demo/catalogue"))
  .map((file) => read(`demo/catalogue/${file}`))
  .join("\n");

/** What the demo shop and the plug-ins write for shoppers. */
const written = {
  collections: all(read("demo/collections.json"), /"title": "([^"]+)"/g),
  promotions: all(read("demo/promotions.json"), /"label": "([^"]+)"/g),
  ways: all(read("components/plugins/shipping-by-weight/src/parcels.rs"), /\("((?:Standard|Express)[^"]+)"/g),
  stalls: all(catalogue, /^category (.+)$/gm),
  options: all(catalogue, /(?:^options |[|;] ?)([A-Z][a-z]+(?: [a-z]+)?): /gm),
  kinds: all(catalogue, /^tags (.+)$/gm).flatMap((line) => line.split(",").map((tag) => tag.trim())),
};

test.each(Object.entries(written))("the demo shop's %s have Portuguese names", (_, texts) => {
  expect(texts.length).toBeGreaterThan(2);
  expect([...new Set(texts)].filter((text) => !(text in words))).toEqual([]);
});

test("taxes and sets are named for every rate and size, and a merchant's own words stay", () => {
  expect(goods("VAT 23 %")).toBe("IVA 23 %");
  expect(goods("Set of 144")).toBe("Conjunto de 144");
  expect(goods("Turnips")).toBe("Turnips");
});
