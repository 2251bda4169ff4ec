import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, ScrollRestoration, useLocation } from "react-router";
import { OfflineBanner } from "@/shop/layout/OfflineBanner";
import { IconButton } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Star } from "@/ui/Tiles";
import { Toasts } from "@/ui/Toast";
import css from "./AdminLayout.module.css";
import { Boundary } from "./Boundary";
import { Rooms } from "./Rooms";

const RoomsDrawer = lazy(() => import("./RoomsDrawer"));

/** The frame around every page of the back office. */
export function AdminLayout({ children }: { children: ReactNode }) {
  const { t } = useTranslation("admin");
  const { pathname } = useLocation();
  const [menu, setMenu] = useState<string>();
  const main = useFocusOnNavigation(pathname);
  return (
    <div className={css.frame}>
      <a href="#main" className={css.skip}>
        {t("frame.skip")}
      </a>
      <aside aria-label={t("title")} className={css.side}>
        <Rooms />
      </aside>
      <header className={css.bar}>
        <IconButton
          label={t("frame.menu")}
          aria-haspopup="dialog"
          className={css.menu}
          onClick={() => setMenu(pathname)}
        >
          <Icon name="menu" />
        </IconButton>
        <Link to="/admin" className={css.brand}>
          <Star size={28} />
          <span>Souk</span>
        </Link>
      </header>
      <div className={css.body}>
        <OfflineBanner />
        <main id="main" tabIndex={-1} ref={main} className={css.main}>
          <Boundary place={pathname}>{children}</Boundary>
        </main>
      </div>
      <Toasts />
      {/* Going somewhere closes the drawer. */}
      {menu === pathname && (
        <Suspense>
          <RoomsDrawer onClose={() => setMenu(undefined)} />
        </Suspense>
      )}
      <ScrollRestoration />
    </div>
  );
}

/** A new page begins at its top for the keyboard and for screen readers, too. */
function useFocusOnNavigation(pathname: string) {
  const main = useRef<HTMLElement>(null);
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}
