import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import { Card } from "../ui/Page";
import { useErrorText } from "../ui/useErrorText";
import css from "./Stock.module.css";
import { useStockActions } from "./useStockActions";

/** When more is expected, as the product's page tells shoppers while there is none. */
export function ExpectedForm({ stock }: { stock: Schema["inventory"]["StockByLocation"] }) {
  const { t } = useTranslation("admin");
  const say = useErrorText();
  const { expect } = useStockActions(stock.sku);
  const change = useMutation({
    mutationFn: expect,
    onSuccess: () => toast(t("stock.expectedDone")),
    onError: (error) => toast(say(error), "care"),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    change.mutate(String(new FormData(event.currentTarget).get("on")));
  };
  return (
    <Card title={t("stock.expected")}>
      <form className={css.threshold} onSubmit={submit}>
        <Field
          label={t("stock.expectedLabel")}
          hint={t("stock.expectedHint")}
          name="on"
          type="date"
          min={utcDay(0)}
          max={utcDay(2)}
          defaultValue={stock.expected_on ?? ""}
          required
        />
        <p className={css.buttons}>
          <Button type="submit" pending={change.isPending}>
            {t("stock.expectedSet")}
          </Button>
          {stock.expected_on && (
            <Button look="quiet" onClick={() => change.mutate(null)}>
              {t("stock.expectedNever")}
            </Button>
          )}
        </p>
      </form>
    </Card>
  );
}

/** The day so many years ahead, by UTC, as the service counts. */
function utcDay(years: number): string {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear() + years, now.getUTCMonth(), now.getUTCDate()))
    .toISOString()
    .slice(0, 10);
}
