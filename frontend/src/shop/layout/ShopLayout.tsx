import { Outlet, ScrollRestoration } from "react-router";
import { Toasts } from "@/ui/Toast";
import { OfflineBanner } from "./OfflineBanner";

/** The frame around every page of the shop. */
export function ShopLayout() {
  return (
    <>
      <OfflineBanner />
      <main id="main">
        <Outlet />
      </main>
      <Toasts />
      <ScrollRestoration />
    </>
  );
}
