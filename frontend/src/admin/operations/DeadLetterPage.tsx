import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { api, ask } from "@/api/client";
import { isProblem } from "@/api/problem";
import { useFormat } from "@/i18n/format";
import { Notice } from "@/ui/Notice";
import { toast } from "@/ui/Toast";
import { deadLetterQuery } from "../data";
import { Loading, NotThere } from "../frame/States";
import { Ask, AskButton } from "../ui/Ask";
import { Failed } from "../ui/Failed";
import { Card, Columns, Facts, Page } from "../ui/Page";
import css from "./Operations.module.css";
import { pretty } from "./streams";

export default function DeadLetterPage() {
  const { t } = useTranslation("admin");
  const { dateTime, number } = useFormat();
  const { stream = "", entry = "" } = useParams();
  const client = useQueryClient();
  const navigate = useNavigate();
  const query = useQuery(deadLetterQuery(stream, entry));
  if (isProblem(query.error) && query.error.status === 404) return <NotThere />;
  if (query.isError && !query.data) return <Failed query={query} />;
  if (!query.data) return <Loading />;
  const { letter, event } = query.data;
  const params = { path: { stream, entry } };
  const leave = async (said: string) => {
    toast(said);
    await navigate("/admin/dead-letters");
    await client.invalidateQueries({ queryKey: ["admin", "dead-letters"], refetchType: "active" });
  };
  const replay = async () => {
    await ask(api.POST("/api/analytics/dead-letters/{stream}/{entry}/replay", { params }));
    await leave(t("letters.replayed"));
  };
  const drop = async () => {
    await ask(api.DELETE("/api/analytics/dead-letters/{stream}/{entry}", { params }));
    await leave(t("letters.dropped"));
  };
  return (
    <Page
      title={letter.type || t("letters.noEvent")}
      back={{ to: "/admin/dead-letters", words: t("nav.deadLetters") }}
      actions={
        <>
          <AskButton
            label={t("letters.drop")}
            look="danger"
            ask={(close) => (
              <Ask title={t("letters.dropTitle")} act={t("letters.drop")} danger onAct={drop} onClose={close}>
                <p>{t("letters.dropText")}</p>
              </Ask>
            )}
          />
          <AskButton
            label={t("letters.replay")}
            look="primary"
            ask={(close) => (
              <Ask title={t("letters.replayTitle")} act={t("letters.replay")} onAct={replay} onClose={close}>
                <p>{t("letters.replayText")}</p>
              </Ask>
            )}
          />
        </>
      }
    >
      <Notice tone="care" title={t("letters.error")}>
        <p className={css.error}>{letter.error}</p>
      </Notice>
      <Columns>
        <Card title={t("letters.event")}>
          {/* It scrolls, so the keyboard must reach it. */}
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre className={css.json} tabIndex={0} role="region" aria-label={t("letters.event")}>
            {pretty(event)}
          </pre>
        </Card>
        <Card title={t("letters.about")}>
          <Facts
            of={[
              [t("letters.group"), t(`services.${letter.group as "order"}`, letter.group)],
              [t("letters.stream"), t(`services.${letter.stream}`)],
              [t("letters.key"), letter.key || "–"],
              [t("letters.tries"), number(letter.deliveries)],
              [t("letters.when"), dateTime(letter.parked_at)],
              [t("letters.entry"), `${letter.stream}/${letter.entry}`],
            ]}
          />
        </Card>
      </Columns>
    </Page>
  );
}
