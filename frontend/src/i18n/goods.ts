// Names of stalls, options and ways to ship come from the services, in the words of whoever wrote them. Those that the demo
// shop brings along are told in the language of the page; a merchant's own stay as they are.
import { useTranslation } from "react-i18next";
import { currentLocale, type Locale } from ".";

type Tell = (text: string) => string;

const as: Tell = (text) => text;
const told: Partial<Record<Locale, Tell>> = {};

/** Fetches the names in a language. */
export async function loadGoods(locale: Locale): Promise<void> {
  if (locale === "pt") told.pt ??= (await import("./locales/pt/goods")).default;
}

/** Tells a name in the language of the page. */
export function useGoods(): Tell {
  // Renders again in another language.
  useTranslation();
  return told[currentLocale()] ?? as;
}
