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

/** At how many pieces a SKU counts as low. */
export function ThresholdForm({ stock }: { stock: Schema["inventory"]["StockByLocation"] }) {
  const { t } = useTranslation("admin");
  const say = useErrorText();
  const { setThreshold } = useStockActions(stock.sku);
  const change = useMutation({
    mutationFn: setThreshold,
    onSuccess: () => toast(t("stock.thresholdDone")),
    onError: (error) => toast(say(error), "care"),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    change.mutate(Number(new FormData(event.currentTarget).get("threshold")));
  };
  return (
    <Card title={t("stock.threshold")}>
      <form className={css.threshold} onSubmit={submit}>
        <Field
          label={t("stock.thresholdLabel")}
          hint={t("stock.thresholdHint")}
          name="threshold"
          type="number"
          min={0}
          max={1_000_000}
          defaultValue={stock.threshold}
          required
        />
        <p className={css.buttons}>
          <Button type="submit" pending={change.isPending}>
            {t("common.save")}
          </Button>
          <Button look="quiet" onClick={() => change.mutate(null)}>
            {t("stock.thresholdDefault")}
          </Button>
        </p>
      </form>
    </Card>
  );
}
