// What to say about an error when there is nothing more fitting to say where it happened.
import type { TFunction } from "i18next";
import type { Money } from "@/api/client";
import { Problem } from "@/api/problem";
import { currentLocale } from "@/i18n";
import { formats } from "@/i18n/format";

/** Keys of texts that are chosen while the shop runs. */
type Any = (keys: string[], values: Record<string, unknown>) => string;

/** `at` says whose words come first: what staff are told about a SKU is not what a shopper is. */
export function errorText(error: unknown, t: TFunction<"shop">, at: "shop" | "admin" = "shop"): string {
  if (!(error instanceof Problem)) return t("errors.again");
  if (error.status === 0) return t("errors.offline");
  if (error.status === 429) return t("errors.tooMany", { seconds: error.retryAfter ?? 60 });
  const keys = [...(at === "admin" ? ["admin:problems."] : []), "shop:problems."].map((path) => path + error.slug);
  // The service's own words, in English, for a problem that this page does not know yet.
  const otherwise = error.status >= 500 ? t("errors.again") : error.detail || t("errors.again");
  const text = (t as unknown as Any)(keys, { ...values(error), defaultValue: otherwise });
  // A text that wants a value which the problem does not carry would say less than the service.
  return text.includes("{{") ? otherwise : text;
}

/** What the texts may say of a problem's further members. */
function values(problem: Problem): Record<string, string> {
  const { number, money, list } = formats(currentLocale());
  const say = (value: unknown): string => {
    if (typeof value === "number") return number(value);
    if (Array.isArray(value)) return list(value.map(String));
    if (isMoney(value)) return money(value);
    return typeof value === "string" ? value : "";
  };
  const said = Object.entries(problem.more).map(([name, value]) => [name, say(value)]);
  return { ...Object.fromEntries(said), detail: problem.detail };
}

function isMoney(value: unknown): value is Money {
  return typeof value === "object" && value !== null && "amount_minor" in value && "currency" in value;
}
