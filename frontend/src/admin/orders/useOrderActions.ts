// What can be done to an order. Each answers the order as it is then, which is shown at once.
import { useQueryClient } from "@tanstack/react-query";
import { api, ask, type Money, type Schema } from "@/api/client";
import { orderQuery } from "../data";

type Order = Schema["orders"]["Order"];

export function useOrderActions(id: string) {
  const client = useQueryClient();
  const path = { id };
  const then = async (answer: Promise<Order>) => {
    client.setQueryData(orderQuery(id).queryKey, await answer);
    await client.invalidateQueries({ queryKey: ["admin", "orders"] });
  };
  return {
    ship: () => then(ask(api.POST("/api/orders/{id}/ship", { params: { path } }))),
    deliver: () => then(ask(api.POST("/api/orders/{id}/deliver", { params: { path } }))),
    cancel: () => then(ask(api.POST("/api/orders/{id}/cancel", { params: { path } }))),
    /** `key` is the same for each try of one refund, so that an answer that got lost does not pay twice. */
    refund: (key: string, body: Schema["orders"]["RefundRequest"]) =>
      then(ask(api.POST("/api/orders/{id}/refund", { params: { path, header: { "Idempotency-Key": key } }, body }))),
    accept: (returnId: string, restock: string[], refund: Money | undefined) =>
      then(
        ask(
          api.POST("/api/orders/{id}/returns/{return_id}/accept", {
            params: { path: { id, return_id: returnId } },
            body: { restock, refund },
          }),
        ),
      ),
    reject: (returnId: string, reason: string) =>
      then(
        ask(
          api.POST("/api/orders/{id}/returns/{return_id}/reject", {
            params: { path: { id, return_id: returnId } },
            body: { reason },
          }),
        ),
      ),
  };
}
