import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { Button } from "@/ui/Button";
import { messagesQuery } from "../data";
import { DataTable, type Column } from "../lists/DataTable";
import { ChoiceFilter, Filters, SearchFilter } from "../lists/Filters";
import { useListParams } from "../lists/useListParams";
import { Badge } from "../ui/Badge";
import { Page } from "../ui/Page";
import css from "./Messages.module.css";
import { messageTones, STATUSES, TEMPLATES } from "./status";

type Message = Schema["notifications"]["Message"];
const FILTERS = ["status", "template", "recipient", "order_id", "user_id"] as const;

export default function MessagesPage() {
  const { t } = useTranslation("admin");
  const { dateTime } = useFormat();
  const list = useListParams(FILTERS);
  const messages = useQuery(messagesQuery(list.values, list.cursor));
  const narrowed = list.values.order_id ?? list.values.user_id;
  const columns: Column<Message>[] = [
    {
      head: t("messages.subject"),
      lead: true,
      cell: (message) => (
        <Link to={`/admin/messages/${message.id}`} className={css.subject}>
          {message.subject ?? t("messages.noSubject")}
        </Link>
      ),
    },
    { head: t("messages.kind"), cell: (message) => t(`messages.templates.${message.template}`) },
    { head: t("messages.to"), cell: (message) => message.to ?? t("messages.gone") },
    {
      head: t("common.status"),
      cell: (message) => <Badge tone={messageTones[message.status]}>{t(`messages.statuses.${message.status}`)}</Badge>,
    },
    { head: t("messages.when"), short: true, cell: (message) => dateTime(message.created_at) },
  ];
  return (
    <Page title={t("nav.messages")}>
      <Filters>
        <SearchFilter
          label={t("messages.search")}
          type="email"
          maxLength={254}
          value={list.values.recipient}
          onSearch={(recipient) => list.narrow({ recipient })}
        />
        <ChoiceFilter
          label={t("common.status")}
          value={list.values.status}
          onChoose={(status) => list.narrow({ status })}
          options={[
            ["", t("common.all")],
            ...STATUSES.map((status): [string, string] => [status, t(`messages.statuses.${status}`)]),
          ]}
        />
        <ChoiceFilter
          label={t("messages.kind")}
          value={list.values.template}
          onChoose={(template) => list.narrow({ template })}
          options={[
            ["", t("common.all")],
            ...TEMPLATES.map((template): [string, string] => [template, t(`messages.templates.${template}`)]),
          ]}
        />
        {narrowed && (
          <Button look="quiet" onClick={() => list.narrow({ order_id: "", user_id: "" })}>
            {t(list.values.order_id ? "messages.onlyOrder" : "messages.onlyCustomer")}
          </Button>
        )}
      </Filters>
      <DataTable
        caption={t("nav.messages")}
        columns={columns}
        query={messages}
        rows={messages.data?.items}
        rowKey={(message) => message.id}
        empty={t("messages.none")}
        pages={{ list, nextCursor: messages.data?.next_cursor }}
      />
    </Page>
  );
}
