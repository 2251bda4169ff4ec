import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client";
import { range, type Period } from "./period";

/** Reports are counted as things happen; looking once a minute is enough. */
const kept = { staleTime: 30_000, refetchInterval: 60_000, placeholderData: keepPreviousData } as const;

export const summaryQuery = (period: Period) =>
  queryOptions({
    ...kept,
    queryKey: ["admin", "reports", "summary", period],
    queryFn: ({ signal }) =>
      ask(api.GET("/api/analytics/summary", { params: { query: { from: range(period, new Date()).from } }, signal })),
  });

export const salesQuery = (period: Period) =>
  queryOptions({
    ...kept,
    queryKey: ["admin", "reports", "sales", period],
    queryFn: ({ signal }) =>
      ask(api.GET("/api/analytics/sales", { params: { query: range(period, new Date()) }, signal })),
  });

export const funnelQuery = (period: Period) =>
  queryOptions({
    ...kept,
    queryKey: ["admin", "reports", "funnel", period],
    queryFn: ({ signal }) =>
      ask(api.GET("/api/analytics/funnel", { params: { query: { from: range(period, new Date()).from } }, signal })),
  });

export const topProductsQuery = (period: Period, sort: "units" | "revenue") =>
  queryOptions({
    ...kept,
    queryKey: ["admin", "reports", "top", period, sort],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/api/analytics/top-products", {
          params: { query: { from: range(period, new Date()).from, sort, limit: 8 } },
          signal,
        }),
      ),
  });

export const paymentsQuery = (period: Period) =>
  queryOptions({
    ...kept,
    queryKey: ["admin", "reports", "payments", period],
    queryFn: ({ signal }) =>
      ask(api.GET("/api/analytics/payments", { params: { query: range(period, new Date()) }, signal })),
  });
