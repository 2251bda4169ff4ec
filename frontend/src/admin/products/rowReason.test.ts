import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setLocale } from "@/i18n";
import { rowReason } from "./rowReason";

beforeAll(() => setLocale("pt"));
afterAll(() => setLocale("en"));

/** What the catalogue can say about a row, out of its sources, with something in each gap. */
function reasons(): string[] {
  const folder = join(import.meta.dirname, "../../../../components/shared/shopify-csv/src");
  const source = readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), "utf8").split("#[cfg(test)]")[0] ?? "")
    .join("\n");
  const said = /(?:fail(?:_at)?|Err|format!|replace)\(\s*(?:[^"();]*?,\s*)?"((?:[^"\\]|\\.){12,})"/g;
  return [...source.matchAll(said)]
    .map((match) => (match[1] ?? "").replaceAll('\\"', '"'))
    .filter((text) => /^(?:"\{|is |has |holds |the (?:tag|options) |a product has|Published is|column )/.test(text))
    .map((text) => text.replaceAll(/"\{[^}]*\}"/g, '"Kettle"').replaceAll(/\{[^}]*\}/g, "12"));
}

test("everything that can be wrong with a row is said in Portuguese, too", () => {
  const all = reasons();
  expect(all.length).toBeGreaterThan(25);
  expect(all.filter((reason) => rowReason(reason) === reason)).toEqual([]);
});

test("what a reason quotes stays as it was written", () => {
  expect(rowReason('"Blue $1" stands on line 7 already: a SKU is unique in the shop')).toBe(
    '"Blue $1" já está na linha 7: um SKU é único na loja',
  );
  expect(rowReason("is blue")).toBe("is blue");
});
