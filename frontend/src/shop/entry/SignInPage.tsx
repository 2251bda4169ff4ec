import { useMutation } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useNavigate, useSearchParams } from "react-router";
import { useAccount } from "@/auth/hooks";
import { signIn } from "@/auth/session";
import { errorText } from "@/lib/errorText";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { Entry, useNext } from "./Entry";
import css from "./EntryPage.module.css";

export function Component() {
  const { t } = useTranslation("shop");
  const navigate = useNavigate();
  const account = useAccount();
  const next = useNext("/account");
  const [params] = useSearchParams();
  const { register, handleSubmit, formState } = useForm({ defaultValues: { email: "", password: "" } });
  const enter = useMutation({
    mutationFn: ({ email, password }: { email: string; password: string }) => signIn(email.trim(), password),
    onSuccess: () => void navigate(next, { replace: true }),
  });
  if (account && !enter.isPending) return <Navigate to={next} replace />;
  return (
    <Entry title={t("entry.signIn")}>
      <form
        noValidate
        className={css.form}
        onSubmit={(event) => void handleSubmit((values) => enter.mutate(values))(event)}
      >
        <Field
          label={t("form.email")}
          type="email"
          autoComplete="username"
          error={formState.errors.email?.message}
          {...register("email", { required: t("form.needed") })}
        />
        <Field
          label={t("form.password")}
          type="password"
          autoComplete="current-password"
          error={formState.errors.password?.message}
          {...register("password", { required: t("form.needed") })}
        />
        {enter.isError && <Notice tone="care" title={errorText(enter.error, t)} live />}
        <Button type="submit" look="primary" size="l" wide pending={enter.isPending}>
          {t("entry.signIn")}
        </Button>
      </form>
      <p className={css.other}>
        <Link to="/forgot-password">{t("entry.forgot")}</Link>
      </p>
      <p className={css.other}>
        {t("entry.new")}{" "}
        <Link to={`/register${params.size > 0 ? `?${params.toString()}` : ""}`}>{t("entry.register")}</Link>
      </p>
    </Entry>
  );
}
