import { useMutation } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { api, ask } from "@/api/client";
import { errorText } from "@/lib/errorText";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { Entry } from "./Entry";
import css from "./EntryPage.module.css";

export function Component() {
  const { t } = useTranslation("shop");
  const { register, handleSubmit, formState } = useForm({ defaultValues: { email: "" } });
  const send = useMutation({
    mutationFn: ({ email }: { email: string }) =>
      ask(api.POST("/api/users/password/forgot", { body: { email: email.trim() } })),
  });
  return (
    <Entry title={t("entry.forgotTitle")} text={t("entry.forgotText")}>
      {send.isSuccess ? (
        <Notice tone="true" title={t("entry.forgotSent")} live />
      ) : (
        <form
          noValidate
          className={css.form}
          onSubmit={(event) => void handleSubmit((values) => send.mutate(values))(event)}
        >
          <Field
            label={t("form.email")}
            type="email"
            autoComplete="username"
            error={formState.errors.email?.message}
            {...register("email", { required: t("form.needed") })}
          />
          {send.isError && <Notice tone="care" title={errorText(send.error, t)} live />}
          <Button type="submit" look="primary" size="l" wide pending={send.isPending}>
            {t("entry.sendLink")}
          </Button>
        </form>
      )}
    </Entry>
  );
}
