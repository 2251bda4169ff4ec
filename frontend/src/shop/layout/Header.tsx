import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, NavLink } from "react-router";
import { useAccount, useHasRole } from "@/auth/hooks";
import { useGoods } from "@/i18n/goods";
import { firstName } from "@/lib/firstName";
import { showCart } from "@/shop/cart/drawer";
import { pieces, useCart } from "@/shop/cart/useCart";
import { categoriesQuery } from "@/shop/data";
import { IconButton } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Star, Wall } from "@/ui/Tiles";
import css from "./Header.module.css";
import { SearchBox } from "./SearchBox";

const MenuDrawer = lazy(() => import("./MenuDrawer"));

export function Header() {
  const { t } = useTranslation("shop");
  const [menu, setMenu] = useState(false);
  return (
    <header className={css.header}>
      <div className={css.band}>
        <Wall />
      </div>
      <div className={css.row}>
        <IconButton label={t("layout.menu")} className={css.menu} aria-haspopup="dialog" onClick={() => setMenu(true)}>
          <Icon name="menu" />
        </IconButton>
        <Link to="/" className={css.brand}>
          <Star size={34} />
          <span>Souk</span>
        </Link>
        <SearchBox className={css.search} />
        <nav aria-label={t("layout.account")} className={css.own}>
          <Person />
          <CartButton />
        </nav>
      </div>
      <Stalls />
      {menu && (
        <Suspense>
          <MenuDrawer onClose={() => setMenu(false)} />
        </Suspense>
      )}
    </header>
  );
}

function Person() {
  const { t } = useTranslation("shop");
  const account = useAccount();
  const staff = useHasRole("merchant", "support", "admin");
  return (
    <>
      {staff && (
        <Link to="/admin" className={css.staff}>
          {t("layout.staff")}
        </Link>
      )}
      <Link to={account ? "/account" : "/sign-in"} className={css.person}>
        <Icon name="person" />
        <span>{account ? firstName(account.name) : t("layout.signIn")}</span>
      </Link>
    </>
  );
}

function CartButton() {
  const { t } = useTranslation("shop");
  const { cart } = useCart();
  const count = pieces(cart);
  return (
    <button
      type="button"
      className={css.cart}
      aria-haspopup="dialog"
      aria-label={count ? t("layout.cart", { count }) : t("layout.cartEmpty")}
      onClick={() => showCart(true)}
    >
      <Icon name="cart" />
      {count > 0 && <span className={css.count}>{count}</span>}
    </button>
  );
}

function Stalls() {
  const { t } = useTranslation("shop");
  const goods = useGoods();
  const { data = [] } = useQuery(categoriesQuery);
  return (
    <nav aria-label={t("layout.mainNav")} className={css.stalls}>
      <ul>
        {data
          .filter((category) => category.depth === 0)
          .map((category) => (
            <li key={category.slug}>
              <NavLink to={`/c/${category.slug}`}>{goods(category.title)}</NavLink>
            </li>
          ))}
      </ul>
    </nav>
  );
}
