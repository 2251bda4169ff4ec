import type { Schema } from "@/api/client";
import { parseAmount } from "../ui/amount";

export type Promotion = Schema["orders"]["Promotion"];
export type Benefit = Promotion["benefit"];
export const KINDS = ["percentage", "fixed_amount", "buy_x_get_y", "free_shipping"] as const;
export type Kind = (typeof KINDS)[number];

/** What a form says that a code gives; the name of the field that does not say it. */
export function readBenefit(kind: Kind, form: FormData): Benefit | { wrong: "percent" | "amount" } {
  const number = (name: string) => Number(String(form.get(name)).replace(",", "."));
  switch (kind) {
    case "percentage": {
      const points = Math.round(number("percent") * 100);
      return points >= 1 && points <= 10_000 ? { kind, basis_points: points } : { wrong: "percent" };
    }
    case "fixed_amount": {
      const amount = parseAmount(String(form.get("amount")), String(form.get("currency") || "EUR"));
      return amount && amount.amount_minor > 0 ? { kind, amount } : { wrong: "amount" };
    }
    case "buy_x_get_y":
      return { kind, buy: number("buy"), get: number("get") };
    case "free_shipping":
      return { kind };
  }
}

/** Whether a code can be used now, and if not, why. */
export function stateOf(promotion: Promotion, now: Date): "off" | "later" | "over" | "used" | "running" {
  if (!promotion.active) return "off";
  if (promotion.valid_from && new Date(promotion.valid_from) > now) return "later";
  if (promotion.valid_until && new Date(promotion.valid_until) <= now) return "over";
  if (promotion.max_uses != null && promotion.used >= promotion.max_uses) return "used";
  return "running";
}

/** A moment as `datetime-local` fields hold it, in the time of this place. */
export function toLocal(moment: string | null | undefined): string {
  if (!moment) return "";
  const date = new Date(moment);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function fromLocal(text: string): string | null {
  return text ? new Date(text).toISOString() : null;
}
