import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { stockQuery } from "@/shop/data";
import css from "./CartLines.module.css";
import type { Cart } from "./useCart";

type Item = Cart["items"][number];

interface Short {
  left: number;
  /** When more is expected. */
  expected: string | null;
}

/** What keeps a line of the cart from being ordered as it is, by the stock of this moment. */
export function useShortages(cart: Cart): (item: Item) => Short | undefined {
  const sold = cart.items.filter(({ available }) => available).map(({ sku }) => sku);
  const { data } = useQuery(stockQuery(sold));
  return ({ sku, quantity, available }) => {
    const stock = data?.get(sku);
    if (!available || !stock || stock.available >= quantity) return undefined;
    return { left: Math.max(stock.available, 0), expected: stock.expected_on };
  };
}

/** Says it: nothing left, with the day on which it is back if that is known, or fewer than are wanted. */
export function Shortage({ of: short }: { of: Short | undefined }) {
  const { t } = useTranslation("shop");
  const { day } = useFormat();
  if (!short) return null;
  const { left, expected } = short;
  return (
    <p className={css.warning}>
      {left > 0
        ? t("cart.fewerLeft", { count: left })
        : expected
          ? t("cart.soldOutUntil", { day: day(expected) })
          : t("cart.soldOut")}
    </p>
  );
}
