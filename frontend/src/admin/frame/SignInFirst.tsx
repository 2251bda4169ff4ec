// The door of the back office: for those who are not signed in, and for those who are and do not work here.
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useAccount } from "@/auth/hooks";
import { signIn, signOut } from "@/auth/session";
import { isProblem } from "@/api/problem";
import { usePageTitle } from "@/lib/usePageTitle";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { Star, Wall } from "@/ui/Tiles";
import { useErrorText } from "../ui/useErrorText";
import css from "./SignInFirst.module.css";

export function SignInFirst() {
  const { t } = useTranslation("admin");
  const account = useAccount();
  usePageTitle(t("title"));
  return (
    <div className={css.page}>
      <Wall className={css.wall} />
      <main id="main" className={css.door}>
        <Star size={56} />
        <h1>{t("title")}</h1>
        {account ? <Stranger name={account.name} /> : <SignIn />}
        <Link to="/">{t("frame.toShop")}</Link>
      </main>
    </div>
  );
}

function Stranger({ name }: { name: string }) {
  const { t } = useTranslation("admin");
  return (
    <>
      <p>{t("door.stranger", { name })}</p>
      <Button onClick={() => void signOut()}>{t("door.other")}</Button>
    </>
  );
}

function SignIn() {
  const { t } = useTranslation("admin");
  const say = useErrorText();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setPending(true);
    setError(undefined);
    try {
      await signIn(String(form.get("email")), String(form.get("password")));
    } catch (problem) {
      setError(isProblem(problem) && problem.status === 401 ? t("door.wrong") : say(problem));
      setPending(false);
    }
  };
  return (
    <form className={css.form} onSubmit={(event) => void submit(event)}>
      <p>{t("door.text")}</p>
      {error !== undefined && (
        <Notice tone="care" live>
          <p>{error}</p>
        </Notice>
      )}
      <Field label={t("door.email")} name="email" type="email" autoComplete="username" required />
      <Field label={t("door.password")} name="password" type="password" autoComplete="current-password" required />
      <Button look="primary" type="submit" pending={pending} wide>
        {t("door.enter")}
      </Button>
    </form>
  );
}
