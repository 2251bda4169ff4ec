import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask } from "@/api/client";
import { Field } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import { Ask } from "../ui/Ask";
import type { Promotion } from "./benefit";
import { Limits, readLimits } from "./Limits";
import css from "./Promotions.module.css";

export function ChangePromotion({ promotion, onClose }: { promotion: Promotion; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const client = useQueryClient();
  const act = async (form: FormData) => {
    const body = { label: String(form.get("label")).trim(), ...readLimits(form) };
    await ask(api.PATCH("/api/orders/promotions/{code}", { params: { path: { code: promotion.code } }, body }));
    await client.invalidateQueries({ queryKey: ["admin", "promotions"] });
    toast(t("promotions.saved"));
  };
  return (
    <Ask title={promotion.code} act={t("common.save")} onAct={act} onClose={onClose}>
      <p className={css.quiet}>{t("promotions.changeText")}</p>
      <Field
        label={t("promotions.label")}
        hint={t("promotions.labelHint")}
        name="label"
        defaultValue={promotion.label}
        maxLength={120}
        required
      />
      <Limits promotion={promotion} />
    </Ask>
  );
}
