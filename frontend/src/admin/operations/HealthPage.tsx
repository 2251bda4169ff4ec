import { useQueries, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { Skeleton } from "@/ui/Skeleton";
import { cell } from "@/ui/Table";
import { streamsQuery } from "../data";
import { Badge, type Tone } from "../ui/Badge";
import { Failed } from "../ui/Failed";
import { CardTable } from "../ui/CardTable";
import { Card, Page } from "../ui/Page";
import { APIS, readyQuery, verdict } from "./health";
import css from "./Operations.module.css";

/** Whether every service answers, and whether events arrive. */
export default function HealthPage() {
  const { t } = useTranslation("admin");
  const ready = useQueries({ queries: APIS.map(({ api }) => readyQuery(api)) });
  const streams = useQuery(streamsQuery);
  return (
    <Page title={t("nav.health")} lead={t("health.lead")}>
      <Card title={t("health.services")}>
        <ul className={css.services}>
          {APIS.map(({ service }, index) => {
            const answer = ready[index]?.data;
            return (
              <li key={service}>
                <span>{t(`services.${service}`)}</span>
                {answer ? (
                  <Badge tone={answer.ready ? "true" : "care"}>
                    {answer.ready ? t("health.ready", { ms: answer.ms }) : t("health.away")}
                  </Badge>
                ) : (
                  <Skeleton width="6rem" />
                )}
              </li>
            );
          })}
        </ul>
      </Card>
      <Card title={t("health.streams")}>
        {streams.isError && !streams.data && <Failed query={streams} />}
        {streams.isPending && <Skeleton height="12rem" />}
        {streams.data && <Streams states={streams.data} />}
      </Card>
    </Page>
  );
}

const tones: Record<ReturnType<typeof verdict>, Tone> = { fine: "true", busy: "wait", stuck: "care" };

function Streams({ states }: { states: Schema["analytics"]["StreamState"][] }) {
  const { t } = useTranslation("admin");
  const { number } = useFormat();
  return (
    <CardTable caption={t("health.streams")}>
      <thead>
        <tr>
          <th scope="col">{t("health.reader")}</th>
          <th scope="col">{t("common.status")}</th>
          <th scope="col" className={cell.number}>
            {t("health.lag")}
          </th>
          <th scope="col" className={cell.number}>
            {t("health.pending")}
          </th>
          <th scope="col" className={cell.number}>
            {t("health.oldest")}
          </th>
        </tr>
      </thead>
      {states.map((state) => (
        <tbody key={state.stream} className={css.group}>
          <tr>
            <th scope="rowgroup" colSpan={5} className={css.stream}>
              {t("health.stream", { name: t(`services.${state.stream}`) })}
              {state.dead_letters > 0 && (
                <Link to={`/admin/dead-letters?stream=${state.stream}`} className={css.dead}>
                  {t("health.dead", { count: state.dead_letters })}
                </Link>
              )}
            </th>
          </tr>
          {state.groups.map((group) => (
            <tr key={group.group}>
              <td>{t(`services.${group.group as "order"}`, group.group)}</td>
              <td>
                <Badge tone={tones[verdict(group)]}>{t(`health.verdicts.${verdict(group)}`)}</Badge>
              </td>
              <td className={cell.number}>{number(group.lag)}</td>
              <td className={cell.number}>{number(group.pending)}</td>
              <td className={cell.number}>
                {group.pending > 0 ? t("health.seconds", { seconds: number(group.oldest_pending_seconds) }) : "–"}
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </CardTable>
  );
}
