import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { classes } from "@/ui/classes";
import css from "./StockLine.module.css";

type Stock = Schema["inventory"]["Availability"];

const FEW = 5;

/** Whether it can be bought: by the stock itself, and by the catalogue until that is known. */
export function StockLine({
  stock,
  fallback,
  loaded,
}: {
  stock: Stock | undefined;
  fallback: boolean;
  loaded: boolean;
}) {
  const { t } = useTranslation("shop");
  const { day } = useFormat();
  const left = stock?.available;
  const there = loaded ? (left ?? 0) > 0 : fallback;
  const few = there && left !== undefined && left <= FEW;
  const back = loaded && !there ? stock?.expected_on : undefined;
  return (
    <p className={classes(css.stock, !there && css.none, few && css.few)} role="status">
      {back
        ? t("product.back", { day: day(back) })
        : !there
          ? t("product.soldOutLong")
          : few
            ? t("product.left", { count: left })
            : t("product.there")}
    </p>
  );
}
