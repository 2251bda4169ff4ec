import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { stockQuery } from "@/shop/data";
import css from "./CartLines.module.css";
import type { Cart } from "./useCart";

type Item = Cart["items"][number];

/** What keeps a line of the cart from being ordered as it is, by the stock of this moment. */
export function useShortages(cart: Cart): (item: Item) => number | undefined {
  const sold = cart.items.filter(({ available }) => available).map(({ sku }) => sku);
  const { data } = useQuery(stockQuery(sold));
  return ({ sku, quantity, available }) => {
    const left = data?.get(sku);
    return available && left !== undefined && left < quantity ? Math.max(left, 0) : undefined;
  };
}

/** Says it: nothing left, or fewer than are wanted. */
export function Shortage({ left }: { left: number | undefined }) {
  const { t } = useTranslation("shop");
  if (left === undefined) return null;
  return <p className={css.warning}>{left === 0 ? t("cart.soldOut") : t("cart.fewerLeft", { count: left })}</p>;
}
