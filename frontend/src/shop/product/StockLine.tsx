import { useTranslation } from "react-i18next";
import { classes } from "@/ui/classes";
import css from "./StockLine.module.css";

const FEW = 5;

/** Whether it can be bought: by the stock itself, and by the catalogue until that is known. */
export function StockLine({
  available,
  fallback,
  loaded,
}: {
  available: number | undefined;
  fallback: boolean;
  loaded: boolean;
}) {
  const { t } = useTranslation("shop");
  const there = loaded ? (available ?? 0) > 0 : fallback;
  const few = there && available !== undefined && available <= FEW;
  return (
    <p className={classes(css.stock, !there && css.none, few && css.few)} role="status">
      {!there ? t("product.soldOutLong") : few ? t("product.left", { count: available }) : t("product.there")}
    </p>
  );
}
