import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { api, ask } from "@/api/client";
import { isProblem } from "@/api/problem";
import { useAccount } from "@/auth/hooks";
import { signIn, signOut } from "@/auth/session";
import { useFormat } from "@/i18n/format";
import { errorText } from "@/lib/errorText";
import { fieldText } from "@/lib/fieldText";
import { usePageTitle } from "@/lib/usePageTitle";
import { sessionsQuery } from "@/shop/data";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { toast } from "@/ui/Toast";
import css from "./Account.module.css";

export function Component() {
  const { t } = useTranslation("shop");
  usePageTitle(t("account.nav.security"));
  return (
    <>
      <h1>{t("account.nav.security")}</h1>
      <Password />
      <Sessions />
    </>
  );
}

interface Values {
  current: string;
  next: string;
}

function Password() {
  const { t } = useTranslation("shop");
  const account = useAccount();
  const { register, handleSubmit, formState, reset, setError } = useForm<Values>({
    defaultValues: { current: "", next: "" },
  });
  const change = useMutation({
    mutationFn: async ({ current, next }: Values) => {
      await ask(api.POST("/api/users/me/password", { body: { current_password: current, new_password: next } }));
      // Every session has ended, this one too: its token is in a cookie that this page cannot send along.
      if (account) await signIn(account.email, next);
    },
    onSuccess: () => {
      toast(t("account.passwordChanged"));
      reset();
    },
    onError: (error) => {
      if (isProblem(error))
        for (const { message } of error.fields) setError("next", { message: fieldText(message, t) });
    },
  });
  return (
    <section className={css.section} aria-labelledby="password">
      <h2 id="password">{t("account.password")}</h2>
      <form
        noValidate
        className={css.form}
        onSubmit={(event) => void handleSubmit((values) => change.mutate(values))(event)}
      >
        <input type="hidden" autoComplete="username" value={account?.email ?? ""} readOnly />
        <Field
          label={t("form.currentPassword")}
          type="password"
          autoComplete="current-password"
          error={formState.errors.current?.message}
          {...register("current", { required: t("form.needed") })}
        />
        <Field
          label={t("form.newPassword")}
          type="password"
          autoComplete="new-password"
          hint={t("form.passwordHint")}
          error={formState.errors.next?.message}
          {...register("next", {
            required: t("form.needed"),
            minLength: { value: 10, message: t("form.passwordHint") },
          })}
        />
        {change.isError && !(isProblem(change.error) && change.error.fields.length > 0) && (
          <Notice tone="care" title={errorText(change.error, t)} live />
        )}
        <div>
          <Button type="submit" pending={change.isPending}>
            {t("account.changePassword")}
          </Button>
        </div>
      </form>
    </section>
  );
}

function Sessions() {
  const { t } = useTranslation("shop");
  const { dateTime } = useFormat();
  const client = useQueryClient();
  const { data } = useQuery(sessionsQuery);
  const end = useMutation({
    mutationFn: (id: string) => ask(api.DELETE("/api/users/me/sessions/{id}", { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  const endAll = useMutation({
    mutationFn: async () => {
      await ask(api.POST("/api/users/logout-all"));
      await signOut();
    },
    onError: (error) => toast(errorText(error, t), "care"),
  });
  return (
    <section className={css.section} aria-labelledby="sessions">
      <h2 id="sessions">{t("account.sessions")}</h2>
      <ul className={css.list}>
        {data?.map((session) => (
          <li key={session.id} className={css.card}>
            <div>
              <span className={css.title}>{deviceName(session.device) ?? t("account.unknownDevice")}</span>
              <p>{t("account.lastUsed", { moment: dateTime(session.last_used_at) })}</p>
            </div>
            <Button size="s" onClick={() => end.mutate(session.id)}>
              {t("account.endSession")}
            </Button>
          </li>
        ))}
      </ul>
      <Button look="danger" pending={endAll.isPending} onClick={() => endAll.mutate()}>
        {t("account.endAll")}
      </Button>
    </section>
  );
}

/** The browser and system out of what a browser calls itself. */
function deviceName(agent: string | null): string | undefined {
  if (!agent) return undefined;
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\/[\d.]+/.exec(agent)?.[1];
  const system = /(Windows|Macintosh|iPhone|iPad|Android|Linux)/.exec(agent)?.[1];
  const names = [browser?.replace("Edg", "Edge").replace("OPR", "Opera"), system?.replace("Macintosh", "Mac")];
  return names.filter(Boolean).join(", ") || agent.slice(0, 60);
}
