// Asks before something is done: what will happen, in words, and a button that says it.
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/Button";
import Dialog from "@/ui/Dialog";
import { Notice } from "@/ui/Notice";
import { RefusedFields } from "@/ui/RefusedFields";
import css from "./Ask.module.css";
import { useErrorText } from "./useErrorText";

/** Thrown by `onAct` when a field of the form says already what is wrong. */
export class FieldRefused extends Error {}

interface Props {
  title: string;
  children?: ReactNode;
  /** What the button says. */
  act: string;
  danger?: boolean;
  /** Does it, with what was filled in. What it throws is said in the window. */
  onAct: (form: FormData) => Promise<unknown>;
  onClose: () => void;
}

export function Ask({ title, children, act, danger, onAct, onClose }: Props) {
  const { t } = useTranslation("admin");
  const say = useErrorText();
  const action = useMutation({ mutationFn: onAct, onSuccess: onClose });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!action.isPending) action.mutate(new FormData(event.currentTarget));
  };
  return (
    <Dialog open onClose={onClose} title={title}>
      <form className={css.form} onSubmit={submit}>
        {children}
        {action.isError && !(action.error instanceof FieldRefused) && (
          <Notice tone="care" live>
            <p>{say(action.error)}</p>
            <RefusedFields error={action.error} />
          </Notice>
        )}
        <p className={css.ways}>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look={danger ? "danger" : "primary"} pending={action.isPending}>
            {act}
          </Button>
        </p>
      </form>
    </Dialog>
  );
}

/** A button that asks first. */
export function AskButton({
  label,
  look,
  size,
  ask,
}: {
  label: string;
  look?: "primary" | "secondary" | "quiet" | "danger";
  size?: "s" | "m";
  ask: (close: () => void) => ReactNode;
}) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look={look ?? "secondary"} size={size ?? "m"} onClick={() => setOpen(true)}>
        {label}
      </Button>
      {open && ask(() => setOpen(false))}
    </>
  );
}
