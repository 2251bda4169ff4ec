import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { Button } from "@/ui/Button";
import { Checkbox } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import { Card } from "../ui/Page";
import { useErrorText } from "../ui/useErrorText";
import css from "./Customers.module.css";

type Role = Schema["users"]["Role"];
const STAFF_ROLES = ["support", "merchant", "admin"] as const;

interface Props {
  account: Schema["users"]["StaffAccount"];
  readOnly: boolean;
  /** Nobody takes their own role away. */
  isMe: boolean;
  onSave: (roles: Role[]) => Promise<void>;
}

/** What somebody may do here. */
export function RolesForm({ account, readOnly, isMe, onSave }: Props) {
  const { t } = useTranslation("admin");
  const say = useErrorText();
  const save = useMutation({
    mutationFn: onSave,
    onSuccess: () => toast(t("customers.rolesDone")),
    onError: (error) => toast(say(error), "care"),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const chosen = new FormData(event.currentTarget).getAll("role") as Role[];
    save.mutate(["customer", ...chosen]);
  };
  return (
    <Card title={t("customers.roles")}>
      <form onSubmit={submit} className={css.form}>
        <fieldset disabled={readOnly} className={css.roles}>
          <legend className="sr-only">{t("customers.roles")}</legend>
          {STAFF_ROLES.map((role) => (
            <Checkbox
              key={role}
              name="role"
              value={role}
              defaultChecked={account.roles.includes(role)}
              label={t(`roles.${role}`)}
              hint={t(`customers.roleTexts.${role}`)}
            />
          ))}
          {!readOnly && (
            <p>
              <Button type="submit" pending={save.isPending}>
                {t("common.save")}
              </Button>
            </p>
          )}
        </fieldset>
        <p className={css.quiet}>{t(isMe ? "customers.ownRoles" : "customers.rolesHint")}</p>
      </form>
    </Card>
  );
}
