import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { Skeleton } from "@/ui/Skeleton";
import { Failed } from "../ui/Failed";
import { Card } from "../ui/Page";
import { useCode } from "../ui/useCode";
import css from "./Dashboard.module.css";
import type { Period } from "./period";
import { funnelQuery } from "./reports";

/** From cart to doorstep, and where shoppers were lost. */
export function Funnel({ period }: { period: Period }) {
  const { t } = useTranslation("admin");
  const { number, percent } = useFormat();
  const say = useCode();
  const funnel = useQuery(funnelQuery(period));
  const stages = funnel.data?.stages;
  const most = Math.max(1, ...(stages ?? []).map((stage) => stage.count));
  return (
    <Card title={t("dashboard.funnel")}>
      {funnel.isError && !stages && <Failed query={funnel} />}
      {!stages && !funnel.isError && <Skeleton height="15rem" />}
      {stages && (
        <ol className={css.funnel}>
          {stages.map((stage) => (
            <li key={stage.stage}>
              <span>{t(`dashboard.stages.${stage.stage as "cart"}`)}</span>
              <span className={css.track}>
                <span className={css.fill} style={{ width: `${(100 * stage.count) / most}%` }} />
              </span>
              <span className={css.count}>{number(stage.count)}</span>
              <span className={css.share}>{stage.of_first == null ? "" : percent(stage.of_first)}</span>
            </li>
          ))}
        </ol>
      )}
      {funnel.data && funnel.data.losses.length > 0 && (
        <>
          <h3 className={css.small}>{t("dashboard.losses")}</h3>
          <ul className={css.losses}>
            {funnel.data.losses.map((loss) => (
              <li key={`${loss.outcome} ${loss.reason}`}>
                <span>
                  {say(loss.outcome)}
                  {loss.reason && `: ${say(loss.reason).toLowerCase()}`}
                </span>
                <span className={css.count}>{number(loss.count)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}
