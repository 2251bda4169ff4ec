import { useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useGoods } from "@/i18n/goods";
import { errorText } from "@/lib/errorText";
import { usePageTitle } from "@/lib/usePageTitle";
import { categoriesQuery, collectionQuery, collectionsQuery, fewProductsQuery } from "@/shop/data";
import { stallPicture } from "@/shop/layout/stalls";
import { ProductGrid } from "@/shop/listing/ProductCard";
import { Button, ButtonLink } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { Wall } from "@/ui/Tiles";
import css from "./HomePage.module.css";
import { ofToday } from "./ofToday";

export function Component() {
  usePageTitle(undefined);
  return (
    <>
      <Hero />
      <Arcade />
      <Collections />
      <Today />
      <Promises />
    </>
  );
}

/** The three arches of the hall's front, each leading to a stall. */
const FRONT = ["ceramics", "lamps-candles", "tea-coffee"];

function Hero() {
  const { t } = useTranslation("shop");
  return (
    <section className={css.hero} aria-labelledby="hero">
      <Wall />
      <div className={css.heroInner}>
        <div className={css.heroWords}>
          <h1 id="hero">{t("home.title")}</h1>
          <p>{t("home.text")}</p>
          <ButtonLink look="primary" size="l" to="/search?sort=newest">
            {t("home.enter")}
          </ButtonLink>
        </div>
        <div className={css.front}>
          {FRONT.map((slug) => (
            <Link
              key={slug}
              to={`/c/${slug}`}
              className={css.frontArch}
              aria-label={t(`home.front.${slug as "ceramics"}`)}
            >
              <span className={css.frontOuter}>
                <img src={stallPicture(slug)} alt="" width="400" height="400" fetchPriority="high" />
              </span>
            </Link>
          ))}
        </div>
      </div>
    </section>
  );
}

function Arcade() {
  const { t } = useTranslation("shop");
  const goods = useGoods();
  const { data, isError, error, refetch } = useQuery(categoriesQuery);
  const stalls = data?.filter(({ depth }) => depth === 0);
  if (isError && !data) {
    return (
      <section className={css.section} aria-labelledby="stalls">
        <h2 id="stalls">{t("home.stalls")}</h2>
        <Notice tone="care" title={errorText(error, t)} live>
          <Button onClick={() => void refetch()}>{t("common.tryAgain")}</Button>
        </Notice>
      </section>
    );
  }
  return (
    <section className={css.section} aria-labelledby="stalls">
      <h2 id="stalls">{t("home.stalls")}</h2>
      <ul className={css.arcade}>
        {stalls?.map(({ slug, title, products }) => (
          <li key={slug}>
            <Link to={`/c/${slug}`} className={css.stall}>
              <span className={css.arch}>
                <img src={stallPicture(slug)} alt="" width="240" height="240" loading="lazy" />
              </span>
              <span className={css.name}>{goods(title)}</span>
              <span className={css.count}>{t("home.things", { count: products })}</span>
            </Link>
          </li>
        )) ??
          Array.from({ length: 12 }, (_, index) => (
            <li key={index} className={css.stall}>
              <span className={css.arch} />
              <Skeleton className={css.name} width="70%" />
              <Skeleton className={css.count} width="50%" />
            </li>
          ))}
      </ul>
    </section>
  );
}

const SHELVES = 3;

function Collections() {
  const { data, isError } = useQuery(collectionsQuery);
  const goods = useGoods();
  if (isError && !data) return null;
  // As much room as the shelves will take, so that what is below them stays where it is.
  if (!data) return Array.from({ length: SHELVES }, (_, index) => <EmptyShelf key={index} />);
  return data
    .slice(0, SHELVES)
    .map((collection) => <Shelf key={collection.slug} slug={collection.slug} title={goods(collection.title)} />);
}

function EmptyShelf() {
  return (
    <div className={css.section} aria-hidden="true">
      <div className={css.headline}>
        <Skeleton width="14rem" height="2.2rem" />
      </div>
      <ProductGrid products={undefined} loading={4} />
    </div>
  );
}

function Shelf({ slug, title }: { slug: string; title: string }) {
  const { t } = useTranslation("shop");
  const { data, isError } = useInfiniteQuery(collectionQuery(slug, 4));
  const items = data?.pages[0]?.items;
  if (items?.length === 0 || (isError && !data)) return null;
  return (
    <section className={css.section} aria-labelledby={`shelf-${slug}`}>
      <div className={css.headline}>
        <h2 id={`shelf-${slug}`}>{title}</h2>
        <Link to={`/collections/${slug}`} aria-label={t("home.allOf", { title })}>
          {t("home.all")}
        </Link>
      </div>
      <ProductGrid products={items} loading={4} />
    </section>
  );
}

/** Two things each from four stalls, others every day. */
function Today() {
  const { t } = useTranslation("shop");
  const { data: categories, isError } = useQuery(categoriesQuery);
  const stalls = categories?.filter(({ depth, products }) => depth === 0 && products > 1) ?? [];
  const queries = useQueries({
    queries: ofToday(stalls).map(({ slug }) => fewProductsQuery({ category: slug, in_stock: true, sort: "newest" }, 2)),
  });
  const things = queries.flatMap(({ data }) => data ?? []);
  const arrived = queries.length > 0 && queries.every(({ isPending }) => !isPending);
  if ((isError && !categories) || (arrived && things.length === 0)) return null;
  return (
    <section className={css.section} aria-labelledby="today">
      <div className={css.headline}>
        <h2 id="today">{t("home.today")}</h2>
        <Link to="/search?sort=newest" aria-label={t("home.allOf", { title: t("home.today") })}>
          {t("home.all")}
        </Link>
      </div>
      <ProductGrid products={arrived ? things : undefined} loading={8} />
    </section>
  );
}

function Promises() {
  const { t } = useTranslation("shop");
  return (
    <section className={css.promises} aria-label={t("home.promises")}>
      {(["reserve", "once", "back"] as const).map((name) => (
        <div key={name}>
          <h2>{t(`home.promise.${name}.title`)}</h2>
          <p>{t(`home.promise.${name}.text`)}</p>
        </div>
      ))}
    </section>
  );
}
