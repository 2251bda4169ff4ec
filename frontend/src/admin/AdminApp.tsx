// The back office: a chunk of its own, loaded with /admin. Its pages are chunks of their own again.
import { lazy, Suspense, type ComponentType, type ReactNode } from "react";
import { Navigate, Route, Routes } from "react-router";
import { useAccount, useSession } from "@/auth/hooks";
import { loadAdminWords } from "@/i18n";
import { may, useCan, type Right } from "./can";
import { AdminLayout } from "./frame/AdminLayout";
import { SignInFirst } from "./frame/SignInFirst";
import { Loading, NotAllowed, NotThere } from "./frame/States";

/** Runs before the back office is shown. */
export async function loader(): Promise<null> {
  await loadAdminWords();
  return null;
}

const page = (load: () => Promise<{ default: ComponentType }>, right: Right): ReactNode => {
  const Page = lazy(load);
  return (
    <Allowed right={right}>
      <Page />
    </Allowed>
  );
};

const pages: [path: string, element: ReactNode][] = [
  ["dashboard", page(() => import("./dashboard/DashboardPage"), "reports")],
  ["products", page(() => import("./products/ProductsPage"), "products")],
  ["products/new", page(() => import("./products/NewProductPage"), "products")],
  ["products/import", page(() => import("./products/ImportPage"), "products")],
  ["products/:slug", page(() => import("./products/ProductPage"), "products")],
  ["stock", page(() => import("./stock/StockPage"), "stock")],
  ["stock/locations", page(() => import("./stock/LocationsPage"), "stock")],
  ["stock/sku/:sku", page(() => import("./stock/SkuPage"), "stock")],
  ["orders", page(() => import("./orders/OrdersPage"), "orders")],
  ["orders/:id", page(() => import("./orders/OrderPage"), "orders")],
  ["customers", page(() => import("./customers/CustomersPage"), "customers")],
  ["customers/:id", page(() => import("./customers/CustomerPage"), "customers")],
  ["promotions", page(() => import("./promotions/PromotionsPage"), "promotions")],
  ["messages", page(() => import("./messages/MessagesPage"), "messages")],
  ["messages/:id", page(() => import("./messages/MessagePage"), "messages")],
  ["dead-letters", page(() => import("./operations/DeadLettersPage"), "operations")],
  ["dead-letters/:stream/:entry", page(() => import("./operations/DeadLetterPage"), "operations")],
  ["health", page(() => import("./operations/HealthPage"), "operations")],
];

export function Component() {
  const session = useSession();
  const roles = useAccount()?.roles ?? [];
  if (session.kind === "starting") return <Loading />;
  if (session.kind !== "account" || !may(roles, "orders")) return <SignInFirst />;
  return (
    <AdminLayout>
      <Suspense fallback={<Loading />}>
        <Routes>
          <Route index element={<Navigate to={may(roles, "reports") ? "dashboard" : "orders"} replace />} />
          {pages.map(([path, element]) => (
            <Route key={path} path={path} element={element} />
          ))}
          <Route path="*" element={<NotThere />} />
        </Routes>
      </Suspense>
    </AdminLayout>
  );
}

function Allowed({ right, children }: { right: Right; children: ReactNode }) {
  return useCan()(right) ? children : <NotAllowed />;
}
