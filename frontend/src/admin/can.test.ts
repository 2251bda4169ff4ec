import { expect, test } from "vitest";
import analytics from "../../../docs/openapi/analytics.json";
import catalog from "../../../docs/openapi/catalog.json";
import inventory from "../../../docs/openapi/inventory.json";
import notifications from "../../../docs/openapi/notifications.json";
import orders from "../../../docs/openapi/orders.json";
import payments from "../../../docs/openapi/payments.json";
import users from "../../../docs/openapi/users.json";
import { may, rules, type Right } from "./can";

interface Document {
  paths: Record<string, Record<string, { security?: Record<string, string[]>[] }>>;
}
const documents = [analytics, catalog, inventory, notifications, orders, payments, users] as unknown as Document[];

/** An operation that stands for each right. */
const operations: Partial<Record<Right, [string, string][]>> = {
  reports: [
    ["get", "/api/analytics/summary"],
    ["get", "/api/analytics/funnel"],
  ],
  products: [
    ["patch", "/api/catalog/products/{slug_or_id}"],
    ["post", "/api/catalog/import"],
    ["get", "/api/catalog/export"],
  ],
  stock: [
    ["get", "/api/inventory/low-stock"],
    ["get", "/api/inventory/stock/{sku}/ledger"],
    ["post", "/api/inventory/stock/{sku}/transfer"],
    ["put", "/api/inventory/stock/{sku}/expected"],
    ["patch", "/api/inventory/locations/{code}"],
  ],
  orders: [["get", "/api/orders/all"]],
  ship: [
    ["post", "/api/orders/{id}/ship"],
    ["post", "/api/orders/{id}/deliver"],
  ],
  returns: [
    ["post", "/api/orders/{id}/returns/{return_id}/accept"],
    ["post", "/api/orders/{id}/returns/{return_id}/reject"],
  ],
  refund: [["post", "/api/orders/{id}/refund"]],
  capture: [
    ["post", "/api/payments/{order_id}/capture"],
    ["post", "/api/payments/{order_id}/void"],
  ],
  customers: [
    ["get", "/api/users"],
    ["get", "/api/users/{id}"],
  ],
  roles: [["patch", "/api/users/{id}"]],
  promotions: [
    ["get", "/api/orders/promotions"],
    ["post", "/api/orders/promotions"],
    ["patch", "/api/orders/promotions/{code}"],
  ],
  messages: [
    ["get", "/api/notifications/messages"],
    ["post", "/api/notifications/messages/{id}/resend"],
  ],
  operations: [
    ["get", "/api/analytics/streams"],
    ["get", "/api/analytics/dead-letters"],
    ["post", "/api/analytics/dead-letters/{stream}/{entry}/replay"],
    ["delete", "/api/analytics/dead-letters/{stream}/{entry}"],
  ],
};

/** Whose own orders they may cancel is every shopper; whose others' they may is in the service alone. */
const undocumented: Right[] = ["cancel"];

test("the back office offers each role what the services let it do", () => {
  for (const right of Object.keys(rules) as Right[]) {
    if (undocumented.includes(right)) continue;
    for (const [method, path] of operations[right] ?? []) {
      const operation = documents.map((document) => document.paths[path]?.[method]).find(Boolean);
      const roles = operation?.security?.flatMap((way) => way.bearer ?? []);
      expect([...(roles ?? [])].sort(), `${right}: ${method} ${path}`).toEqual([...rules[right]].sort());
    }
    expect(operations[right], `no operation stands for ${right}`).toBeDefined();
  }
});

test("a customer may do nothing, and support does not change prices", () => {
  for (const right of Object.keys(rules) as Right[]) expect(may(["customer"], right)).toBe(false);
  expect(may(["customer", "support"], "products")).toBe(false);
  expect(may(["customer", "support"], "refund")).toBe(true);
});
