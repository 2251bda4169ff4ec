import { useMutation } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useNavigate, useSearchParams } from "react-router";
import { isProblem } from "@/api/problem";
import { useAccount } from "@/auth/hooks";
import { register as open } from "@/auth/session";
import { currentLocale } from "@/i18n";
import { errorText } from "@/lib/errorText";
import { fieldText } from "@/lib/fieldText";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { toast } from "@/ui/Toast";
import { Entry, useNext } from "./Entry";
import css from "./EntryPage.module.css";

interface Values {
  name: string;
  email: string;
  password: string;
}

export function Component() {
  const { t } = useTranslation("shop");
  const navigate = useNavigate();
  const account = useAccount();
  const next = useNext("/account");
  const [params] = useSearchParams();
  const { register, handleSubmit, formState, setError } = useForm<Values>({
    defaultValues: { name: "", email: "", password: "" },
  });
  const enter = useMutation({
    mutationFn: (values: Values) =>
      open({
        name: values.name.trim(),
        email: values.email.trim(),
        password: values.password,
        locale: currentLocale(),
      }),
    onSuccess: () => {
      toast(t("entry.mailSent"));
      void navigate(next, { replace: true });
    },
    onError: (error) => {
      if (!isProblem(error)) return;
      for (const { field, message } of error.fields) {
        if (field === "name" || field === "email" || field === "password")
          setError(field, { message: fieldText(message, t) });
      }
    },
  });
  if (account && !enter.isPending) return <Navigate to={next} replace />;
  return (
    <Entry title={t("entry.register")} text={t("entry.registerText")}>
      <form
        noValidate
        className={css.form}
        onSubmit={(event) => void handleSubmit((values) => enter.mutate(values))(event)}
      >
        <Field
          label={t("form.name")}
          autoComplete="name"
          error={formState.errors.name?.message}
          {...register("name", { required: t("form.needed"), maxLength: 100 })}
        />
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
          autoComplete="new-password"
          hint={t("form.passwordHint")}
          error={formState.errors.password?.message}
          {...register("password", {
            required: t("form.needed"),
            minLength: { value: 10, message: t("form.passwordHint") },
          })}
        />
        {enter.isError && !(isProblem(enter.error) && enter.error.fields.length > 0) && (
          <Notice tone="care" title={errorText(enter.error, t)} live />
        )}
        <Button type="submit" look="primary" size="l" wide pending={enter.isPending}>
          {t("entry.register")}
        </Button>
      </form>
      <p className={css.other}>
        {t("entry.known")}{" "}
        <Link to={`/sign-in${params.size > 0 ? `?${params.toString()}` : ""}`}>{t("entry.signIn")}</Link>
      </p>
    </Entry>
  );
}
