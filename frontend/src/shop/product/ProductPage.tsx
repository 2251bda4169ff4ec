import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";
import type { Schema } from "@/api/client";
import { isProblem } from "@/api/problem";
import { useGoods } from "@/i18n/goods";
import { errorText } from "@/lib/errorText";
import { textBlocks } from "@/lib/html";
import { usePageTitle } from "@/lib/usePageTitle";
import { showCart } from "@/shop/cart/drawer";
import { useCartChanges } from "@/shop/cart/useCart";
import { categoriesQuery, fewProductsQuery, productQuery, stockQuery } from "@/shop/data";
import { ProductGrid } from "@/shop/listing/ProductCard";
import { Button } from "@/ui/Button";
import { NotFound } from "@/ui/KindError";
import { Money } from "@/ui/Money";
import { Notice } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { Stepper } from "@/ui/Stepper";
import { NotifyMe } from "./NotifyMe";
import { OptionPicker } from "./OptionPicker";
import css from "./ProductPage.module.css";
import { chooseVariant, firstVariant } from "./variants";
import { StockLine } from "./StockLine";

type Product = Schema["catalog"]["ProductDetail"];

export function Component() {
  const { t } = useTranslation("shop");
  const { slug = "" } = useParams();
  const query = useQuery(productQuery(slug));
  usePageTitle(query.data?.title);
  if (isProblem(query.error) && query.error.status === 404) return <NotFound />;
  if (query.isError && !query.data) {
    return (
      <div className={css.page}>
        <Notice tone="care" title={errorText(query.error, t)} live>
          <Button onClick={() => void query.refetch()}>{t("common.tryAgain")}</Button>
        </Notice>
      </div>
    );
  }
  return query.data ? <Shown key={slug} product={query.data} /> : <Loading />;
}

function Shown({ product }: { product: Product }) {
  const { t } = useTranslation("shop");
  const goods = useGoods();
  const [params, setParams] = useSearchParams();
  const { data: categories } = useQuery(categoriesQuery);
  const category = categories?.find((one) => one.slug === product.category || one.title === product.category);
  const variant = product.variants.find(({ sku }) => sku === params.get("v")) ?? firstVariant(product);
  const { data: stock } = useQuery(stockQuery(product.variants.map(({ sku }) => sku)));
  const [picture, setPicture] = useState(0);
  const shown = product.media[picture] ?? { url: product.image_url, alt: product.image_alt };
  return (
    <div className={css.page}>
      <nav aria-label={t("product.path")} className={css.path}>
        <Link to="/">{t("product.hall")}</Link>
        {category && (
          <>
            <span aria-hidden="true">/</span>
            <Link to={`/c/${category.slug}`}>{goods(category.title)}</Link>
          </>
        )}
      </nav>
      <div className={css.columns}>
        <div className={css.gallery}>
          <div className={css.niche}>
            <img src={shown.url} alt={shown.alt} width="800" height="800" fetchPriority="high" />
          </div>
          {product.media.length > 1 && (
            <ul className={css.thumbs}>
              {product.media.map((media, index) => (
                <li key={media.url}>
                  <button
                    type="button"
                    aria-current={index === picture}
                    aria-label={t("product.picture", { number: index + 1 })}
                    onClick={() => setPicture(index)}
                  >
                    <img src={media.url} alt="" width="72" height="72" />
                  </button>
                </li>
              ))}
            </ul>
          )}
        </div>
        <div className={css.words}>
          <p className={css.vendor}>{product.vendor}</p>
          <h1 className={css.title}>{product.title}</h1>
          {variant && (
            <>
              <p className={css.price}>
                <Money of={variant.price} />
                {variant.compare_at && (
                  <s className={css.before}>
                    <span className="sr-only">{t("product.before")} </span>
                    <Money of={variant.compare_at} />
                  </s>
                )}
              </p>
              {product.options.map((name, index) => (
                <OptionPicker
                  key={name}
                  product={product}
                  index={index}
                  chosen={variant}
                  onChoose={(value) => {
                    const next = chooseVariant(product, variant, index, value);
                    if (next) setParams({ v: next.sku }, { replace: true, preventScrollReset: true });
                  }}
                />
              ))}
              <StockLine stock={stock?.get(variant.sku)} fallback={variant.in_stock} loaded={stock !== undefined} />
              <Buy
                key={variant.sku}
                variant={variant}
                available={stock ? (stock.get(variant.sku)?.available ?? 0) : variant.in_stock ? 99 : 0}
                title={product.title}
              />
            </>
          )}
          <Description html={product.description_html} />
          <ul className={css.promises}>
            <li>{t("product.promiseReserve")}</li>
            <li>{t("product.promiseReturn")}</li>
          </ul>
        </div>
      </div>
      {category && (
        <Neighbours
          category={category.slug}
          but={product.slug}
          title={t("product.neighbours", { stall: goods(category.title) })}
        />
      )}
    </div>
  );
}

function Buy({
  variant,
  available,
  title,
}: {
  variant: Product["variants"][number];
  available: number;
  title: string;
}) {
  const { t } = useTranslation("shop");
  const { add } = useCartChanges();
  const [quantity, setQuantity] = useState(1);
  if (available <= 0) return <NotifyMe sku={variant.sku} />;
  return (
    <div className={css.buy}>
      <Stepper
        label={t("cart.quantityOf", { title })}
        value={Math.min(quantity, available)}
        max={Math.min(available, 99)}
        onChange={setQuantity}
      />
      <Button
        look="primary"
        size="l"
        className={css.add}
        pending={add.isPending}
        onClick={() =>
          add.mutate({ sku: variant.sku, quantity: Math.min(quantity, available) }, { onSuccess: () => showCart(true) })
        }
      >
        {t("product.add")}
      </Button>
    </div>
  );
}

function Description({ html }: { html: string }) {
  const blocks = textBlocks(html);
  const items = blocks.filter(({ kind }) => kind === "item");
  return (
    <div className={css.description}>
      {blocks
        .filter(({ kind }) => kind === "text")
        .map(({ text }) => (
          <p key={text}>{text}</p>
        ))}
      {items.length > 0 && (
        <ul>
          {items.map(({ text }) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Neighbours({ category, but, title }: { category: string; but: string; title: string }) {
  const { data } = useQuery(fewProductsQuery({ category, in_stock: true }, 5));
  const others = data?.filter(({ slug }) => slug !== but).slice(0, 4);
  if (others?.length === 0) return null;
  return (
    <section className={css.neighbours} aria-labelledby="neighbours">
      <h2 id="neighbours">{title}</h2>
      <ProductGrid products={others} loading={4} />
    </section>
  );
}

function Loading() {
  const { t } = useTranslation("shop");
  return (
    <div className={css.page} role="status" aria-label={t("common.loading")}>
      <div className={css.path}>
        <Skeleton width="10rem" />
      </div>
      <div className={css.columns}>
        <Skeleton className={css.niche} height="auto" />
        <div className={css.words}>
          <Skeleton width="40%" />
          <Skeleton width="85%" height="2.5rem" />
          <Skeleton width="25%" height="2rem" />
          <Skeleton height="3.4rem" />
          <Skeleton height="6rem" />
        </div>
      </div>
    </div>
  );
}
