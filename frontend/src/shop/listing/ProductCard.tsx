import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { Money } from "@/ui/Money";
import { Skeleton } from "@/ui/Skeleton";
import css from "./ProductCard.module.css";

/** A product in a list. The whole card leads to it; its name is the link. */
export function ProductCard({ product, eager }: { product: Schema["catalog"]["ProductCard"]; eager?: boolean }) {
  const { t } = useTranslation("shop");
  return (
    <article className={css.card}>
      <div className={css.frame}>
        <img
          src={product.image_url}
          alt={product.image_alt}
          width="400"
          height="400"
          loading={eager ? "eager" : "lazy"}
          className={css.picture}
        />
        {!product.in_stock && <span className={css.flag}>{t("product.soldOut")}</span>}
      </div>
      <h3 className={css.title}>
        <Link to={`/products/${product.slug}`}>{product.title}</Link>
      </h3>
      <p className={css.vendor}>{product.vendor}</p>
      <Money of={product.price_from} className={css.price} />
    </article>
  );
}

export function ProductCardSkeleton() {
  return (
    <div className={css.card} aria-hidden="true">
      <Skeleton className={css.frame} height="auto" />
      <Skeleton width="80%" height="1.3rem" />
      <Skeleton width="55%" height="1rem" />
      <Skeleton width="30%" height="1.3rem" />
    </div>
  );
}

/** Cards in as many columns as there is room for. */
export function ProductGrid({
  products,
  loading = 0,
}: {
  products: Schema["catalog"]["ProductCard"][] | undefined;
  loading?: number;
}) {
  return (
    <ul className={css.grid}>
      {products?.map((product, index) => (
        <li key={product.id}>
          <ProductCard product={product} eager={index < 4} />
        </li>
      ))}
      {Array.from({ length: products ? 0 : loading }, (_, index) => (
        <li key={index}>
          <ProductCardSkeleton />
        </li>
      ))}
    </ul>
  );
}
