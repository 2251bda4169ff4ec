// The one way to the services: a client typed by their OpenAPI documents, which signs requests with the session's token.
import createClient from "openapi-fetch";
import { signedFetch } from "@/auth/session";
import type { components as Analytics, paths as AnalyticsPaths } from "./generated/analytics";
import type { components as Catalog, paths as CatalogPaths } from "./generated/catalog";
import type { components as Inventory, paths as InventoryPaths } from "./generated/inventory";
import type { components as Notifications, paths as NotificationsPaths } from "./generated/notifications";
import type { components as Orders, paths as OrdersPaths } from "./generated/orders";
import type { components as Payments, paths as PaymentsPaths } from "./generated/payments";
import type { components as Users, paths as UsersPaths } from "./generated/users";
import { Problem } from "./problem";

type Paths = AnalyticsPaths &
  CatalogPaths &
  InventoryPaths &
  NotificationsPaths &
  OrdersPaths &
  PaymentsPaths &
  UsersPaths;

export const api = createClient<Paths>({ baseUrl: window.location.origin, fetch: signedFetch });

/** The data of an answer; throws the `Problem` that the service reported. */
export async function ask<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await answer;
  if (!response.ok) throw Problem.of(response, error);
  return data as T;
}

/** Schemas of the services, as in `Schema["orders"]["Cart"]`. */
export interface Schema {
  analytics: Analytics["schemas"];
  catalog: Catalog["schemas"];
  inventory: Inventory["schemas"];
  notifications: Notifications["schemas"];
  orders: Orders["schemas"];
  payments: Payments["schemas"];
  users: Users["schemas"];
}

export type Money = Schema["orders"]["Money"];
