// What pages read from the services, each with the key that it is kept under.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client";

export const categoriesQuery = queryOptions({
  queryKey: ["categories"],
  queryFn: ({ signal }) => ask(api.GET("/api/catalog/categories", { signal })),
  staleTime: 5 * 60_000,
  select: (list) => list.items,
});

export const collectionsQuery = queryOptions({
  queryKey: ["collections"],
  queryFn: ({ signal }) => ask(api.GET("/api/catalog/collections", { signal })),
  staleTime: 5 * 60_000,
  select: (list) => list.items,
});

export const collectionQuery = (slug: string, limit: number) =>
  infiniteQueryOptions({
    queryKey: ["collection", slug, limit],
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET("/api/catalog/collections/{slug}", {
          params: { path: { slug }, query: { limit, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** What a list of products is narrowed to. */
export interface Filters {
  q?: string;
  category?: string;
  in_stock?: boolean;
  min_price?: number;
  max_price?: number;
  vendor?: string[];
  tag?: string[];
  option?: string[];
  sort?: string;
}

export const productsQuery = (filters: Filters, limit = 24) =>
  infiniteQueryOptions({
    queryKey: ["products", filters, limit],
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET("/api/catalog/products", {
          // The counts of the filters are the same on every page.
          params: { query: { ...filters, limit, cursor: pageParam, facets: pageParam === undefined } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });

export const fewProductsQuery = (filters: Filters, limit: number) =>
  queryOptions({
    queryKey: ["few-products", filters, limit],
    queryFn: ({ signal }) =>
      ask(api.GET("/api/catalog/products", { params: { query: { ...filters, limit } }, signal })),
    select: (page) => page.items,
  });

export const productQuery = (slug: string) =>
  queryOptions({
    queryKey: ["product", slug],
    queryFn: ({ signal }) =>
      ask(api.GET("/api/catalog/products/{slug_or_id}", { params: { path: { slug_or_id: slug } }, signal })),
  });

/** How many pieces of each SKU can be sold, and when more are expected. Changes while one looks, so it is asked again. */
export const stockQuery = (skus: string[]) =>
  queryOptions({
    queryKey: ["stock", skus],
    queryFn: ({ signal }) => ask(api.POST("/api/inventory/stock/query", { body: { skus }, signal })),
    select: (list) => new Map(list.items.map((item) => [item.sku, item])),
    enabled: skus.length > 0,
    staleTime: 5_000,
    refetchInterval: 30_000,
  });

export const suggestionsQuery = (q: string) =>
  queryOptions({
    queryKey: ["suggestions", q],
    queryFn: ({ signal }) => ask(api.GET("/api/catalog/suggestions", { params: { query: { q, limit: 6 } }, signal })),
    enabled: q.length > 0,
    placeholderData: keepPreviousData,
  });

export const ordersQuery = infiniteQueryOptions({
  queryKey: ["my", "orders"],
  queryFn: ({ pageParam, signal }) =>
    ask(api.GET("/api/orders", { params: { query: { cursor: pageParam, limit: 20 } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
});

export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: ["my", "order", id],
    queryFn: ({ signal }) => ask(api.GET("/api/orders/{id}", { params: { path: { id } }, signal })),
    staleTime: 0,
  });

export const paymentQuery = (orderId: string) =>
  queryOptions({
    queryKey: ["my", "payment", orderId],
    queryFn: ({ signal }) =>
      ask(api.GET("/api/payments/{order_id}", { params: { path: { order_id: orderId } }, signal })),
    staleTime: 0,
  });

export const addressesQuery = queryOptions({
  queryKey: ["my", "addresses"],
  queryFn: ({ signal }) => ask(api.GET("/api/users/me/addresses", { signal })),
  select: (list) => list.items,
});

export const sessionsQuery = queryOptions({
  queryKey: ["my", "sessions"],
  queryFn: ({ signal }) => ask(api.GET("/api/users/me/sessions", { signal })),
  select: (list) => list.items,
});

export const preferencesQuery = queryOptions({
  queryKey: ["my", "preferences"],
  queryFn: ({ signal }) => ask(api.GET("/api/notifications/preferences", { signal })),
});
