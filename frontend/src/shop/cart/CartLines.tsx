import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { classes } from "@/ui/classes";
import { Money } from "@/ui/Money";
import { Stepper } from "@/ui/Stepper";
import css from "./CartLines.module.css";
import { Shortage, useShortages } from "./Shortage";
import { useCartChanges, type Cart } from "./useCart";

/** What is in the cart, to be changed. */
export function CartLines({ cart, onLeave }: { cart: Cart; onLeave?: () => void }) {
  const { t } = useTranslation("shop");
  const { set, remove } = useCartChanges();
  const shortage = useShortages(cart);
  const list = useRef<HTMLUListElement>(null);
  const [gone, setGone] = useState("");
  const takeOut = ({ sku, title }: Cart["items"][number]) => {
    remove.mutate(sku);
    setGone(t("cart.removed", { title }));
    // The button goes with its line; the keyboard goes on from the list.
    list.current?.focus();
  };
  return (
    <>
      <p role="status" className="sr-only">
        {gone}
      </p>
      <ul ref={list} tabIndex={-1} aria-label={t("cart.title")} className={css.lines}>
        {cart.items.map((item) => (
          <li key={item.sku} className={classes(css.line, !item.available && css.gone)}>
            {item.image_url ? (
              <img src={item.image_url} alt="" width="88" height="88" />
            ) : (
              <span className={css.blank} />
            )}
            <div className={css.words}>
              <Link to={`/products/${item.slug}`} onClick={onLeave} className={css.title}>
                {item.title}
              </Link>
              <span className={css.unit}>
                <Money of={item.unit_price} /> {t("cart.each")}
              </span>
              {!item.available && <p className={css.warning}>{t("cart.unavailable")}</p>}
              <Shortage of={shortage(item)} />
              <div className={css.changes}>
                {item.available && (
                  <Stepper
                    label={t("cart.quantityOf", { title: item.title })}
                    value={item.quantity}
                    onChange={(quantity) => set.mutate({ sku: item.sku, quantity })}
                  />
                )}
                <button
                  type="button"
                  className={css.remove}
                  aria-label={t("cart.removeOf", { title: item.title })}
                  onClick={() => takeOut(item)}
                >
                  {t("common.remove")}
                </button>
              </div>
            </div>
            <Money of={item.line_total} className={css.total} />
          </li>
        ))}
      </ul>
    </>
  );
}
