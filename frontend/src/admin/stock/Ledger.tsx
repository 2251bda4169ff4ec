import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { ledgerQuery } from "../data";
import { DataTable, type Column } from "../lists/DataTable";
import { ChoiceFilter } from "../lists/Filters";
import { useListParams } from "../lists/useListParams";
import { useCode } from "../ui/useCode";
import css from "./Stock.module.css";

type Entry = Schema["inventory"]["LedgerEntry"];

/** Every movement, the newest first. */
export function Ledger({ stock }: { stock: Schema["inventory"]["StockByLocation"] }) {
  const { t } = useTranslation("admin");
  const { dateTime, day } = useFormat();
  const say = useCode();
  const list = useListParams(["location"] as const);
  const ledger = useQuery(ledgerQuery(stock.sku, list.values.location, list.cursor));
  const names = new Map(stock.locations.map((one) => [one.location, one.name]));
  const place = (code: string) => names.get(code) ?? code;
  const columns: Column<Entry>[] = [
    { head: t("stock.when"), lead: true, short: true, cell: (entry) => dateTime(entry.at) },
    {
      head: t("stock.movement"),
      cell: (entry) => (
        <span>
          {entry.movement !== "expected"
            ? say(entry.movement)
            : entry.expected_on
              ? t("stock.moreExpected", { day: day(entry.expected_on) })
              : t("stock.noMoreExpected")}
          {entry.counterpart && (
            <span className={css.quiet}> {t("stock.with", { place: place(entry.counterpart) })}</span>
          )}
        </span>
      ),
    },
    { head: t("stock.location"), cell: (entry) => place(entry.location) },
    { head: t("stock.available"), number: true, cell: (entry) => <Step of="available" entry={entry} /> },
    { head: t("stock.reserved"), number: true, cell: (entry) => <Step of="reserved" entry={entry} /> },
    { head: t("stock.committed"), number: true, cell: (entry) => <Step of="committed" entry={entry} /> },
    {
      head: t("common.reason"),
      cell: (entry) =>
        entry.movement === "expected" ? (
          "–"
        ) : entry.order_id ? (
          <Link to={`/admin/orders/${entry.order_id}`}>{say(entry.reason)}</Link>
        ) : (
          say(entry.reason)
        ),
    },
  ];
  return (
    <section className={css.ledger} aria-label={t("stock.ledger")}>
      <header className={css.ledgerHead}>
        <h2>{t("stock.ledger")}</h2>
        <ChoiceFilter
          label={t("stock.location")}
          value={list.values.location}
          onChoose={(location) => list.narrow({ location })}
          options={[["", t("common.all")], ...stock.locations.map((one): [string, string] => [one.location, one.name])]}
        />
      </header>
      <DataTable
        caption={t("stock.ledger")}
        columns={columns}
        query={ledger}
        rows={ledger.data?.items}
        rowKey={(entry) => String(entry.id)}
        empty={t("stock.noMovements")}
        pages={{ list, nextCursor: ledger.data?.next_cursor }}
      />
    </section>
  );
}

/** From how many to how many. */
function Step({ of, entry }: { of: "available" | "reserved" | "committed"; entry: Entry }) {
  const { number } = useFormat();
  const [before, after] = [entry.before[of], entry.after[of]];
  const delta = after - before;
  if (delta === 0) return <span className={css.quiet}>{number(after)}</span>;
  return (
    <span>
      {number(after)}{" "}
      <span className={css.delta}>
        {delta > 0 ? "+" : "−"}
        {number(Math.abs(delta))}
      </span>
    </span>
  );
}
