// What the pages of the back office read, each with the key that it is kept under.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, ask, type Schema } from "@/api/client";

/** Rows on a page of a list. */
const ROWS = 25;

type Of<T> = T | undefined;

/** Options of every list: the page before stays in sight while the next one comes. */
const listed = { placeholderData: keepPreviousData, staleTime: 5_000 } as const;

export type OrderStatus = Schema["orders"]["Status"];
export interface OrderFilters {
  q?: string;
  status?: string;
  from?: string;
  until?: string;
  sort?: string;
}

export const ordersQuery = (filters: OrderFilters, cursor: Of<string>) =>
  queryOptions({
    ...listed,
    queryKey: ["admin", "orders", "list", filters, cursor],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/api/orders/all", {
          params: {
            query: {
              q: filters.q,
              status: filters.status as Of<OrderStatus>,
              from: filters.from && dayStart(filters.from),
              until: filters.until && dayStart(filters.until, 1),
              sort: filters.sort as Of<"newest">,
              cursor,
              limit: ROWS,
            },
          },
          signal,
        }),
      ),
  });

/** The beginning of a day here, `later` days on, as a moment. */
function dayStart(day: string, later = 0): string | undefined {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const moment = new Date(year, month - 1, date + later);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: ["admin", "orders", "one", id],
    queryFn: ({ signal }) => ask(api.GET("/api/orders/{id}", { params: { path: { id } }, signal })),
    staleTime: 0,
  });

/** Whose order it is: the order itself does not say. */
export const ordererQuery = (number: Of<string>) =>
  queryOptions({
    queryKey: ["admin", "orders", "whose", number],
    queryFn: ({ signal }) => ask(api.GET("/api/orders/all", { params: { query: { q: number, limit: 1 } }, signal })),
    select: (page) => page.items[0],
    enabled: number !== undefined,
  });

/** `as` names the state of the order: in another one its payment is another, too. */
export const paymentQuery = (orderId: string, as: string) =>
  queryOptions({
    queryKey: ["admin", "orders", "payment", orderId, as],
    queryFn: ({ signal }) =>
      ask(api.GET("/api/payments/{order_id}", { params: { path: { order_id: orderId } }, signal })),
    staleTime: 0,
  });

export interface ProductFilters {
  q?: string;
  status?: string;
  category?: string;
  sort?: string;
}

export const productsQuery = (filters: ProductFilters, cursor: Of<string>) =>
  queryOptions({
    ...listed,
    queryKey: ["admin", "products", "list", filters, cursor],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/api/catalog/products", {
          params: { query: { ...filters, status: filters.status ?? "all", cursor, limit: ROWS } },
          signal,
        }),
      ),
  });

export const productQuery = (slug: string) =>
  queryOptions({
    queryKey: ["admin", "products", "one", slug],
    queryFn: ({ signal }) =>
      ask(api.GET("/api/catalog/products/{slug_or_id}", { params: { path: { slug_or_id: slug } }, signal })),
    // What a form was filled from must not change below it.
    staleTime: Infinity,
    gcTime: 0,
  });

export const categoriesQuery = queryOptions({
  queryKey: ["admin", "categories"],
  queryFn: ({ signal }) => ask(api.GET("/api/catalog/categories", { params: { query: { empty: true } }, signal })),
  select: (list) => list.items,
});

export const lowStockQuery = (threshold: Of<number>, cursor: Of<string>, limit = ROWS, q?: string) =>
  queryOptions({
    ...listed,
    queryKey: ["admin", "stock", "low", threshold, cursor, limit, q],
    queryFn: ({ signal }) =>
      ask(api.GET("/api/inventory/low-stock", { params: { query: { threshold, cursor, limit, q } }, signal })),
  });

export const skuQuery = (sku: string) =>
  queryOptions({
    queryKey: ["admin", "stock", "sku", sku],
    queryFn: ({ signal }) =>
      ask(api.GET("/api/inventory/stock/{sku}/locations", { params: { path: { sku } }, signal })),
    staleTime: 0,
  });

export const ledgerQuery = (sku: string, location: Of<string>, cursor: Of<string>) =>
  queryOptions({
    ...listed,
    queryKey: ["admin", "stock", "ledger", sku, location, cursor],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/api/inventory/stock/{sku}/ledger", {
          params: { path: { sku }, query: { location, cursor, limit: ROWS } },
          signal,
        }),
      ),
  });

export const locationsQuery = queryOptions({
  queryKey: ["admin", "stock", "locations"],
  queryFn: ({ signal }) => ask(api.GET("/api/inventory/locations", { signal })),
  select: (list) => list.items.toSorted((a, b) => a.priority - b.priority || a.code.localeCompare(b.code)),
});

export interface CustomerFilters {
  q?: string;
  role?: string;
  disabled?: string;
}

export const customersQuery = (filters: CustomerFilters, cursor: Of<string>) =>
  queryOptions({
    ...listed,
    queryKey: ["admin", "customers", "list", filters, cursor],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/api/users", {
          params: {
            query: {
              q: filters.q,
              role: filters.role as Of<Schema["users"]["Role"]>,
              disabled: filters.disabled === undefined ? undefined : filters.disabled === "true",
              cursor,
              limit: ROWS,
            },
          },
          signal,
        }),
      ),
  });

export const customerQuery = (id: string) =>
  queryOptions({
    queryKey: ["admin", "customers", "one", id],
    queryFn: ({ signal }) => ask(api.GET("/api/users/{id}", { params: { path: { id } }, signal })),
    staleTime: 0,
  });

export const promotionsQuery = (cursor: Of<string>) =>
  queryOptions({
    ...listed,
    queryKey: ["admin", "promotions", cursor],
    queryFn: ({ signal }) =>
      ask(api.GET("/api/orders/promotions", { params: { query: { cursor, limit: ROWS } }, signal })),
  });

export interface MessageFilters {
  status?: string;
  template?: string;
  recipient?: string;
  order_id?: string;
  user_id?: string;
}

export const messagesQuery = (filters: MessageFilters, cursor: Of<string>) =>
  queryOptions({
    ...listed,
    queryKey: ["admin", "messages", "list", filters, cursor],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/api/notifications/messages", {
          params: { query: { ...(filters as object), cursor, limit: ROWS } },
          signal,
        }),
      ),
  });

export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: ["admin", "messages", "one", id],
    queryFn: ({ signal }) => ask(api.GET("/api/notifications/messages/{id}", { params: { path: { id } }, signal })),
    staleTime: 0,
  });

export type StreamName = Schema["analytics"]["Stream"];

export const deadLettersQuery = (stream: Of<string>, cursor: Of<string>) =>
  queryOptions({
    ...listed,
    queryKey: ["admin", "dead-letters", "list", stream, cursor],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/api/analytics/dead-letters", {
          params: { query: { stream: stream as Of<StreamName>, cursor, limit: ROWS } },
          signal,
        }),
      ),
  });

export const deadLetterQuery = (stream: string, entry: string) =>
  queryOptions({
    queryKey: ["admin", "dead-letters", "one", stream, entry],
    queryFn: ({ signal }) =>
      ask(api.GET("/api/analytics/dead-letters/{stream}/{entry}", { params: { path: { stream, entry } }, signal })),
    staleTime: 0,
  });

export const streamsQuery = queryOptions({
  queryKey: ["admin", "streams"],
  queryFn: ({ signal }) => ask(api.GET("/api/analytics/streams", { signal })),
  select: (list) => list.items,
  refetchInterval: 5_000,
});
