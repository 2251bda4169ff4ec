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
          { path: "*", element: <NotFound /> },
        ],
      },
    ],
  },
];

export const router = createBrowserRouter(routes);
