import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, ask, type Schema } from "@/api/client";
import { isProblem } from "@/api/problem";
import { Button } from "@/ui/Button";
import { Checkbox, Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { Card, Page } from "../ui/Page";
import { useErrorText } from "../ui/useErrorText";
import { ImportReport, type RowError } from "./ImportReport";
import css from "./Products.module.css";

type Outcome = Schema["catalog"]["ImportOutcome"];
const MOST_BYTES = 2 * 1024 * 1024;

/** Products from a CSV: all of it or, when rows are wrong, none, unless one wants the good ones. */
export default function ImportPage() {
  const { t } = useTranslation("admin");
  const say = useErrorText();
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [tooLarge, setTooLarge] = useState(false);
  const [none, setNone] = useState(false);
  const importing = useMutation({
    mutationFn: async ({ file, partial, currency }: { file: File; partial: boolean; currency: string }) => {
      const body = await file.text();
      return ask<Outcome>(
        api.POST("/api/catalog/import", {
          params: { query: { partial, currency } },
          body: body as never,
          bodySerializer: (text) => text as string,
          headers: { "content-type": "text/csv" },
        }),
      );
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["admin", "products"] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const file = input.current?.files?.[0];
    setNone(!file);
    setTooLarge((file?.size ?? 0) > MOST_BYTES);
    importing.reset();
    if (!file || file.size > MOST_BYTES) return input.current?.focus();
    importing.mutate({ file, partial: form.has("partial"), currency: String(form.get("currency")) });
  };
  const refused = isProblem(importing.error, "invalid-rows") ? importing.error : undefined;
  return (
    <Page
      title={t("products.importTitle")}
      lead={t("products.importText")}
      back={{ to: "/admin/products", words: t("nav.products") }}
    >
      <Card>
        <form className={css.import} onSubmit={submit}>
          <Field
            ref={input}
            label={t("products.importFile")}
            hint={t("products.importHint")}
            type="file"
            accept=".csv,text/csv"
            error={tooLarge ? t("products.importTooLarge") : none ? t("products.importNoFile") : undefined}
          />
          <Field
            label={t("products.importCurrency")}
            hint={t("products.importCurrencyHint")}
            name="currency"
            defaultValue="EUR"
            pattern="[A-Z]{3}"
            maxLength={3}
            required
          />
          <Checkbox label={t("products.importPartial")} hint={t("products.importPartialHint")} name="partial" />
          <p>
            <Button type="submit" look="primary" pending={importing.isPending}>
              {t("products.importNow")}
            </Button>
          </p>
        </form>
      </Card>
      {importing.isError && !refused && (
        <Notice tone="care" live>
          <p>{say(importing.error)}</p>
        </Notice>
      )}
      {refused && <ImportReport errors={refused.more.errors as RowError[]} />}
      {importing.data && <ImportReport outcome={importing.data} errors={importing.data.errors} />}
    </Page>
  );
}
