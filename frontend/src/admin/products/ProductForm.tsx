// The form of a product: what it is, its pictures, and its variants.
import { useState } from "react";
import { FormProvider, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { useQuery } from "@tanstack/react-query";
import { Button } from "@/ui/Button";
import { Field, Select, TextArea } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { RefusedFields } from "@/ui/RefusedFields";
import { categoriesQuery } from "../data";
import { Card, Columns, Stack } from "../ui/Page";
import { useErrorText } from "../ui/useErrorText";
import { handleOf, type Draft } from "./draft";
import { Pictures } from "./Pictures";
import css from "./Products.module.css";
import { StayOrLeave } from "./StayOrLeave";
import { Variants } from "./Variants";

interface Props {
  draft: Draft;
  isNew?: boolean;
  /** Saves it; what it throws is said in the form. */
  onSave: (draft: Draft) => Promise<void>;
}

export function ProductForm({ draft, isNew, onSave }: Props) {
  const { t } = useTranslation("admin");
  const say = useErrorText();
  const { data: categories = [] } = useQuery(categoriesQuery);
  const form = useForm<Draft>({ defaultValues: draft });
  const { register, handleSubmit, formState, setValue, setError, clearErrors } = form;
  const { errors, isSubmitting, isDirty, dirtyFields } = formState;
  const submit = handleSubmit(async (values) => {
    try {
      await onSave(values);
    } catch (error) {
      setError("root", { message: say(error) });
      setRefused(error);
    }
  });
  const [refused, setRefused] = useState<unknown>();
  const needed = { required: t("common.needed") };
  return (
    <FormProvider {...form}>
      <form
        className={css.form}
        noValidate
        onSubmit={(event) => {
          clearErrors("root");
          void submit(event);
        }}
      >
        {errors.root && (
          <Notice tone="care" title={errors.root.message} live>
            <RefusedFields error={refused} />
          </Notice>
        )}
        <Columns>
          <Stack>
            <Card title={t("products.basics")}>
              <Field
                label={t("products.title")}
                maxLength={200}
                error={errors.title?.message}
                {...register("title", {
                  ...needed,
                  onChange: (event: { target: { value: string } }) => {
                    if (isNew && !dirtyFields.handle) setValue("handle", handleOf(event.target.value));
                  },
                })}
              />
              <Field
                label={t("products.handle")}
                hint={t(isNew ? "products.handleHint" : "products.handleFixed")}
                readOnly={!isNew}
                maxLength={128}
                error={errors.handle?.message}
                {...register("handle", {
                  ...needed,
                  pattern: { value: /^[a-z0-9]+([_-][a-z0-9]+)*$/, message: t("products.handleWrong") },
                })}
              />
              <TextArea
                label={t("products.description")}
                hint={t("products.descriptionHint")}
                rows={7}
                maxLength={50_000}
                {...register("description_html")}
              />
            </Card>
            <Pictures />
            <Variants />
          </Stack>
          <Stack>
            <Card title={t("products.place")}>
              <Select label={t("common.status")} hint={t("products.statusHint")} {...register("status")}>
                {(["active", "draft", "archived"] as const).map((status) => (
                  <option key={status} value={status}>
                    {t(`products.statuses.${status}`)}
                  </option>
                ))}
              </Select>
              <Field
                label={t("products.category")}
                hint={t("products.categoryHint")}
                list="categories"
                maxLength={700}
                {...register("category")}
              />
              <datalist id="categories">
                {categories.map((category) => (
                  <option key={category.slug} value={category.slug}>
                    {category.title}
                  </option>
                ))}
              </datalist>
              <Field label={t("products.vendor")} maxLength={100} {...register("vendor")} />
              <Field label={t("products.type")} maxLength={100} {...register("product_type")} />
              <Field label={t("products.tags")} hint={t("products.tagsHint")} {...register("tags")} />
            </Card>
          </Stack>
        </Columns>
        <StayOrLeave when={isDirty && !isSubmitting} />
        <p className={css.save}>
          <span className={css.quiet} role="status">
            {isDirty && t("products.unsaved")}
          </span>
          <Button type="submit" look="primary" pending={isSubmitting}>
            {t(isNew ? "products.create" : "common.save")}
          </Button>
        </p>
      </form>
    </FormProvider>
  );
}
