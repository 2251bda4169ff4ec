// Why the order was not placed, and what to do about it.
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Money as Amount } from "@/api/client";
import { isProblem } from "@/api/problem";
import { errorText } from "@/lib/errorText";
import { useFormat } from "@/i18n/format";
import { useCartChanges, type Cart } from "@/shop/cart/useCart";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { RefusedFields } from "@/ui/RefusedFields";

export function Refused({ error, cart, onTryAgain }: { error: unknown; cart: Cart; onTryAgain: () => void }) {
  const { t } = useTranslation("shop");
  const { money } = useFormat();
  const { remove } = useCartChanges();
  if (!error) return null;
  if (isProblem(error, "price-changed")) {
    const quote = error.more.quote as { total: Amount };
    return (
      <Notice tone="care" title={t("checkout.priceChanged")} live>
        <p>{t("checkout.priceChangedText", { total: money(quote.total) })}</p>
      </Notice>
    );
  }
  if (isProblem(error, "cart-ordered")) {
    return (
      <Notice tone="plain" title={t("checkout.orderedAlready")} live>
        <p>{t("checkout.orderedAlreadyText")}</p>
        <Link to={`/orders/${String(error.more.order_id)}`}>{t("checkout.showOrder")}</Link>
      </Notice>
    );
  }
  if (isProblem(error, "items-unavailable")) {
    const skus = Array.isArray(error.more.skus) ? error.more.skus.map(String) : [];
    const titles = cart.items.filter(({ sku }) => skus.includes(sku)).map(({ title }) => title);
    return (
      <Notice tone="care" title={t("checkout.unavailable")} live>
        <p>{titles.join(", ")}</p>
        <Button
          size="s"
          onClick={() => {
            for (const sku of skus) remove.mutate(sku);
            onTryAgain();
          }}
        >
          {t("checkout.takeOut")}
        </Button>
      </Notice>
    );
  }
  return (
    <Notice tone="care" title={errorText(error, t)} live>
      <RefusedFields error={error} />
      <Button size="s" onClick={onTryAgain}>
        {t("common.tryAgain")}
      </Button>
    </Notice>
  );
}
