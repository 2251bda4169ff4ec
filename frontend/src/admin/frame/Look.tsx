import { useState } from "react";
import { useTranslation } from "react-i18next";
import { currentLocale, keepLocale, LOCALES, setLocale, type Locale } from "@/i18n";
import { chooseTheme, currentTheme, THEMES, type Theme } from "@/lib/theme";
import css from "./Look.module.css";

const languages: Record<Locale, string> = { en: "English", pt: "Português" };

/** Language and light. */
export function Look() {
  const { t } = useTranslation("admin");
  const [theme, setTheme] = useState(currentTheme);
  const chooseLanguage = (locale: Locale) => {
    keepLocale(locale);
    void setLocale(locale);
  };
  return (
    <div className={css.look}>
      <select
        aria-label={t("frame.language")}
        value={currentLocale()}
        onChange={(event) => chooseLanguage(event.target.value as Locale)}
      >
        {LOCALES.map((locale) => (
          <option key={locale} value={locale} lang={locale}>
            {languages[locale]}
          </option>
        ))}
      </select>
      <select
        aria-label={t("frame.theme")}
        value={theme}
        onChange={(event) => {
          const next = event.target.value as Theme;
          setTheme(next);
          chooseTheme(next);
        }}
      >
        {THEMES.map((one) => (
          <option key={one} value={one}>
            {t(`frame.themes.${one}`)}
          </option>
        ))}
      </select>
    </div>
  );
}
