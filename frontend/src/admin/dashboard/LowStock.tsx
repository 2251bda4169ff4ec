import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useFormat } from "@/i18n/format";
import { Skeleton } from "@/ui/Skeleton";
import { lowStockQuery } from "../data";
import { SkuName } from "../stock/SkuName";
import { Badge } from "../ui/Badge";
import { Failed } from "../ui/Failed";
import { Card } from "../ui/Page";
import css from "./Dashboard.module.css";

/** What runs out. */
export function LowStock() {
  const { t } = useTranslation("admin");
  const { number } = useFormat();
  const low = useQuery({ ...lowStockQuery(undefined, undefined, 8), refetchInterval: 60_000 });
  return (
    <Card title={t("dashboard.low")} actions={<Link to="/admin/stock">{t("dashboard.allStock")}</Link>}>
      {low.isError && !low.data && <Failed query={low} />}
      {!low.data && !low.isError && <Skeleton height="9rem" />}
      {low.data?.items.length === 0 && <p className={css.quiet}>{t("dashboard.noneLow")}</p>}
      <ul className={css.losses}>
        {low.data?.items.map((item) => (
          <li key={item.sku}>
            <SkuName item={item} />
            <Badge tone={item.available === 0 ? "care" : "wait"}>
              {item.available === 0 ? t("stock.out") : t("stock.left", { number: number(item.available) })}
            </Badge>
          </li>
        ))}
      </ul>
    </Card>
  );
}
