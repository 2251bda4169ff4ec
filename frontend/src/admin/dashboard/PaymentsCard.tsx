import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { Skeleton } from "@/ui/Skeleton";
import { Failed } from "../ui/Failed";
import { Card } from "../ui/Page";
import { useCode } from "../ui/useCode";
import css from "./Dashboard.module.css";
import type { Period } from "./period";
import { paymentsQuery } from "./reports";

/** How payments end, and why cards are declined. */
export function PaymentsCard({ period }: { period: Period }) {
  const { t } = useTranslation("admin");
  const { number, percent } = useFormat();
  const say = useCode();
  const payments = useQuery(paymentsQuery(period));
  const total = payments.data?.total;
  const counts: [string, number][] = total
    ? [
        [t("dashboard.captured"), total.captured],
        [t("dashboard.declined"), total.declined],
        ...(payments.data?.declines ?? []).map((decline): [string, number] => [
          t("dashboard.because", { reason: say(decline.reason).toLowerCase() }),
          decline.payments,
        ]),
        [t("dashboard.unknown"), total.unknown],
        [t("dashboard.refunded"), total.refunded],
      ]
    : [];
  return (
    <Card title={t("dashboard.payments")}>
      {payments.isError && !total && <Failed query={payments} />}
      {!total && !payments.isError && <Skeleton height="9rem" />}
      {total && (
        <>
          <div className={css.rate}>
            <p className={css.rateValue}>{total.success_rate == null ? "–" : percent(total.success_rate)}</p>
            <p className={css.quiet}>{t("dashboard.successText")}</p>
            <span className={css.track}>
              <span className={css.fill} style={{ width: `${100 * (total.success_rate ?? 0)}%` }} />
            </span>
          </div>
          <ul className={css.losses}>
            {counts.map(([name, count]) => (
              <li key={name}>
                <span>{name}</span>
                <span className={css.count}>{number(count)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}
