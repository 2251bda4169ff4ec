import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import i18next, { type TFunction } from "i18next";
import { Problem } from "@/api/problem";
import { loadAdminWords, setLocale } from "@/i18n";
import enAdmin from "@/i18n/locales/en/admin";
import enShop from "@/i18n/locales/en/shop";
import ptAdmin from "@/i18n/locales/pt/admin";
import ptShop from "@/i18n/locales/pt/shop";
import { errorText } from "./errorText";
import { fieldText, RULES } from "./fieldText";

const root = join(import.meta.dirname, "../../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** The sources of the services and plug-ins, without their tests. */
const sources = readdirSync(join(root, "components"), { recursive: true, encoding: "utf8" })
  .filter(
    (path) =>
      path.endsWith(".rs") && /\/src\//.test(path) && !path.endsWith("tests.rs") && !path.startsWith("storefront/"),
  )
  .map((path) => read(`components/${path}`).split("#[cfg(test)]")[0] ?? "");

/** What looks like a slug in the sources and is none. */
const NONE = ["promotions-plugin", "promotion-codes"];

/** Every slug that a service or a plug-in can answer with. */
function slugs(): Set<string> {
  const written = [
    /\bProblem::\w+\(\s*(?:\d+,\s*"[^"]*",\s*)?"([a-z-]+)"/g,
    /\bSelf::new\(\s*\d+,\s*"[^"]*",\s*"([a-z-]+)"/g,
    /\bconflict\(\s*"([a-z-]+)"/g,
    /\bcode: "([a-z-]+)"\.to_owned\(\)/g,
    /"(promotions?-[a-z-]+)"/g,
  ];
  const found = sources.flatMap((text) => written.flatMap((one) => [...text.matchAll(one)].map((match) => match[1])));
  return new Set(found.filter((slug) => slug !== undefined && !NONE.includes(slug)) as string[]);
}

interface Operation {
  security?: { bearer?: string[] }[];
  responses: Record<string, { description?: string }>;
}

/** The slugs that the documents name for what shoppers may call. */
function shoppersSlugs(): Set<string> {
  const found = new Set<string>();
  for (const file of readdirSync(join(root, "docs/openapi"))) {
    const { paths } = JSON.parse(read(`docs/openapi/${file}`)) as { paths: Record<string, Record<string, Operation>> };
    for (const [path, operations] of Object.entries(paths)) {
      if (path.includes("/webhooks/")) continue;
      for (const { security = [], responses } of Object.values(operations)) {
        const anybody = security.some(({ bearer }) => !bearer || bearer.length === 0 || bearer.includes("guest"));
        if (!anybody) continue;
        for (const [status, { description = "" }] of Object.entries(responses)) {
          if (!/^[45]/.test(status)) continue;
          for (const part of description.split(/[;,]| or | such as /)) {
            const slug = /^\s*(?:or )?([a-z]+(?:-[a-z]+)+)(?=:|\s*$)/.exec(part)?.[1];
            if (slug) found.add(slug);
          }
        }
      }
    }
  }
  return found;
}

/** What only the payment provider is told, which reads no pages. */
const MACHINES = ["signature-unreadable", "signature-invalid", "signature-stale"];

test("every problem that a shopper can meet has a text of the shop's own, in each language", () => {
  const met = [...shoppersSlugs()];
  expect(met.length).toBeGreaterThan(40);
  expect(met.filter((slug) => !(slug in enShop.problems))).toEqual([]);
  expect(met.filter((slug) => !(slug in ptShop.problems))).toEqual([]);
});

test("every problem that a service can answer has a text", () => {
  const known = { ...enShop.problems, ...enAdmin.problems };
  const all = slugs();
  expect(all.size).toBeGreaterThan(100);
  expect([...all].filter((slug) => !(slug in known) && !MACHINES.includes(slug))).toEqual([]);
});

test("no text was left in English", () => {
  const same = (en: Record<string, string>, pt: Record<string, string>) =>
    Object.keys(en).filter((slug) => en[slug] === pt[slug]);
  expect(same(enShop.problems, ptShop.problems)).toEqual([]);
  expect(same(enAdmin.problems, ptAdmin.problems)).toEqual([]);
});

let t: TFunction<"shop">;
beforeAll(async () => {
  await loadAdminWords();
  await setLocale("pt");
  t = i18next.getFixedT(i18next.language, "shop");
});
const problem = (status: number, slug: string, more = {}) => new Problem(status, slug, "As the service says.", more);

test("a problem is told in the language of the page, with what it carries", () => {
  expect(errorText(problem(409, "cart-full"), t)).toBe(ptShop.problems["cart-full"]);
  const left = { amount_minor: 123450, currency: "EUR" };
  expect(errorText(problem(409, "refund-above-capture", { left }), t, "admin").replaceAll("\u00a0", " ")).toContain(
    "no máximo 1234,50 €",
  );
  const short = problem(409, "not-enough-stock", { sku: "TEA-1", available: 12500 });
  expect(errorText(short, t, "admin").replaceAll("\u00a0", " ")).toContain("12 500 de TEA-1");
});

test("staff are told what staff can do about it", () => {
  const unknown = problem(404, "unknown-sku");
  expect(errorText(unknown, t)).toBe(ptShop.problems["unknown-sku"]);
  expect(errorText(unknown, t, "admin")).toBe(ptAdmin.problems["unknown-sku"]);
  expect(errorText(problem(409, "cart-full"), t, "admin")).toBe(ptShop.problems["cart-full"]);
});

test("a problem that nobody knows yet is told in the service's words, and a defect never is", () => {
  expect(errorText(problem(409, "brand-new"), t)).toBe("As the service says.");
  expect(errorText(problem(409, "not-enough-stock"), t, "admin")).toBe("As the service says.");
  expect(errorText(problem(500, "brand-new"), t)).toBe(ptShop.errors.again);
  expect(errorText(problem(0, "offline"), t)).toBe(ptShop.errors.offline);
  expect(errorText(new Error("internals"), t)).toBe(ptShop.errors.again);
});

test("the reasons for which services refuse fields are known", () => {
  const reasons: [string, string][] = [
    ["must have 1 to 100 characters", "Tem de 1 a 100 caracteres."],
    ["must not contain control characters", ptShop.fieldRules.control],
    ["not an e-mail address, as in name@example.com", ptShop.fieldRules.email],
    ["must be a two-letter country code in upper case, as in PT", ptShop.fieldRules.country],
    ["must not be one character repeated", ptShop.fieldRules.oneCharacter],
    ["must be from 1 to 100", "É um número de 1 a 100."],
    ["must be at most 100", "Cabem no máximo 100."],
  ];
  for (const [said, told] of reasons) expect(fieldText(said, t)).toBe(told);
  expect(fieldText("must rhyme", t)).toBe("must rhyme");
  // They are what the sources say today.
  const core = sources.join("\n").replaceAll(/\{\w+\}/g, "1");
  for (const rule of ["length", "control", "oneCharacter", "sameAsEmail", "email", "country"] as const) {
    const anywhere = new RegExp(RULES[rule].source.replaceAll(/[$^]/g, ""));
    expect(anywhere.test(core), rule).toBe(true);
  }
});
