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
          { path: "*", element: <NotFound /> },
        ],
      },
    ],
  },
];

export const router = createBrowserRouter(routes);
