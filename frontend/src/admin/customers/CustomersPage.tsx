import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { customersQuery } from "../data";
import { DataTable, type Column } from "../lists/DataTable";
import { ChoiceFilter, Filters, SearchFilter } from "../lists/Filters";
import { useListParams } from "../lists/useListParams";
import { Badge } from "../ui/Badge";
import { Page } from "../ui/Page";
import css from "./Customers.module.css";

type Account = Schema["users"]["StaffAccount"];
const FILTERS = ["q", "role", "disabled"] as const;

export default function CustomersPage() {
  const { t } = useTranslation("admin");
  const { date } = useFormat();
  const list = useListParams(FILTERS);
  const customers = useQuery(customersQuery(list.values, list.cursor));
  const columns: Column<Account>[] = [
    {
      head: t("customers.name"),
      lead: true,
      cell: (account) => (
        <Link to={`/admin/customers/${account.id}`} className={css.name}>
          {account.name || account.email}
        </Link>
      ),
    },
    { head: t("customers.email"), cell: (account) => account.email },
    {
      head: t("customers.roles"),
      cell: (account) => account.roles.map((role) => t(`roles.${role}`)).join(", "),
    },
    {
      head: t("common.status"),
      cell: (account) =>
        account.disabled ? (
          <Badge tone="care">{t("customers.disabled")}</Badge>
        ) : (
          <Badge tone={account.email_verified ? "true" : "plain"}>
            {t(account.email_verified ? "customers.verified" : "customers.unverified")}
          </Badge>
        ),
    },
    { head: t("customers.since"), short: true, cell: (account) => date(account.created_at) },
  ];
  return (
    <Page title={t("nav.customers")}>
      <Filters>
        <SearchFilter label={t("customers.search")} value={list.values.q} onSearch={(q) => list.narrow({ q })} />
        <ChoiceFilter
          label={t("customers.role")}
          value={list.values.role}
          onChoose={(role) => list.narrow({ role })}
          options={[
            ["", t("common.all")],
            ...(["support", "merchant", "admin"] as const).map((role): [string, string] => [role, t(`roles.${role}`)]),
          ]}
        />
        <ChoiceFilter
          label={t("common.status")}
          value={list.values.disabled}
          onChoose={(disabled) => list.narrow({ disabled })}
          options={[
            ["", t("common.all")],
            ["false", t("customers.enabled")],
            ["true", t("customers.disabled")],
          ]}
        />
      </Filters>
      <DataTable
        caption={t("nav.customers")}
        columns={columns}
        query={customers}
        rows={customers.data?.items}
        rowKey={(account) => account.id}
        empty={t("customers.none")}
        pages={{ list, nextCursor: customers.data?.next_cursor }}
      />
    </Page>
  );
}
