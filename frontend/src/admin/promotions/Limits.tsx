import { useTranslation } from "react-i18next";
import { Checkbox, Field } from "@/ui/Field";
import { fromLocal, toLocal, type Promotion } from "./benefit";
import css from "./Promotions.module.css";

/** What can be changed at any time: when a code can be used, and how often. */
export function Limits({ promotion }: { promotion?: Promotion }) {
  const { t } = useTranslation("admin");
  const optional = t("common.optional");
  return (
    <>
      <div className={css.pair}>
        <Field
          label={t("promotions.validFrom")}
          optional={optional}
          name="valid_from"
          type="datetime-local"
          defaultValue={toLocal(promotion?.valid_from)}
        />
        <Field
          label={t("promotions.validUntil")}
          optional={optional}
          name="valid_until"
          type="datetime-local"
          defaultValue={toLocal(promotion?.valid_until)}
        />
        <Field
          label={t("promotions.maxUses")}
          optional={optional}
          name="max_uses"
          type="number"
          min={1}
          max={1_000_000}
          defaultValue={promotion?.max_uses ?? ""}
        />
        <Field
          label={t("promotions.maxPerShopper")}
          optional={optional}
          name="max_uses_per_shopper"
          type="number"
          min={1}
          max={100}
          defaultValue={promotion?.max_uses_per_shopper ?? ""}
        />
      </div>
      <Checkbox
        label={t("promotions.active")}
        hint={t("promotions.activeHint")}
        name="active"
        defaultChecked={promotion?.active ?? true}
      />
    </>
  );
}

export function readLimits(form: FormData) {
  const count = (name: string) => Number(form.get(name)) || null;
  return {
    active: form.has("active"),
    max_uses: count("max_uses"),
    max_uses_per_shopper: count("max_uses_per_shopper"),
    valid_from: fromLocal(String(form.get("valid_from") ?? "")),
    valid_until: fromLocal(String(form.get("valid_until") ?? "")),
  };
}
