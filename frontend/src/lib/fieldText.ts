// Why a service refused a field: what it says in English, in the language of the page.
import type { TFunction } from "i18next";
import type { Problem } from "@/api/problem";

/** What the services write (`components/shared/core/src/text.rs` and its like), with the values in it. */
export const RULES = {
  length: /^must have (?<min>\d+) to (?<max>\d+) characters$/,
  control: /^must not contain control characters$/,
  oneCharacter: /^must not be one character repeated$/,
  sameAsEmail: /^must not be your e-mail address$/,
  email: /^not an e-mail address/,
  country: /^must be a two-letter country code/,
  range: /^must be (?:from )?(?<min>-?\d+) to (?<max>\d+)$/,
  most: /^(?:must be|has) at most (?<max>\d+)/,
  twice: /^is given twice$|^is also |^are the same as another/,
  empty: /^must not be empty$/,
  more: /^must be more than nothing$/,
  currency: /currency/,
} as const;

/** What is wrong with a field. */
export function fieldText(message: string, t: TFunction<"shop">): string {
  for (const [rule, pattern] of Object.entries(RULES)) {
    const found = pattern.exec(message);
    if (found) return (t as (key: string, values: object) => string)(`fieldRules.${rule}`, { ...found.groups });
  }
  return message;
}

/** The refused fields of a problem, each with its name in the language of the page. */
export function fieldTexts(problem: Problem, t: TFunction<"shop">): string[] {
  return problem.fields.map(({ field, message }) => `${fieldName(field, t)}: ${fieldText(message, t)}`);
}

const NAMES = {
  name: "address.name",
  line1: "address.line1",
  line2: "address.line2",
  city: "address.city",
  postal_code: "address.postalCode",
  region: "address.region",
  country: "address.country",
  email: "form.email",
  password: "form.password",
  new_password: "form.newPassword",
  reason: "order.reason",
  lines: "order.items",
  shipping_method: "checkout.shipping",
  promotion_codes: "checkout.code",
  payment_token: "checkout.payment",
  locale: "account.language",
} as const;

/** A field as the form calls it: `shipping_address.city` and `promotion_codes[0]` are a city and a code. */
function fieldName(path: string, t: TFunction<"shop">): string {
  const last = (path.split(".").pop() ?? path).replace(/\[\d+\]$/, "");
  return last in NAMES ? t(NAMES[last as keyof typeof NAMES]) : path;
}
