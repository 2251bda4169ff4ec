import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { Money } from "@/ui/Money";
import { ordersQuery } from "../data";
import { DataTable, type Column } from "../lists/DataTable";
import { ChoiceFilter, DateFilter, Filters, SearchFilter } from "../lists/Filters";
import { useListParams } from "../lists/useListParams";
import { Badge } from "../ui/Badge";
import { Page } from "../ui/Page";
import css from "./Orders.module.css";
import { STATUSES, tones } from "./status";

type AnyOrder = Schema["orders"]["AnyOrder"];
const FILTERS = ["q", "status", "from", "until", "sort"] as const;

export default function OrdersPage() {
  const { t } = useTranslation("admin");
  const { dateTime, list: enumerate } = useFormat();
  const list = useListParams(FILTERS);
  const orders = useQuery(ordersQuery(list.values, list.cursor));
  const columns: Column<AnyOrder>[] = [
    {
      head: t("orders.number"),
      lead: true,
      cell: (order) => (
        <Link to={`/admin/orders/${order.id}`} className={css.number}>
          {order.number}
        </Link>
      ),
    },
    { head: t("orders.placed"), short: true, cell: (order) => dateTime(order.placed_at) },
    {
      head: t("orders.customer"),
      cell: (order) => (
        <span className={css.two}>
          <span>{order.name}</span>
          <span className={css.quiet}>{order.email}</span>
        </span>
      ),
    },
    {
      head: t("orders.items"),
      cell: (order) => (
        <span className={css.clip} title={enumerate(order.titles)}>
          {t("orders.pieces", { count: order.pieces })} · {order.titles.join(", ")}
        </span>
      ),
    },
    {
      head: t("common.status"),
      cell: (order) => <Badge tone={tones[order.status]}>{t(`orders.statuses.${order.status}`)}</Badge>,
    },
    {
      head: t("orders.total"),
      number: true,
      cell: (order) => (
        <span className={css.two}>
          <Money of={order.total} />
          {order.refunded.amount_minor > 0 && (
            <span className={css.quiet}>
              {t("orders.refundedShort")} <Money of={order.refunded} />
            </span>
          )}
        </span>
      ),
    },
  ];
  return (
    <Page title={t("nav.orders")}>
      <Filters>
        <SearchFilter
          label={t("orders.search")}
          value={list.values.q}
          maxLength={254}
          onSearch={(q) => list.narrow({ q })}
        />
        <ChoiceFilter
          label={t("common.status")}
          value={list.values.status}
          onChoose={(status) => list.narrow({ status })}
          options={[
            ["", t("common.all")],
            ...STATUSES.map((one): [string, string] => [one, t(`orders.statuses.${one}`)]),
          ]}
        />
        <DateFilter label={t("orders.from")} value={list.values.from} onChoose={(from) => list.narrow({ from })} />
        <DateFilter label={t("orders.until")} value={list.values.until} onChoose={(until) => list.narrow({ until })} />
        <ChoiceFilter
          label={t("common.sort")}
          value={list.values.sort}
          onChoose={(sort) => list.narrow({ sort })}
          options={[
            ["", t("orders.newest")],
            ["oldest", t("orders.oldest")],
          ]}
        />
      </Filters>
      <DataTable
        caption={t("nav.orders")}
        columns={columns}
        query={orders}
        rows={orders.data?.items}
        rowKey={(order) => order.id}
        empty={t("orders.none")}
        pages={{ list, nextCursor: orders.data?.next_cursor }}
      />
    </Page>
  );
}
