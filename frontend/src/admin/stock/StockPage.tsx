import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { ButtonLink } from "@/ui/Button";
import { lowStockQuery } from "../data";
import { DataTable, type Column } from "../lists/DataTable";
import { ChoiceFilter, Filters, SearchFilter } from "../lists/Filters";
import { useListParams } from "../lists/useListParams";
import { Badge } from "../ui/Badge";
import { Page } from "../ui/Page";
import { SkuName } from "./SkuName";
import css from "./Stock.module.css";

type LowStock = Schema["inventory"]["LowStock"];

/** Everything is at most this. */
const ALL = 1_000_000;
const thresholds: Record<string, number> = { none: 0, ten: 10, hundred: 100, all: ALL };

export default function StockPage() {
  const { t } = useTranslation("admin");
  const { number } = useFormat();
  const list = useListParams(["q", "show"] as const);
  const { q, show } = list.values;
  // What somebody looks for may have enough: it is looked for in everything, unless they say otherwise.
  const stock = useQuery(lowStockQuery(thresholds[show ?? (q ? "all" : "")], list.cursor, undefined, q));
  const columns: Column<LowStock>[] = [
    { head: t("common.product"), lead: true, cell: (item) => <SkuName item={item} /> },
    { head: t("common.status"), cell: (item) => <Level item={item} /> },
    { head: t("stock.available"), number: true, cell: (item) => number(item.available) },
    { head: t("stock.reserved"), number: true, cell: (item) => number(item.reserved) },
    { head: t("stock.committed"), number: true, cell: (item) => number(item.committed) },
    { head: t("stock.threshold"), number: true, cell: (item) => number(item.threshold) },
  ];
  return (
    <Page
      title={t("nav.stock")}
      lead={t("stock.lead")}
      actions={<ButtonLink to="/admin/stock/locations">{t("stock.locations")}</ButtonLink>}
    >
      <Filters>
        <SearchFilter label={t("stock.search")} value={q} onSearch={(text) => list.narrow({ q: text })} />
        <ChoiceFilter
          label={t("stock.show")}
          value={show ?? (q ? "all" : "")}
          onChoose={(chosen) => list.narrow({ show: chosen })}
          options={[
            [q ? "low" : "", t("stock.shows.low")],
            ["none", t("stock.shows.none")],
            ["ten", t("stock.shows.ten")],
            ["hundred", t("stock.shows.hundred")],
            ["all", t("stock.shows.all")],
          ]}
        />
      </Filters>
      <DataTable
        caption={t("nav.stock")}
        columns={columns}
        query={stock}
        rows={stock.data?.items}
        rowKey={(item) => item.sku}
        empty={t(q ? "stock.noneFits" : show ? "stock.none" : "stock.noneLow")}
        pages={{ list, nextCursor: stock.data?.next_cursor }}
      />
    </Page>
  );
}

function Level({ item }: { item: LowStock }) {
  const { t } = useTranslation("admin");
  const { day } = useFormat();
  if (item.available === 0) {
    return (
      <span className={css.level}>
        <Badge tone="care">{t("stock.out")}</Badge>
        {item.expected_on && <span className={css.quiet}>{t("stock.expectedOn", { day: day(item.expected_on) })}</span>}
      </span>
    );
  }
  if (item.available <= item.threshold) return <Badge tone="wait">{t("stock.low")}</Badge>;
  return <Badge tone="true">{t("stock.fine")}</Badge>;
}
