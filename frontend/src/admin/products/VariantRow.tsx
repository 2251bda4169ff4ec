import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { IconButton } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Icon } from "@/ui/Icon";
import { parseAmount } from "../ui/amount";
import type { Draft } from "./draft";
import css from "./Products.module.css";

interface Props {
  index: number;
  /** How many options the product has. */
  options: number;
  onRemove: (() => void) | undefined;
}

export function VariantRow({ index, options, onRemove }: Props) {
  const { t } = useTranslation("admin");
  const { register, getValues, watch, formState } = useFormContext<Draft>();
  const errors = formState.errors.variants?.[index];
  const saved = formState.defaultValues?.variants?.[index]?.sku;
  const currency = watch("currency");
  const amount = (text: string) =>
    text.trim() === "" || parseAmount(text, getValues("currency")) !== undefined || t("common.noAmount");
  const at = `variants.${index}` as const;
  return (
    <li>
      <fieldset className={css.variant}>
        <legend className={css.legend}>
          <span>{t("products.variant", { number: index + 1 })}</span>
          {saved && <Link to={`/admin/stock/sku/${encodeURIComponent(saved)}`}>{t("products.itsStock")}</Link>}
        </legend>
        {Array.from({ length: options }, (_, option) => (
          <Field
            key={option}
            label={watch(`options.${option}.name`) || t("products.option", { number: option + 1 })}
            maxLength={100}
            error={errors?.options?.[option]?.message}
            {...register(`${at}.options.${option}`, { required: t("common.needed") })}
          />
        ))}
        <Field
          label={t("products.sku")}
          maxLength={64}
          error={errors?.sku?.message}
          {...register(`${at}.sku`, {
            required: t("common.needed"),
            pattern: { value: /^[A-Za-z0-9._-]+$/, message: t("products.skuWrong") },
          })}
        />
        <Field
          label={t("products.price", { currency })}
          inputMode="decimal"
          error={errors?.price?.message}
          {...register(`${at}.price`, { required: t("common.needed"), validate: amount })}
        />
        <Field
          label={t("products.compareAt", { currency })}
          optional={t("common.optional")}
          inputMode="decimal"
          error={errors?.compare_at?.message}
          {...register(`${at}.compare_at`, { validate: amount })}
        />
        <Field
          label={t("products.grams")}
          type="number"
          min={0}
          max={1_000_000}
          error={errors?.grams?.message}
          {...register(`${at}.grams`, {
            min: { value: 0, message: t("products.gramsWrong") },
            max: { value: 1_000_000, message: t("products.gramsWrong") },
          })}
        />
        <Field
          label={t("products.barcode")}
          optional={t("common.optional")}
          maxLength={64}
          {...register(`${at}.barcode`)}
        />
        {onRemove && (
          <IconButton
            label={t("products.removeVariant", { number: index + 1 })}
            className={css.removeVariant}
            onClick={onRemove}
          >
            <Icon name="trash" />
          </IconButton>
        )}
      </fieldset>
    </li>
  );
}
