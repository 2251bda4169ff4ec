// Which page is at which address. Every page but the frame around them is a chunk of its own.
import { createBrowserRouter, type RouteObject } from "react-router";
import { ShopLayout } from "./shop/layout/ShopLayout";
import { NotFound, RouteError } from "./ui/KindError";

export const routes: RouteObject[] = [
  {
    path: "/admin/*",
    lazy: () => import("./admin/AdminApp"),
    errorElement: <RouteError />,
    hydrateFallbackElement: <></>,
  },
  {
    path: "/",
    element: <ShopLayout />,
    errorElement: <RouteError />,
    hydrateFallbackElement: <></>,
    children: [
      {
        errorElement: <RouteError />,
        children: [
          { index: true, lazy: () => import("./shop/home/HomePage") },
          { path: "c/:category", lazy: () => import("./shop/listing/CategoryPage") },
          { path: "collections/:slug", lazy: () => import("./shop/listing/CollectionPage") },
          { path: "search", lazy: () => import("./shop/listing/SearchPage") },
          { path: "products/:slug", lazy: () => import("./shop/product/ProductPage") },
          { path: "cart", lazy: () => import("./shop/cart/CartPage") },
          { path: "checkout", lazy: () => import("./shop/checkout/CheckoutPage") },
          { path: "orders/:id", lazy: () => import("./shop/order/OrderPage") },
          { path: "sign-in", lazy: () => import("./shop/entry/SignInPage") },
          { path: "register", lazy: () => import("./shop/entry/RegisterPage") },
          { path: "forgot-password", lazy: () => import("./shop/entry/ForgotPage") },
          { path: "reset-password", lazy: () => import("./shop/entry/ResetPage") },
          { path: "verify-email", lazy: () => import("./shop/entry/VerifyPage") },
          { path: "unsubscribe", lazy: () => import("./shop/entry/UnsubscribePage") },
          {
            path: "account",
            lazy: () => import("./shop/account/AccountLayout"),
            children: [
              { index: true, lazy: () => import("./shop/account/OverviewPage") },
              { path: "orders", lazy: () => import("./shop/account/OrdersPage") },
              { path: "addresses", lazy: () => import("./shop/account/AddressesPage") },
              { path: "security", lazy: () => import("./shop/account/SecurityPage") },
              { path: "preferences", lazy: () => import("./shop/account/PreferencesPage") },
              { path: "privacy", lazy: () => import("./shop/account/PrivacyPage") },
            ],
          },
          { path: "*", element: <NotFound /> },
        ],
      },
    ],
  },
];

export const router = createBrowserRouter(routes);
