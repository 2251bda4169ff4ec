// Movements of stock. Each has a key of its own that stays the same over retries, so that goods are counted once.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask, type Schema } from "@/api/client";

type Inventory = Schema["inventory"];

export function useStockActions(sku: string) {
  const client = useQueryClient();
  const [key] = useState(() => crypto.randomUUID());
  const params = { path: { sku }, header: { "Idempotency-Key": key } };
  const then = async (answer: Promise<unknown>) => {
    await answer;
    await client.invalidateQueries({ queryKey: ["admin", "stock"] });
  };
  return {
    receive: (body: Inventory["Receipt"]) =>
      then(ask(api.POST("/api/inventory/stock/{sku}/receive", { params, body }))),
    adjust: (body: Inventory["Adjustment"]) =>
      then(ask(api.POST("/api/inventory/stock/{sku}/adjust", { params, body }))),
    transfer: (body: Inventory["Transfer"]) =>
      then(ask(api.POST("/api/inventory/stock/{sku}/transfer", { params, body }))),
    expect: (on: string | null) =>
      then(ask(api.PUT("/api/inventory/stock/{sku}/expected", { params: { path: { sku } }, body: { on } }))),
    setThreshold: (threshold: number | null) =>
      then(ask(api.PUT("/api/inventory/stock/{sku}/threshold", { params: { path: { sku } }, body: { threshold } }))),
  };
}
