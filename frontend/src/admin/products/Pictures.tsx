import { useFieldArray, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Icon } from "@/ui/Icon";
import { Card } from "../ui/Page";
import type { Draft } from "./draft";
import css from "./Products.module.css";

/** The pictures in order; the first stands for the product. */
export function Pictures() {
  const { t } = useTranslation("admin");
  const { register, control, watch, formState } = useFormContext<Draft>();
  const { fields, append, remove, move } = useFieldArray({ control, name: "media" });
  return (
    <Card
      title={t("products.pictures")}
      actions={
        <Button size="s" onClick={() => append({ url: "", alt: "" })}>
          {t("products.addPicture")}
        </Button>
      }
    >
      {fields.length === 0 && <p className={css.quiet}>{t("products.noPictures")}</p>}
      <ol className={css.pictures}>
        {fields.map((field, index) => (
          <li key={field.id} className={css.pictureRow}>
            <img src={watch(`media.${index}.url`) || undefined} alt="" className={css.preview} />
            <div className={css.pictureFields}>
              <Field
                label={t("products.pictureUrl", { number: index + 1 })}
                maxLength={2000}
                error={formState.errors.media?.[index]?.url?.message}
                {...register(`media.${index}.url`, {
                  required: t("common.needed"),
                  pattern: { value: /^(https?:\/\/|\/)/, message: t("products.pictureUrlWrong") },
                })}
              />
              <Field
                label={t("products.pictureAlt", { number: index + 1 })}
                maxLength={300}
                {...register(`media.${index}.alt`)}
              />
            </div>
            <div className={css.rowButtons}>
              <IconButton
                label={t("products.pictureUp", { number: index + 1 })}
                disabled={index === 0}
                onClick={() => move(index, index - 1)}
              >
                <span className={css.up}>
                  <Icon name="down" />
                </span>
              </IconButton>
              <IconButton label={t("products.pictureRemove", { number: index + 1 })} onClick={() => remove(index)}>
                <Icon name="trash" />
              </IconButton>
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}
