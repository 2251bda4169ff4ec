import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { Skeleton } from "@/ui/Skeleton";
import { Failed } from "../ui/Failed";
import { Figure, Figures } from "../ui/Page";
import { Change } from "./Change";
import type { Period } from "./period";

type Summary = Schema["analytics"]["Summary"];

/** The reports compare these periods with the ones before them. */
const compared = { today: "today", week: "last_7_days", month: "last_30_days" } as const;

interface Props {
  period: Period;
  summary: UseQueryResult<Summary>;
  currency: string | undefined;
}

export function KeyFigures({ period, summary, currency }: Props) {
  const { t } = useTranslation("admin");
  const format = useFormat();
  const { data } = summary;
  if (summary.isError && !data) return <Failed query={summary} />;
  const comparison = period === "year" ? undefined : data?.[compared[period]];
  const figures = comparison?.current ?? data;
  const change = comparison?.change;
  const revenue = figures?.revenue.find((one) => one.net.currency === currency);
  const grown = change?.revenue.find((one) => one.currency === currency)?.net;
  const wait = <Skeleton width="5rem" height="1.75rem" />;
  const value = (ready: string | undefined) => (data ? (ready ?? "–") : wait);
  return (
    <Figures>
      <Figure
        name={t("dashboard.revenue")}
        value={value(revenue && format.money(revenue.net))}
        note={<Change by={grown} />}
      />
      <Figure
        name={t("dashboard.orders")}
        value={value(figures && format.number(figures.orders.confirmed))}
        note={<Change by={change?.orders_confirmed} />}
      />
      <Figure
        name={t("dashboard.average")}
        value={value(revenue?.average_order ? format.money(revenue.average_order) : undefined)}
      />
      <Figure
        name={t("dashboard.units")}
        value={value(figures && format.number(figures.units_sold))}
        note={<Change by={change?.units_sold} />}
      />
      <Figure
        name={t("dashboard.success")}
        value={value(figures?.payment_success_rate == null ? undefined : format.percent(figures.payment_success_rate))}
      />
      <Figure
        name={t("dashboard.signUps")}
        value={value(figures && format.number(figures.sign_ups))}
        note={<Change by={change?.sign_ups} />}
      />
    </Figures>
  );
}
