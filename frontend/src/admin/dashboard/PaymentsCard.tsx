import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { Skeleton } from "@/ui/Skeleton";
import { Failed } from "../ui/Failed";
import { Card, Facts } from "../ui/Page";
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
          <Facts
            of={[
              [t("dashboard.captured"), number(total.captured)],
              [t("dashboard.declined"), number(total.declined)],
              [t("dashboard.unknown"), number(total.unknown)],
              [t("dashboard.refunded"), number(total.refunded)],
              ...(payments.data?.declines ?? []).map((decline): [string, string] => [
                t("dashboard.because", { reason: say(decline.reason) }),
                number(decline.payments),
              ]),
            ]}
          />
        </>
      )}
    </Card>
  );
}
