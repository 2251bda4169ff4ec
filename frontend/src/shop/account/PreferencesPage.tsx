import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask } from "@/api/client";
import { accountChanged } from "@/auth/session";
import { currentLocale, keepLocale, LOCALES, setLocale, type Locale } from "@/i18n";
import { errorText } from "@/lib/errorText";
import { usePageTitle } from "@/lib/usePageTitle";
import { preferencesQuery } from "@/shop/data";
import { Checkbox, Select } from "@/ui/Field";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import css from "./Account.module.css";

const KINDS = ["orders", "stock", "news"] as const;

export function Component() {
  const { t } = useTranslation("shop");
  const client = useQueryClient();
  const { data } = useQuery(preferencesQuery);
  usePageTitle(t("account.nav.preferences"));
  const failed = (error: unknown) => toast(errorText(error, t), "care");
  const change = useMutation({
    mutationFn: (categories: Partial<Record<(typeof KINDS)[number], boolean>>) =>
      ask(api.PATCH("/api/notifications/preferences", { body: { categories } })),
    onSuccess: (now) => {
      client.setQueryData(preferencesQuery.queryKey, now);
      toast(t("common.saved"));
    },
    onError: failed,
  });
  // The language of the pages, and of the mails with it.
  const speak = useMutation({
    mutationFn: async (locale: Locale) => {
      await setLocale(locale);
      keepLocale(locale);
      return ask(api.PATCH("/api/users/me", { body: { locale } }));
    },
    onSuccess: accountChanged,
    onError: failed,
  });
  return (
    <>
      <h1>{t("account.nav.preferences")}</h1>
      <section className={css.section}>
        <Select
          className={css.full}
          label={t("account.language")}
          hint={t("account.languageHint")}
          value={currentLocale()}
          onChange={(event) => speak.mutate(event.target.value as Locale)}
        >
          {LOCALES.map((locale) => (
            <option key={locale} value={locale} lang={locale}>
              {locale === "en" ? "English" : "Português"}
            </option>
          ))}
        </Select>
      </section>
      <section className={css.section} aria-labelledby="mails">
        <h2 id="mails">{t("account.mails")}</h2>
        <p>{t("account.mailsText")}</p>
        {data ? (
          KINDS.map((kind) => (
            <Checkbox
              key={kind}
              label={t(`account.mail.${kind}.name`)}
              hint={t(`account.mail.${kind}.text`)}
              checked={data.categories[kind]}
              onChange={(event) => change.mutate({ [kind]: event.target.checked })}
            />
          ))
        ) : (
          <Skeleton height="8rem" />
        )}
      </section>
    </>
  );
}
