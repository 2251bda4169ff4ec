// A list of products with its filters: what category and search pages are made of.
import { useInfiniteQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/lib/errorText";
import { productsQuery, type Filters } from "@/shop/data";
import { Button } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Notice } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { Star } from "@/ui/Tiles";
import { classes } from "@/ui/classes";
import { FacetList } from "./Facets";
import { countChoices, SORTS, useFilters } from "./filters";
import css from "./Listing.module.css";
import { ProductGrid } from "./ProductCard";

const Dialog = lazy(() => import("@/ui/Dialog"));

export function Listing({ base, head }: { base: Filters; head: (count: string | undefined) => ReactNode }) {
  const { t } = useTranslation("shop");
  const { filters, set, clear } = useFilters();
  const [filtersShown, setFiltersShown] = useState(false);
  const query = useInfiniteQuery(productsQuery({ ...base, ...filters }));
  const products = query.data?.pages.flatMap((page) => page.items);
  const facets = query.data?.pages[0]?.facets ?? undefined;
  const choices = countChoices(filters);
  const currency = products?.[0]?.price_from.currency ?? "EUR";
  const count = facets && t("listing.count", { count: facets.products });
  return (
    <div className={css.listing}>
      {head(facets?.complete === false ? t("listing.countMany") : count)}
      <div className={css.bar}>
        <Button className={css.filterButton} aria-haspopup="dialog" onClick={() => setFiltersShown(true)}>
          <Icon name="filter" size={18} />
          {choices ? t("listing.filtersChosen", { count: choices }) : t("listing.filters")}
        </Button>
        <label className={css.sort}>
          <span>{t("listing.sort")}</span>
          <select value={filters.sort ?? ""} onChange={(event) => set({ sort: event.target.value || undefined })}>
            {base.q && <option value="">{t("listing.sorts.relevance")}</option>}
            {SORTS.map((sort) => (
              <option key={sort} value={sort === "newest" && !base.q ? "" : sort}>
                {t(`listing.sorts.${sort}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div className={css.columns}>
        <aside className={css.side} aria-label={t("listing.filters")}>
          {facets ? <FacetList facets={facets} currency={currency} /> : <FacetSkeleton />}
        </aside>
        <div className={classes(css.results, query.isPlaceholderData && css.older)} aria-busy={query.isFetching}>
          <p role="status" className="sr-only">
            {query.isPending ? t("common.loading") : count}
          </p>
          {query.isError && !products && (
            <Notice tone="care" title={errorText(query.error, t)} live>
              <Button onClick={() => void query.refetch()}>{t("common.tryAgain")}</Button>
            </Notice>
          )}
          {products?.length === 0 ? (
            <div className={css.nothing}>
              <Star size={72} />
              <p className={css.nothingTitle}>{t("listing.nothing")}</p>
              <p>{choices ? t("listing.fewerFilters") : t("listing.otherWords")}</p>
              {choices > 0 && (
                <Button look="primary" onClick={clear}>
                  {t("listing.clear")}
                </Button>
              )}
            </div>
          ) : (
            <ProductGrid products={products} loading={query.isError ? 0 : 12} />
          )}
          {query.hasNextPage && (
            <p className={css.more}>
              <Button pending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t("common.more")}
              </Button>
            </p>
          )}
        </div>
      </div>
      {filtersShown && facets && (
        <Suspense>
          <Dialog
            open
            side="left"
            title={t("listing.filters")}
            onClose={() => setFiltersShown(false)}
            foot={
              <Button look="primary" wide onClick={() => setFiltersShown(false)}>
                {t("listing.show", { count: facets.products })}
              </Button>
            }
          >
            <FacetList facets={facets} currency={currency} />
          </Dialog>
        </Suspense>
      )}
    </div>
  );
}

function FacetSkeleton() {
  return (
    <div className={css.facetSkeleton}>
      {Array.from({ length: 12 }, (_, index) => (
        <Skeleton key={index} width={`${60 + ((index * 17) % 40)}%`} />
      ))}
    </div>
  );
}
