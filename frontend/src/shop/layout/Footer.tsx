import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { currentLocale, keepLocale, LOCALES, setLocale, type Locale } from "@/i18n";
import { chooseTheme, currentTheme, THEMES, type Theme } from "@/lib/theme";
import { Select } from "@/ui/Field";
import { Star, Wall } from "@/ui/Tiles";
import css from "./Footer.module.css";

const names: Record<Locale, string> = { en: "English", pt: "Português" };

export function Footer() {
  const { t } = useTranslation("shop");
  return (
    <footer className={css.footer}>
      <div className={css.band}>
        <Wall />
      </div>
      <div className={css.inner}>
        <div className={css.about}>
          <p className={css.brand}>
            <Star size={28} />
            Souk
          </p>
          <p>{t("layout.tagline")}</p>
          <p className={css.demo}>{t("layout.demo")}</p>
        </div>
        <nav aria-label={t("layout.help")}>
          <h2 className={css.title}>{t("layout.help")}</h2>
          <ul className={css.links}>
            <li>
              <Link to="/account/orders">{t("layout.orders")}</Link>
            </li>
            <li>
              <Link to="/account">{t("layout.account")}</Link>
            </li>
            <li>
              {/* A page of the component, outside of this application. */}
              <a href="/about-this-shop" hrefLang="en">
                {t("layout.about")}
              </a>
            </li>
          </ul>
        </nav>
        <div className={css.choices}>
          <Select
            label={t("layout.language")}
            value={currentLocale()}
            onChange={(event) => {
              const locale = event.target.value as Locale;
              keepLocale(locale);
              void setLocale(locale);
            }}
          >
            {LOCALES.map((locale) => (
              <option key={locale} value={locale} lang={locale}>
                {names[locale]}
              </option>
            ))}
          </Select>
          <Select
            label={t("layout.theme")}
            defaultValue={currentTheme()}
            onChange={(event) => chooseTheme(event.target.value as Theme)}
          >
            {THEMES.map((theme) => (
              <option key={theme} value={theme}>
                {t(`layout.themes.${theme}`)}
              </option>
            ))}
          </Select>
        </div>
      </div>
    </footer>
  );
}
