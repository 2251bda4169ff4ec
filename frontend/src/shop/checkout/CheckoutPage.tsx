import { useTranslation } from "react-i18next";
import { useSession } from "@/auth/hooks";
import { usePageTitle } from "@/lib/usePageTitle";
import { EmptyCart } from "@/shop/cart/EmptyCart";
import { useCart } from "@/shop/cart/useCart";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { errorText } from "@/lib/errorText";
import { CheckoutForm } from "./CheckoutForm";
import css from "./Checkout.module.css";

export function Component() {
  const { t } = useTranslation("shop");
  const session = useSession();
  const { cart, isEmpty, isLoading, error, refetch } = useCart();
  usePageTitle(t("checkout.title"));
  return (
    <div className={css.page}>
      <h1>{t("checkout.title")}</h1>
      {isLoading && (
        <div role="status" aria-label={t("common.loading")} className={css.columns}>
          <div className={css.form}>
            <Skeleton height="9rem" />
            <Skeleton height="20rem" />
          </div>
          <Skeleton height="20rem" />
        </div>
      )}
      {error && !cart && (
        <Notice tone="care" title={errorText(error, t)} live>
          <Button onClick={() => void refetch()}>{t("common.tryAgain")}</Button>
        </Notice>
      )}
      {isEmpty && <EmptyCart />}
      {cart && cart.items.length > 0 && session.kind !== "starting" && (
        <CheckoutForm key={session.kind === "account" ? session.user.id : "guest"} cart={cart} />
      )}
    </div>
  );
}
