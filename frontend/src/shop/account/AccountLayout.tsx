import { useTranslation } from "react-i18next";
import { Navigate, NavLink, Outlet, useLocation } from "react-router";
import { useSession } from "@/auth/hooks";
import { signOut } from "@/auth/session";
import { Button } from "@/ui/Button";
import { Skeleton } from "@/ui/Skeleton";
import css from "./Account.module.css";

const PAGES = ["", "orders", "addresses", "security", "preferences", "privacy"] as const;

/** The frame of the account's pages. Guests see their orders; everything else asks to sign in. */
export function Component() {
  const { t } = useTranslation("shop");
  const session = useSession();
  const { pathname } = useLocation();
  if (session.kind === "starting") {
    return (
      <div className={css.page} role="status" aria-label={t("common.loading")}>
        <Skeleton width="14rem" height="2.5rem" />
      </div>
    );
  }
  const isOrders = pathname.replace(/\/$/, "") === "/account/orders";
  if (session.kind !== "account" && !(session.kind === "guest" && isOrders)) {
    return <Navigate to={`/sign-in?next=${encodeURIComponent(pathname)}`} replace />;
  }
  return (
    <div className={css.page}>
      {session.kind === "account" && (
        <nav aria-label={t("layout.account")} className={css.nav}>
          <ul>
            {PAGES.map((page) => (
              <li key={page}>
                <NavLink to={page ? `/account/${page}` : "/account"} end>
                  {t(`account.nav.${page || "home"}`)}
                </NavLink>
              </li>
            ))}
          </ul>
          <Button size="s" onClick={() => void signOut()}>
            {t("account.signOut")}
          </Button>
        </nav>
      )}
      <div className={css.content}>
        <Outlet />
      </div>
    </div>
  );
}
