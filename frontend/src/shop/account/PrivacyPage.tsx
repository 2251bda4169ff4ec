import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, ask } from "@/api/client";
import { signOut } from "@/auth/session";
import { errorText } from "@/lib/errorText";
import { usePageTitle } from "@/lib/usePageTitle";
import { Button } from "@/ui/Button";
import Dialog from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { toast } from "@/ui/Toast";
import css from "./Account.module.css";

export function Component() {
  const { t } = useTranslation("shop");
  const [asking, setAsking] = useState(false);
  usePageTitle(t("account.nav.privacy"));
  const take = useMutation({
    mutationFn: async () => save(await ask(api.GET("/api/users/me/export")), "souk-account.json"),
    onError: (error) => toast(errorText(error, t), "care"),
  });
  return (
    <>
      <h1>{t("account.nav.privacy")}</h1>
      <section className={css.section} aria-labelledby="export">
        <h2 id="export">{t("account.export")}</h2>
        <p>{t("account.exportText")}</p>
        <Button pending={take.isPending} onClick={() => take.mutate()}>
          {t("account.exportDo")}
        </Button>
      </section>
      <section className={css.section} aria-labelledby="delete">
        <h2 id="delete">{t("account.delete")}</h2>
        <p>{t("account.deleteText")}</p>
        <Button look="danger" onClick={() => setAsking(true)}>
          {t("account.delete")}
        </Button>
      </section>
      {asking && <Farewell onClose={() => setAsking(false)} />}
    </>
  );
}

function Farewell({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("shop");
  const navigate = useNavigate();
  const [password, setPassword] = useState("");
  const leave = useMutation({
    mutationFn: async () => {
      await ask(api.DELETE("/api/users/me", { body: { password } }));
      await signOut();
    },
    onSuccess: () => {
      toast(t("account.deleted"));
      void navigate("/");
    },
  });
  return (
    <Dialog open role="alertdialog" onClose={onClose} title={t("account.deleteSure")}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (password) leave.mutate();
        }}
      >
        <p>{t("account.deleteText")}</p>
        <Field
          label={t("form.password")}
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {leave.isError && <Notice tone="care" title={errorText(leave.error, t)} live />}
        <div className={css.row}>
          <Button type="submit" look="danger" pending={leave.isPending}>
            {t("account.deleteDo")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Hands a file to the browser. */
function save(content: unknown, name: string): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
