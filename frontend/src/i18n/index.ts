// The languages of the shop. English is part of the first download; another language, and the words of the back office,
// are fetched when they are needed.
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { loadGoods } from "./goods";
import shop from "./locales/en/shop";

export const LOCALES = ["en", "pt"] as const;
export type Locale = (typeof LOCALES)[number];
type Part = "shop" | "admin";

/** What i18next calls them. In Portugal nothing is many, "0 peças", where Brazil has "0 peça". */
const TAGS: Record<Locale, string> = { en: "en", pt: "pt-PT" };

const KEPT = "souk.locale";

const sources: Record<Locale, Record<Part, () => Promise<{ default: object }>>> = {
  en: { shop: () => Promise.resolve({ default: shop }), admin: () => import("./locales/en/admin") },
  pt: { shop: () => import("./locales/pt/shop"), admin: () => import("./locales/pt/admin") },
};
const wanted = new Set<Part>(["shop"]);

let started: Promise<void> | undefined;

/** Sets the shop's language up: the one chosen before, or the browser's. */
export function startLanguage(): Promise<void> {
  started ??= start();
  return started;
}

async function start(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    defaultNS: "shop",
    resources: { en: { shop } },
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await setLocale(kept() ?? preferred());
}

/** Shows the shop in this language from now on. */
export async function setLocale(locale: Locale): Promise<void> {
  await Promise.all([...[...wanted].map((part) => load(locale, part)), loadGoods(locale)]);
  await i18next.changeLanguage(TAGS[locale]);
  document.documentElement.lang = locale;
}

/** Remembers the language that somebody chose. */
export function keepLocale(locale: Locale): void {
  try {
    localStorage.setItem(KEPT, locale);
  } catch {
    // Then the browser's language is asked the next time.
  }
}

/** Loads the words of the back office; call before it is shown. */
export async function loadAdminWords(): Promise<void> {
  wanted.add("admin");
  // The page may be there before its language is: then which one is not known yet.
  await started;
  await Promise.all([load("en", "admin"), load(currentLocale(), "admin")]);
}

export function currentLocale(): Locale {
  return i18next.language === TAGS.pt ? "pt" : "en";
}

async function load(locale: Locale, part: Part): Promise<void> {
  if (i18next.hasResourceBundle(TAGS[locale], part)) return;
  const words = await sources[locale][part]();
  i18next.addResourceBundle(TAGS[locale], part, words.default);
}

function kept(): Locale | undefined {
  try {
    const locale = localStorage.getItem(KEPT);
    return LOCALES.find((known) => known === locale);
  } catch {
    return undefined;
  }
}

function preferred(): Locale {
  const first = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => LOCALES.some((known) => known === tag));
  return first === "pt" ? "pt" : "en";
}
