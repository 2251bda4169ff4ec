import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { Columns, Page } from "../ui/Page";
import { Choice } from "./Choice";
import { Funnel } from "./Funnel";
import { KeyFigures } from "./KeyFigures";
import { LowStock } from "./LowStock";
import { PaymentsCard } from "./PaymentsCard";
import { PERIODS } from "./period";
import { summaryQuery } from "./reports";
import { SalesCard } from "./SalesCard";
import { TopProducts } from "./TopProducts";

/** What a merchant looks at first: what came in, where shoppers were lost, what sells, what runs out. */
export default function DashboardPage() {
  const { t } = useTranslation("admin");
  const [params, setParams] = useSearchParams();
  const period = PERIODS.find((one) => one === params.get("period")) ?? "month";
  const summary = useQuery(summaryQuery(period));
  const currencies = summary.data?.revenue.map((revenue) => revenue.net.currency) ?? [];
  const currency = currencies.find((one) => one === params.get("currency")) ?? currencies[0];
  const choose = (changes: Record<string, string>) =>
    setParams((before) => ({ ...Object.fromEntries(before), ...changes }), { replace: true });
  return (
    <Page
      title={t("nav.dashboard")}
      lead={t("dashboard.utc")}
      actions={
        <>
          {currencies.length > 1 && (
            <Choice
              label={t("dashboard.currency")}
              options={currencies.map((code) => [code, code] as const)}
              value={currency}
              onChoose={(code) => choose({ currency: code })}
            />
          )}
          <Choice
            label={t("dashboard.period")}
            options={PERIODS.map((one) => [one, t(`dashboard.periods.${one}`)] as const)}
            value={period}
            onChoose={(one) => choose({ period: one })}
          />
        </>
      }
    >
      <KeyFigures period={period} summary={summary} currency={currency} />
      <SalesCard period={period} currency={currency} />
      <Columns even>
        <Funnel period={period} />
        <TopProducts period={period} />
        <PaymentsCard period={period} />
        <LowStock />
      </Columns>
    </Page>
  );
}
