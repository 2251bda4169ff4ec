import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { deadLettersQuery } from "../data";
import { DataTable, type Column } from "../lists/DataTable";
import { ChoiceFilter, Filters } from "../lists/Filters";
import { useListParams } from "../lists/useListParams";
import { Page } from "../ui/Page";
import css from "./Operations.module.css";
import { STREAMS } from "./streams";

type DeadLetter = Schema["analytics"]["DeadLetter"];

/** Events that a service could not work with. Each waits until somebody looks. */
export default function DeadLettersPage() {
  const { t } = useTranslation("admin");
  const { dateTime, number } = useFormat();
  const list = useListParams(["stream"] as const);
  const letters = useQuery({ ...deadLettersQuery(list.values.stream, list.cursor), refetchInterval: 10_000 });
  const columns: Column<DeadLetter>[] = [
    {
      head: t("letters.event"),
      lead: true,
      cell: (letter) => (
        <Link to={`/admin/dead-letters/${letter.stream}/${letter.entry}`} className={css.event}>
          {letter.type || t("letters.noEvent")}
        </Link>
      ),
    },
    { head: t("letters.group"), cell: (letter) => t(`services.${letter.group as "order"}`, letter.group) },
    { head: t("letters.error"), cell: (letter) => <span className={css.clip}>{letter.error}</span> },
    { head: t("letters.tries"), number: true, cell: (letter) => number(letter.deliveries) },
    { head: t("letters.when"), short: true, cell: (letter) => dateTime(letter.parked_at) },
  ];
  return (
    <Page title={t("nav.deadLetters")} lead={t("letters.lead")}>
      <Filters>
        <ChoiceFilter
          label={t("letters.stream")}
          value={list.values.stream}
          onChoose={(stream) => list.narrow({ stream })}
          options={[
            ["", t("common.all")],
            ...STREAMS.map((stream): [string, string] => [stream, t(`services.${stream}`)]),
          ]}
        />
      </Filters>
      <DataTable
        caption={t("nav.deadLetters")}
        columns={columns}
        query={letters}
        rows={letters.data?.items}
        rowKey={(letter) => `${letter.stream}/${letter.entry}`}
        empty={t("letters.none")}
        pages={{ list, nextCursor: letters.data?.next_cursor }}
      />
    </Page>
  );
}
