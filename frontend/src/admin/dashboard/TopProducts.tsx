import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useFormat } from "@/i18n/format";
import { Skeleton } from "@/ui/Skeleton";
import { cell } from "@/ui/Table";
import { CardTable } from "../ui/CardTable";
import { Failed } from "../ui/Failed";
import { Card } from "../ui/Page";
import { Choice } from "./Choice";
import css from "./Dashboard.module.css";
import type { Period } from "./period";
import { topProductsQuery } from "./reports";

export function TopProducts({ period }: { period: Period }) {
  const { t } = useTranslation("admin");
  const { money, number } = useFormat();
  const [sort, setSort] = useState<"revenue" | "units">("revenue");
  const top = useQuery(topProductsQuery(period, sort));
  return (
    <Card
      title={t("dashboard.top")}
      actions={
        <Choice
          label={t("common.sort")}
          options={[
            ["revenue", t("dashboard.byRevenue")],
            ["units", t("dashboard.byUnits")],
          ]}
          value={sort}
          onChoose={setSort}
        />
      }
    >
      {top.isError && !top.data && <Failed query={top} />}
      {!top.data && !top.isError && <Skeleton height="15rem" />}
      {top.data?.items.length === 0 && <p className={css.quiet}>{t("dashboard.noSales")}</p>}
      {top.data && top.data.items.length > 0 && (
        <CardTable caption={t("dashboard.top")}>
          <thead>
            <tr>
              <th scope="col">{t("common.product")}</th>
              <th scope="col" className={cell.number}>
                {t("dashboard.units")}
              </th>
              <th scope="col" className={cell.number}>
                {t("dashboard.revenue")}
              </th>
            </tr>
          </thead>
          <tbody>
            {top.data.items.map((product) => (
              <tr key={product.sku}>
                <td>
                  <Link to={`/admin/stock/sku/${encodeURIComponent(product.sku)}`}>{product.title || product.sku}</Link>
                </td>
                <td className={cell.number}>{number(product.units)}</td>
                <td className={cell.number}>{money(product.revenue)}</td>
              </tr>
            ))}
          </tbody>
        </CardTable>
      )}
    </Card>
  );
}
