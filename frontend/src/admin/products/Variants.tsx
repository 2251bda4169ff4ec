import { useFieldArray, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Icon } from "@/ui/Icon";
import { Card } from "../ui/Page";
import { emptyVariant, type Draft } from "./draft";
import css from "./Products.module.css";
import { VariantRow } from "./VariantRow";

const MOST_OPTIONS = 3;
const MOST_VARIANTS = 100;

/** What can be bought: one variant, or several that differ in up to three options. */
export function Variants() {
  const { t } = useTranslation("admin");
  const { register, control, getValues, setValue, formState } = useFormContext<Draft>();
  const options = useFieldArray({ control, name: "options" });
  const variants = useFieldArray({ control, name: "variants" });
  const dropOption = (index: number) => {
    options.remove(index);
    // What stood for the option goes with it, in every variant.
    getValues("variants").forEach((variant, place) =>
      setValue(
        `variants.${place}.options`,
        variant.options.filter((_, other) => other !== index),
        { shouldDirty: true },
      ),
    );
  };
  return (
    <Card
      title={t("products.variants")}
      actions={
        <span className={css.rowButtons}>
          {options.fields.length < MOST_OPTIONS && (
            <Button size="s" onClick={() => options.append({ name: "" })}>
              {t("products.addOption")}
            </Button>
          )}
          {variants.fields.length < MOST_VARIANTS && (
            <Button size="s" onClick={() => variants.append(emptyVariant(options.fields.length))}>
              {t("products.addVariant")}
            </Button>
          )}
        </span>
      }
    >
      {options.fields.length > 0 && (
        <ul className={css.options}>
          {options.fields.map((field, index) => (
            <li key={field.id}>
              <Field
                label={t("products.option", { number: index + 1 })}
                maxLength={40}
                error={formState.errors.options?.[index]?.name?.message}
                {...register(`options.${index}.name`, { required: t("common.needed") })}
              />
              <IconButton label={t("products.removeOption", { number: index + 1 })} onClick={() => dropOption(index)}>
                <Icon name="trash" />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <ol className={css.variants}>
        {variants.fields.map((field, index) => (
          <VariantRow
            key={field.id}
            index={index}
            options={options.fields.length}
            onRemove={variants.fields.length > 1 ? () => variants.remove(index) : undefined}
          />
        ))}
      </ol>
    </Card>
  );
}
