import { useTranslation } from "react-i18next";
import { errorText } from "@/lib/errorText";
import { usePageTitle } from "@/lib/usePageTitle";
import { Button, ButtonLink } from "@/ui/Button";
import { Money } from "@/ui/Money";
import { Notice } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { CartLines } from "./CartLines";
import css from "./CartPage.module.css";
import { EmptyCart } from "./EmptyCart";
import { useCart } from "./useCart";

export function Component() {
  const { t } = useTranslation("shop");
  const { cart, isEmpty, isLoading, error, refetch } = useCart();
  usePageTitle(t("cart.title"));
  return (
    <div className={css.page}>
      <h1>{t("cart.title")}</h1>
      {isLoading && (
        <div role="status" aria-label={t("common.loading")} className={css.loading}>
          <Skeleton height="7.5rem" />
          <Skeleton height="7.5rem" />
        </div>
      )}
      {error && !cart && (
        <Notice tone="care" title={errorText(error, t)}>
          <Button onClick={() => void refetch()}>{t("common.tryAgain")}</Button>
        </Notice>
      )}
      {isEmpty && <EmptyCart />}
      {cart && cart.items.length > 0 && (
        <div className={css.columns}>
          <CartLines cart={cart} />
          <aside className={css.sum} aria-label={t("cart.subtotal")}>
            <p className={css.subtotal}>
              <span>{t("cart.subtotal")}</span>
              <Money of={cart.subtotal} />
            </p>
            <p className={css.hint}>{t("cart.plusShipping")}</p>
            <ButtonLink look="primary" size="l" wide to="/checkout">
              {t("cart.checkout")}
            </ButtonLink>
          </aside>
        </div>
      )}
    </div>
  );
}
