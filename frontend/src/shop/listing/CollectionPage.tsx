import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { isProblem } from "@/api/problem";
import { useGoods } from "@/i18n/goods";
import { errorText } from "@/lib/errorText";
import { textBlocks } from "@/lib/html";
import { usePageTitle } from "@/lib/usePageTitle";
import { collectionQuery } from "@/shop/data";
import { Button } from "@/ui/Button";
import { NotFound } from "@/ui/KindError";
import { Notice } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import head from "./Head.module.css";
import css from "./Listing.module.css";
import { ProductGrid } from "./ProductCard";

export function Component() {
  const { t } = useTranslation("shop");
  const { slug = "" } = useParams();
  const query = useInfiniteQuery(collectionQuery(slug, 24));
  const collection = query.data?.pages[0]?.collection;
  const goods = useGoods();
  const title = collection && goods(collection.title);
  usePageTitle(title);
  if (isProblem(query.error) && query.error.status === 404) return <NotFound />;
  return (
    <div className={css.listing}>
      <header className={head.head}>
        <div>
          <p className={head.above}>{t("listing.collection")}</p>
          <h1>{title ?? <Skeleton width="16rem" />}</h1>
          {collection &&
            textBlocks(collection.description_html).map(({ text }) => (
              <p key={text} className={head.text}>
                {goods(text)}
              </p>
            ))}
        </div>
      </header>
      <div className={css.bar} />
      {query.isError && !collection && (
        <Notice tone="care" title={errorText(query.error, t)} live>
          <Button onClick={() => void query.refetch()}>{t("common.tryAgain")}</Button>
        </Notice>
      )}
      <ProductGrid products={query.data?.pages.flatMap((page) => page.items)} loading={query.isError ? 0 : 8} />
      {query.hasNextPage && (
        <p className={css.more}>
          <Button pending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t("common.more")}
          </Button>
        </p>
      )}
    </div>
  );
}
