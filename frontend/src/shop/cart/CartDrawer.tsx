import { useTranslation } from "react-i18next";
import { ButtonLink } from "@/ui/Button";
import Dialog from "@/ui/Dialog";
import { Money } from "@/ui/Money";
import { Skeleton } from "@/ui/Skeleton";
import css from "./CartDrawer.module.css";
import { CartLines } from "./CartLines";
import { EmptyCart } from "./EmptyCart";
import { pieces, useCart } from "./useCart";

export default function CartDrawer({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("shop");
  const { cart, isEmpty } = useCart();
  const count = pieces(cart);
  const foot = cart && count > 0 && (
    <div className={css.foot}>
      <p className={css.subtotal}>
        <span>{t("cart.subtotal")}</span>
        <Money of={cart.subtotal} />
      </p>
      <p className={css.hint}>{t("cart.plusShipping")}</p>
      <ButtonLink look="primary" size="l" wide to="/checkout" onClick={onClose}>
        {t("cart.checkout")}
      </ButtonLink>
      <ButtonLink look="quiet" wide to="/cart" onClick={onClose}>
        {t("cart.show")}
      </ButtonLink>
    </div>
  );
  return (
    <Dialog open onClose={onClose} side="right" title={t("cart.title")} foot={foot || undefined}>
      {isEmpty && <EmptyCart onLeave={onClose} />}
      {!isEmpty && !cart && <Skeleton height="6rem" />}
      {cart && count > 0 && <CartLines cart={cart} onLeave={onClose} />}
    </Dialog>
  );
}
