import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "@/api/client";
import { Checkbox, Field, Select } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import { categoriesQuery } from "../data";
import { parseAmount } from "../ui/amount";
import { Ask, FieldRefused } from "../ui/Ask";
import { KINDS, readBenefit, type Kind } from "./benefit";
import { Limits, readLimits } from "./Limits";
import css from "./Promotions.module.css";

type Wrong = "percent" | "amount" | "min_subtotal";

export function NewPromotion({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("admin");
  const client = useQueryClient();
  const { data: categories = [] } = useQuery(categoriesQuery);
  const [kind, setKind] = useState<Kind>("percentage");
  const [wrong, setWrong] = useState<Wrong>();
  const refuse = (field: Wrong): never => {
    setWrong(field);
    throw new FieldRefused();
  };
  const act = async (form: FormData) => {
    setWrong(undefined);
    const benefit = readBenefit(kind, form);
    if ("wrong" in benefit) return refuse(benefit.wrong);
    const least = String(form.get("min_subtotal")).trim();
    const minSubtotal = least ? parseAmount(least, "EUR") : null;
    if (minSubtotal === undefined) return refuse("min_subtotal");
    const category = String(form.get("category"));
    const skus = String(form.get("skus"));
    await ask(
      api.POST("/api/orders/promotions", {
        body: {
          code: String(form.get("code")).trim().toUpperCase(),
          label: String(form.get("label")).trim(),
          benefit,
          combinable: form.has("combinable"),
          min_subtotal: minSubtotal,
          categories: category ? [category] : [],
          skus: skus.split(/[\s,]+/).filter(Boolean),
          ...readLimits(form),
        },
      }),
    );
    await client.invalidateQueries({ queryKey: ["admin", "promotions"] });
    toast(t("promotions.created"));
  };
  const said = (field: Wrong) =>
    wrong === field ? t(field === "percent" ? "promotions.noPercent" : "common.noAmount") : undefined;
  return (
    <Ask title={t("promotions.new")} act={t("promotions.create")} onAct={act} onClose={onClose}>
      <Field
        label={t("promotions.code")}
        hint={t("promotions.codeHint")}
        name="code"
        pattern="[A-Za-z0-9_\-]{1,40}"
        maxLength={40}
        autoCapitalize="characters"
        required
      />
      <Field label={t("promotions.label")} hint={t("promotions.labelHint")} name="label" maxLength={120} required />
      <Select label={t("promotions.gives")} value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
        {KINDS.map((one) => (
          <option key={one} value={one}>
            {t(`promotions.kinds.${one}`)}
          </option>
        ))}
      </Select>
      {kind === "percentage" && (
        <Field label={t("promotions.percent")} name="percent" inputMode="decimal" error={said("percent")} required />
      )}
      {kind === "fixed_amount" && (
        <Field label={t("promotions.amount")} name="amount" inputMode="decimal" error={said("amount")} required />
      )}
      {kind === "buy_x_get_y" && (
        <div className={css.pair}>
          <Field label={t("promotions.buy")} name="buy" type="number" min={1} max={100} defaultValue={2} required />
          <Field label={t("promotions.get")} name="get" type="number" min={1} max={100} defaultValue={1} required />
        </div>
      )}
      <Field
        label={t("promotions.minSubtotal")}
        optional={t("common.optional")}
        name="min_subtotal"
        inputMode="decimal"
        error={said("min_subtotal")}
      />
      <Select label={t("promotions.category")} name="category">
        <option value="">{t("promotions.anyCategory")}</option>
        {categories.map((category) => (
          <option key={category.slug} value={category.slug}>
            {category.title}
          </option>
        ))}
      </Select>
      <Field label={t("promotions.skus")} optional={t("common.optional")} hint={t("promotions.skusHint")} name="skus" />
      <Limits />
      <Checkbox label={t("promotions.combinable")} name="combinable" />
    </Ask>
  );
}
