import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { useGoods } from "@/i18n/goods";
import { usePageTitle } from "@/lib/usePageTitle";
import { categoriesQuery } from "@/shop/data";
import { stallPicture } from "@/shop/layout/stalls";
import { NotFound } from "@/ui/KindError";
import { Skeleton } from "@/ui/Skeleton";
import css from "./Head.module.css";
import { Listing } from "./Listing";

export function Component() {
  const { t } = useTranslation("shop");
  const { category: slug = "" } = useParams();
  const { data: categories } = useQuery(categoriesQuery);
  const category = categories?.find((one) => one.slug === slug);
  const goods = useGoods();
  const title = category && goods(category.title);
  usePageTitle(title);
  if (categories && !category) return <NotFound />;
  return (
    <Listing
      key={slug}
      base={{ category: slug }}
      head={(count) => (
        <header className={css.head}>
          <span className={css.arch}>
            <img src={stallPicture(slug)} alt="" width="120" height="120" />
          </span>
          <div>
            <p className={css.above}>{t("listing.stall")}</p>
            <h1>{title ?? <Skeleton width="14rem" />}</h1>
            <p className={css.count}>{count ?? <Skeleton width="6rem" />}</p>
          </div>
        </header>
      )}
    />
  );
}
