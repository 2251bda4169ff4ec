// Money, dates and numbers in the shopper's language.
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Money } from "@/api/client";
import { currentLocale, type Locale } from ".";

/** English as in Europe: a day comes before its month, and the euro sign before its number. */
const tags: Record<Locale, string> = { en: "en-IE", pt: "pt-PT" };

/** What `Intl` calls the language of the page. */
export function currentTag(): string {
  return tags[currentLocale()];
}

export interface Format {
  money: (money: Money) => string;
  number: (value: number) => string;
  percent: (share: number) => string;
  date: (moment: string | Date) => string;
  /** A day of the calendar, `2027-05-12`: "12 May", with its year when that is not this one. */
  day: (day: string) => string;
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
    day: (text) => {
      // Put together from its parts: read as a moment it would be another day west of Greenwich.
      const [year = 0, month = 1, day = 1] = text.split("-").map(Number);
      const ofYear = year === new Date().getFullYear() ? undefined : ("numeric" as const);
      return new Intl.DateTimeFormat(tag, { day: "numeric", month: "long", year: ofYear }).format(
        new Date(year, month - 1, day),
      );
    },
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
