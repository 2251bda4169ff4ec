import { useMutation } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { api, ask } from "@/api/client";
import { useAccount } from "@/auth/hooks";
import { accountChanged } from "@/auth/session";
import { useFormat } from "@/i18n/format";
import { errorText } from "@/lib/errorText";
import { firstName } from "@/lib/firstName";
import { usePageTitle } from "@/lib/usePageTitle";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { toast } from "@/ui/Toast";
import css from "./Account.module.css";

export function Component() {
  const { t } = useTranslation("shop");
  const { date } = useFormat();
  const account = useAccount();
  usePageTitle(t("layout.account"));
  const { register, handleSubmit, formState } = useForm({ values: { name: account?.name ?? "" } });
  const save = useMutation({
    mutationFn: ({ name }: { name: string }) => ask(api.PATCH("/api/users/me", { body: { name: name.trim() } })),
    onSuccess: (user) => {
      accountChanged(user);
      toast(t("common.saved"));
    },
    onError: (error) => toast(errorText(error, t), "care"),
  });
  const verify = useMutation({
    mutationFn: () => ask(api.POST("/api/users/me/verify-email")),
    onSuccess: () => toast(t("entry.mailSent")),
    onError: (error) => toast(errorText(error, t), "care"),
  });
  if (!account) return null;
  return (
    <>
      <h1>{t("account.hello", { name: firstName(account.name) })}</h1>
      <p>{t("account.since", { email: account.email, date: date(account.created_at) })}</p>
      {!account.email_verified && (
        <Notice title={t("account.unverified")}>
          <Button size="s" pending={verify.isPending} onClick={() => verify.mutate()}>
            {t("entry.verifyAgain")}
          </Button>
        </Notice>
      )}
      <section className={css.section} aria-labelledby="profile">
        <h2 id="profile">{t("account.profile")}</h2>
        <form
          noValidate
          className={css.form}
          onSubmit={(event) => void handleSubmit((values) => save.mutate(values))(event)}
        >
          <Field
            label={t("form.name")}
            autoComplete="name"
            error={formState.errors.name?.message}
            {...register("name", { required: t("form.needed"), maxLength: 100 })}
          />
          <div>
            <Button type="submit" pending={save.isPending}>
              {t("common.save")}
            </Button>
          </div>
        </form>
      </section>
    </>
  );
}
