// Two people changed one product. Nothing is lost and nobody is overwritten unseen: what the other one changed is shown,
// and one's own changes can be put on top of it.
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { Button } from "@/ui/Button";
import { Ask } from "../ui/Ask";
import { changes, toDraft, type Patch, type Product } from "./draft";
import css from "./Products.module.css";

interface Props {
  base: Product;
  theirs: Product;
  patch: Patch;
  onMerge: () => Promise<void>;
  onTakeTheirs: () => Promise<void>;
  onClose: () => void;
}

export function Conflict({ base, theirs, patch, onMerge, onTakeTheirs, onClose }: Props) {
  const { t } = useTranslation("admin");
  const { dateTime, list } = useFormat();
  const name = (field: string) => t(`products.fields.${field as "title"}`);
  const others = Object.keys(changes(toDraft(base), toDraft(theirs)));
  const both = others.filter((field) => field in patch);
  return (
    <Ask title={t("products.conflictTitle")} act={t("products.conflictMerge")} onAct={onMerge} onClose={onClose}>
      <p>{t("products.conflictText", { when: dateTime(theirs.updated_at) })}</p>
      <dl className={css.conflict}>
        <dt>{t("products.conflictTheirs")}</dt>
        <dd>{others.length > 0 ? list(others.map(name)) : t("products.conflictNothing")}</dd>
        <dt>{t("products.conflictYours")}</dt>
        <dd>{list(Object.keys(patch).map(name))}</dd>
      </dl>
      {both.length > 0 && <p>{t("products.conflictBoth", { fields: list(both.map(name)) })}</p>}
      <p>
        <Button look="quiet" onClick={() => void onTakeTheirs().then(onClose)}>
          {t("products.conflictDrop")}
        </Button>
      </p>
    </Ask>
  );
}
