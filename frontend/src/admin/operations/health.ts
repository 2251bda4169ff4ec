import { queryOptions } from "@tanstack/react-query";
import type { Schema } from "@/api/client";

/** The services, and where their API is. */
export const APIS = [
  { service: "user", api: "users" },
  { service: "catalog", api: "catalog" },
  { service: "inventory", api: "inventory" },
  { service: "order", api: "orders" },
  { service: "payment", api: "payments" },
  { service: "notification", api: "notifications" },
  { service: "analytics", api: "analytics" },
] as const;

export interface Readiness {
  ready: boolean;
  /** How long the answer took. */
  ms: number;
}

/** Whether a service and what it needs answer. One that does not is an answer, too. */
export const readyQuery = (api: string) =>
  queryOptions({
    queryKey: ["admin", "health", api],
    queryFn: async ({ signal }): Promise<Readiness> => {
      const begin = performance.now();
      const response = await fetch(`/api/${api}/readyz`, { signal, cache: "no-store" }).catch((error: unknown) => {
        if (signal.aborted) throw error;
        return undefined;
      });
      return { ready: response?.ok ?? false, ms: Math.round(performance.now() - begin) };
    },
    staleTime: 0,
    refetchInterval: 5_000,
  });

/** Longer than five tries, five seconds apart, something waits for nobody. */
const STUCK_S = 60;
const BUSY = 100;

/** What figures of a consumer group mean. */
export function verdict(group: Schema["analytics"]["GroupState"]): "fine" | "busy" | "stuck" {
  if (group.pending > 0 && group.oldest_pending_seconds > STUCK_S) return "stuck";
  return group.lag + group.pending > BUSY ? "busy" : "fine";
}
