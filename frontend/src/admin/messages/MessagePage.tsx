import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { api, ask } from "@/api/client";
import { isProblem } from "@/api/problem";
import { useFormat } from "@/i18n/format";
import { toast } from "@/ui/Toast";
import { messageQuery } from "../data";
import { Loading, NotThere } from "../frame/States";
import { Ask, AskButton } from "../ui/Ask";
import { Badge } from "../ui/Badge";
import { Failed } from "../ui/Failed";
import { Card, Columns, Facts, Page } from "../ui/Page";
import css from "./Messages.module.css";
import { messageTones } from "./status";

/** A mail as it was sent, in its plain text: what shoppers wrote into it is never shown as HTML. */
export default function MessagePage() {
  const { t } = useTranslation("admin");
  const { dateTime } = useFormat();
  const { id = "" } = useParams();
  const client = useQueryClient();
  const navigate = useNavigate();
  const query = useQuery({
    ...messageQuery(id),
    refetchInterval: ({ state: { data } }) => (data?.message.status === "queued" ? 2_000 : false),
  });
  if (isProblem(query.error) && query.error.status === 404) return <NotThere />;
  if (query.isError && !query.data) return <Failed query={query} />;
  if (!query.data) return <Loading />;
  const { message, text } = query.data;
  const facts: [string, ReactNode][] = [
    [t("messages.to"), message.to ?? t("messages.gone")],
    [t("messages.kind"), t(`messages.templates.${message.template}`)],
    [t("messages.when"), dateTime(message.created_at)],
  ];
  if (message.settled_at) facts.push([t("messages.settled"), dateTime(message.settled_at)]);
  if (message.error) facts.push([t("messages.error"), message.error]);
  if (message.order_id)
    facts.push([t("messages.order"), <Link to={`/admin/orders/${message.order_id}`}>{t("messages.toOrder")}</Link>]);
  if (message.resend_of)
    facts.push([
      t("messages.resendOf"),
      <Link to={`/admin/messages/${message.resend_of}`}>{t("messages.toFirst")}</Link>,
    ]);
  const resend = async () => {
    const again = await ask(api.POST("/api/notifications/messages/{id}/resend", { params: { path: { id } } }));
    await client.invalidateQueries({ queryKey: ["admin", "messages"] });
    toast(t("messages.resent"));
    await navigate(`/admin/messages/${again.id}`);
  };
  return (
    <Page
      title={message.subject ?? t(`messages.templates.${message.template}`)}
      beside={<Badge tone={messageTones[message.status]}>{t(`messages.statuses.${message.status}`)}</Badge>}
      back={{ to: "/admin/messages", words: t("nav.messages") }}
      actions={
        text !== null && (
          <AskButton
            label={t("messages.resend")}
            look="primary"
            ask={(close) => (
              <Ask title={t("messages.resendTitle")} act={t("messages.resend")} onAct={resend} onClose={close}>
                <p>{t("messages.resendText")}</p>
              </Ask>
            )}
          />
        )
      }
    >
      <Columns>
        <Card title={t("messages.text")}>
          {text === null ? (
            <p className={css.quiet}>{t("messages.notKept")}</p>
          ) : (
            <pre className={css.text} lang={message.locale}>
              {text}
            </pre>
          )}
        </Card>
        <Card title={t("messages.about")}>
          <Facts of={facts} />
        </Card>
      </Columns>
    </Page>
  );
}
