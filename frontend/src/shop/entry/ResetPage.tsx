import { useMutation } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { api, ask } from "@/api/client";
import { isProblem } from "@/api/problem";
import { errorText } from "@/lib/errorText";
import { fieldText } from "@/lib/fieldText";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { toast } from "@/ui/Toast";
import { Entry } from "./Entry";
import css from "./EntryPage.module.css";

export function Component() {
  const { t } = useTranslation("shop");
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const token = params.get("token") ?? "";
  const { register, handleSubmit, formState } = useForm({ defaultValues: { password: "" } });
  const set = useMutation({
    mutationFn: ({ password }: { password: string }) =>
      ask(api.POST("/api/users/password/reset", { body: { token, new_password: password } })),
    onSuccess: () => {
      toast(t("entry.resetDone"));
      void navigate("/sign-in", { replace: true });
    },
  });
  const why = isProblem(set.error) ? set.error.fields[0]?.message : undefined;
  const refused = why && fieldText(why, t);
  const over = !token || isProblem(set.error, "invalid-token");
  return (
    <Entry title={t("entry.resetTitle")}>
      {over ? (
        <Notice tone="care" title={t("entry.linkOver")} live>
          <Link to="/forgot-password">{t("entry.newLink")}</Link>
        </Notice>
      ) : (
        <form
          noValidate
          className={css.form}
          onSubmit={(event) => void handleSubmit((values) => set.mutate(values))(event)}
        >
          <Field
            label={t("form.newPassword")}
            type="password"
            autoComplete="new-password"
            hint={t("form.passwordHint")}
            error={formState.errors.password?.message ?? refused}
            {...register("password", {
              required: t("form.needed"),
              minLength: { value: 10, message: t("form.passwordHint") },
            })}
          />
          {set.isError && !(isProblem(set.error) && set.error.fields.length > 0) && (
            <Notice tone="care" title={errorText(set.error, t)} live />
          )}
          <Button type="submit" look="primary" size="l" wide pending={set.isPending}>
            {t("entry.setPassword")}
          </Button>
        </form>
      )}
    </Entry>
  );
}
