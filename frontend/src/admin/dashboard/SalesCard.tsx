import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { currentTag, useFormat } from "@/i18n/format";
import { Skeleton } from "@/ui/Skeleton";
import { cell } from "@/ui/Table";
import { CardTable } from "../ui/CardTable";
import { Failed } from "../ui/Failed";
import { Card } from "../ui/Page";
import { Choice } from "./Choice";
import css from "./Dashboard.module.css";
import { range, type Period } from "./period";
import { salesQuery } from "./reports";

/** The library of charts is larger than all else here, so it comes when it is needed. */
const SalesChart = lazy(() => import("./SalesChart"));

export interface Point {
  label: string;
  net: number;
  orders: number;
  units: number;
}

/** Sales over time: a chart, and the same as a table. */
export function SalesCard({ period, currency }: { period: Period; currency: string | undefined }) {
  const { t } = useTranslation("admin");
  const { money, number } = useFormat();
  const [shown, setShown] = useState<"chart" | "table">("chart");
  const sales = useQuery(salesQuery(period));
  const day = dayFormat(range(period, new Date()).by);
  const points: Point[] | undefined = sales.data?.items.map((item) => ({
    label: day.format(new Date(item.start)),
    net: item.revenue.find((one) => one.net.currency === currency)?.net.amount_minor ?? 0,
    orders: item.orders_confirmed,
    units: item.units,
  }));
  const amount = (net: number) => money({ amount_minor: net, currency: currency ?? "EUR" });
  return (
    <Card
      title={t("dashboard.sales")}
      actions={
        <Choice
          label={t("dashboard.shownAs")}
          options={[
            ["chart", t("dashboard.asChart")],
            ["table", t("dashboard.asTable")],
          ]}
          value={shown}
          onChoose={setShown}
        />
      }
    >
      {sales.isError && !points && <Failed query={sales} />}
      <div className={css.chart}>
        {!points && !sales.isError && <Skeleton height="100%" />}
        {points && shown === "chart" && (
          <Suspense fallback={<Skeleton height="100%" />}>
            <SalesChart points={points} amount={amount} currency={currency ?? "EUR"} />
          </Suspense>
        )}
        {points && shown === "table" && (
          <div className={css.scrollTable}>
            <CardTable caption={t("dashboard.sales")}>
              <thead>
                <tr>
                  <th scope="col">{t("dashboard.when")}</th>
                  <th scope="col" className={cell.number}>
                    {t("dashboard.revenue")}
                  </th>
                  <th scope="col" className={cell.number}>
                    {t("dashboard.orders")}
                  </th>
                  <th scope="col" className={cell.number}>
                    {t("dashboard.units")}
                  </th>
                </tr>
              </thead>
              <tbody>
                {points.map((point) => (
                  <tr key={point.label}>
                    <th scope="row">{point.label}</th>
                    <td className={cell.number}>{amount(point.net)}</td>
                    <td className={cell.number}>{number(point.orders)}</td>
                    <td className={cell.number}>{number(point.units)}</td>
                  </tr>
                ))}
              </tbody>
            </CardTable>
          </div>
        )}
      </div>
    </Card>
  );
}

function dayFormat(by: "hour" | "day" | "month"): Intl.DateTimeFormat {
  const tag = currentTag();
  const parts: Intl.DateTimeFormatOptions =
    by === "hour"
      ? { hour: "2-digit", minute: "2-digit" }
      : by === "day"
        ? { day: "numeric", month: "short" }
        : { month: "short", year: "numeric" };
  return new Intl.DateTimeFormat(tag, { ...parts, timeZone: "UTC" });
}
