import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { ButtonLink } from "@/ui/Button";
import { categoriesQuery, productsQuery } from "../data";
import { DataTable, type Column } from "../lists/DataTable";
import { ChoiceFilter, Filters, SearchFilter } from "../lists/Filters";
import { useListParams } from "../lists/useListParams";
import { Badge } from "../ui/Badge";
import { Page } from "../ui/Page";
import { ExportButton } from "./ExportButton";
import css from "./Products.module.css";
import { statusTones } from "./status";

type ProductCard = Schema["catalog"]["ProductCard"];
const FILTERS = ["q", "status", "category", "sort"] as const;

export default function ProductsPage() {
  const { t } = useTranslation("admin");
  const { money } = useFormat();
  const list = useListParams(FILTERS);
  const products = useQuery(productsQuery(list.values, list.cursor));
  const { data: categories = [] } = useQuery(categoriesQuery);
  const titles = new Map(categories.map((category) => [category.slug, category.title]));
  const columns: Column<ProductCard>[] = [
    {
      head: t("common.product"),
      lead: true,
      cell: (product) => (
        <span className={css.product}>
          <img src={product.image_url} alt="" width="44" height="44" loading="lazy" className={css.picture} />
          <span>
            <Link to={`/admin/products/${product.slug}`}>{product.title}</Link>
            <span className={css.quiet}>{product.vendor}</span>
          </span>
        </span>
      ),
    },
    {
      head: t("common.status"),
      cell: (product) => <Badge tone={statusTones[product.status]}>{t(`products.statuses.${product.status}`)}</Badge>,
    },
    { head: t("products.category"), cell: (product) => titles.get(product.category) ?? product.category },
    {
      head: t("products.stock"),
      cell: (product) => (product.in_stock ? t("products.inStock") : <Badge tone="care">{t("stock.out")}</Badge>),
    },
    { head: t("products.priceFrom"), number: true, cell: (product) => money(product.price_from) },
  ];
  return (
    <Page
      title={t("nav.products")}
      actions={
        <>
          <ExportButton />
          <ButtonLink to="/admin/products/import">{t("products.import")}</ButtonLink>
          <ButtonLink to="/admin/products/new" look="primary">
            {t("products.new")}
          </ButtonLink>
        </>
      }
    >
      <Filters>
        <SearchFilter
          label={t("products.search")}
          value={list.values.q}
          maxLength={200}
          onSearch={(q) => list.narrow({ q, sort: "" })}
        />
        <ChoiceFilter
          label={t("common.status")}
          value={list.values.status}
          onChoose={(status) => list.narrow({ status })}
          options={[
            ["", t("common.all")],
            ["active", t("products.statuses.active")],
            ["draft", t("products.statuses.draft")],
            ["archived", t("products.statuses.archived")],
          ]}
        />
        <ChoiceFilter
          label={t("products.category")}
          value={list.values.category}
          onChoose={(category) => list.narrow({ category })}
          options={[
            ["", t("common.all")],
            ...categories.map((one): [string, string] => [one.slug, `${"– ".repeat(one.depth)}${one.title}`]),
          ]}
        />
        <ChoiceFilter
          label={t("common.sort")}
          value={list.values.sort}
          onChoose={(sort) => list.narrow({ sort })}
          options={[
            ["", t(list.values.q ? "products.sorts.relevance" : "products.sorts.newest")],
            ["title", t("products.sorts.title")],
            ["price_asc", t("products.sorts.price_asc")],
            ["price_desc", t("products.sorts.price_desc")],
          ]}
        />
      </Filters>
      <DataTable
        caption={t("nav.products")}
        columns={columns}
        query={products}
        rows={products.data?.items}
        rowKey={(product) => product.id}
        empty={t("products.none")}
        pages={{ list, nextCursor: products.data?.next_cursor }}
      />
    </Page>
  );
}
