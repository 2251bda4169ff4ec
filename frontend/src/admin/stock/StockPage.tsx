import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import type { Schema } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { ButtonLink } from "@/ui/Button";
import { lowStockQuery } from "../data";
import { DataTable, type Column } from "../lists/DataTable";
import { ChoiceFilter, Filters, SearchFilter } from "../lists/Filters";
import { useListParams } from "../lists/useListParams";
import { Badge } from "../ui/Badge";
import { Page } from "../ui/Page";
import css from "./Stock.module.css";

type LowStock = Schema["inventory"]["LowStock"];

/** Everything is at most this. */
const ALL = 1_000_000;
const thresholds: Record<string, number> = { none: 0, ten: 10, hundred: 100, all: ALL };

export default function StockPage() {
  const { t } = useTranslation("admin");
  const { number } = useFormat();
  const navigate = useNavigate();
  const list = useListParams(["show"] as const);
  const stock = useQuery(lowStockQuery(thresholds[list.values.show ?? ""], list.cursor));
  const columns: Column<LowStock>[] = [
    {
      head: t("stock.sku"),
      lead: true,
      cell: (item) => (
        <Link to={`/admin/stock/sku/${encodeURIComponent(item.sku)}`} className={css.sku}>
          {item.sku}
        </Link>
      ),
    },
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
        <SearchFilter
          label={t("stock.goTo")}
          value=""
          maxLength={64}
          onSearch={(sku) => {
            if (sku) void navigate(`/admin/stock/sku/${encodeURIComponent(sku)}`);
          }}
        />
        <ChoiceFilter
          label={t("stock.show")}
          value={list.values.show}
          onChoose={(show) => list.narrow({ show })}
          options={[
            ["", t("stock.shows.low")],
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
        empty={t(list.values.show ? "stock.none" : "stock.noneLow")}
        pages={{ list, nextCursor: stock.data?.next_cursor }}
      />
    </Page>
  );
}

function Level({ item }: { item: { available: number; threshold: number } }) {
  const { t } = useTranslation("admin");
  if (item.available === 0) return <Badge tone="care">{t("stock.out")}</Badge>;
  if (item.available <= item.threshold) return <Badge tone="wait">{t("stock.low")}</Badge>;
  return <Badge tone="true">{t("stock.fine")}</Badge>;
}
