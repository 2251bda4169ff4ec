// Amounts as people type them, to the minor units that the services speak of.
import type { Money } from "@/api/client";

/** Digits after the point of a currency. */
export function digitsOf(currency: string): number {
  try {
    const format = new Intl.NumberFormat("en", { style: "currency", currency });
    return format.resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** "12.5", "12,50" and "1.250,00" to minor units; undefined for what is no amount or has too many digits. */
export function parseAmount(text: string, currency: string): Money | undefined {
  const digits = digitsOf(currency);
  const plain = text.replaceAll(/[\s\u00a0\u202f€$£']/g, "");
  // Groups of three digits with one mark and the part behind the other one, or no groups at all. "1,250" is a group, since
  // a part has fewer digits than three.
  const grouped = /^([1-9]\d{0,2}(?:([.,])\d{3})(?:\2\d{3})*)(?:(?!\2)[.,](\d+))?$/.exec(plain);
  const simple = /^(\d+)(?:[.,](\d+))?$/.exec(plain);
  if (!grouped && !simple) return undefined;
  const whole = (grouped?.[1] ?? simple?.[1] ?? "").replaceAll(/[.,]/g, "");
  const part = ((grouped ? grouped[3] : simple?.[2]) ?? "").replace(/0+$/, "");
  if (part.length > digits) return undefined;
  const minor = Number(whole) * 10 ** digits + Number(part.padEnd(digits, "0"));
  return Number.isSafeInteger(minor) && minor <= 1_000_000_000_000 ? { amount_minor: minor, currency } : undefined;
}

/** Minor units as one would type them, as in "12.50". */
export function writeAmount({ amount_minor, currency }: Money): string {
  const digits = digitsOf(currency);
  return (amount_minor / 10 ** digits).toFixed(digits);
}
