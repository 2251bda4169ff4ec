import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Outlet, ScrollRestoration, useLocation } from "react-router";
import { showCart, useCartShown } from "@/shop/cart/drawer";
import { followOtherTabs } from "@/shop/cart/useCart";
import { Toasts } from "@/ui/Toast";
import { Footer } from "./Footer";
import { Header } from "./Header";
import { OfflineBanner } from "./OfflineBanner";
import { OnTheWay } from "./OnTheWay";
import css from "./ShopLayout.module.css";

const CartDrawer = lazy(() => import("@/shop/cart/CartDrawer"));

/** The frame around every page of the shop. */
export function ShopLayout() {
  const { t } = useTranslation("shop");
  const client = useQueryClient();
  const cartShown = useCartShown();
  const main = useFocusOnNavigation();
  useEffect(() => followOtherTabs(client), [client]);
  return (
    <>
      <a href="#main" className={css.skip}>
        {t("layout.skip")}
      </a>
      <ArchShape />
      <OnTheWay />
      <OfflineBanner />
      <Header />
      <main id="main" tabIndex={-1} ref={main} className={css.main}>
        <Outlet />
      </main>
      <Footer />
      <Toasts />
      {cartShown && (
        <Suspense>
          <CartDrawer onClose={() => showCart(false)} />
        </Suspense>
      )}
      <ScrollRestoration />
    </>
  );
}

/** The pointed arch that pictures stand in, for `clip-path: url(#arch)`. */
function ArchShape() {
  return (
    <svg width="0" height="0" className={css.shapes} aria-hidden="true" focusable="false">
      <clipPath id="arch" clipPathUnits="objectBoundingBox">
        <path d="M0 1V.43C0 .23 .22 .16 .38 .075C.44 .043 .475 .02 .5 0C.525 .02 .56 .043 .62 .075C.78 .16 1 .23 1 .43V1Z" />
      </clipPath>
    </svg>
  );
}

/** A new page begins at its top for the keyboard and for screen readers, too. */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    showCart(false);
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}
