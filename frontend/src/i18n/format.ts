// Money, dates and numbers in the shopper's language.
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Money } from "@/api/client";
import { currentLocale, type Locale } from ".";

/** English as in Europe: a day comes before its month, and the euro sign before its number. */
const tags: Record<Locale, string> = { en: "en-IE", pt: "pt-PT" };

export interface Format {
  money: (money: Money) => string;
  number: (value: number) => string;
  percent: (share: number) => string;
  date: (moment: string | Date) => string;
  time: (moment: string | Date) => string;
  dateTime: (moment: string | Date) => string;
  list: (items: string[]) => string;
}

export function formats(locale: Locale): Format {
  const tag = tags[locale];
  const date = new Intl.DateTimeFormat(tag, { dateStyle: "long" });
  const time = new Intl.DateTimeFormat(tag, { timeStyle: "short" });
  const dateTime = new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "short" });
  const currencies = new Map<string, Intl.NumberFormat>();
  const currency = (code: string) => {
    const known = currencies.get(code) ?? new Intl.NumberFormat(tag, { style: "currency", currency: code });
    currencies.set(code, known);
    return known;
  };
  return {
    money: ({ amount_minor, currency: code }) => {
      const format = currency(code);
      return format.format(amount_minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
    },
    number: (value) => new Intl.NumberFormat(tag).format(value),
    percent: (share) => new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 1 }).format(share),
    date: (moment) => date.format(new Date(moment)),
    time: (moment) => time.format(new Date(moment)),
    dateTime: (moment) => dateTime.format(new Date(moment)),
    list: (items) => new Intl.ListFormat(tag).format(items),
  };
}

export function useFormat(): Format {
  // Renders again in another language.
  useTranslation();
  const locale = currentLocale();
  return useMemo(() => formats(locale), [locale]);
}
