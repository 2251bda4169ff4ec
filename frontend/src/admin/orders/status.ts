import type { OrderStatus } from "../data";
import type { Tone } from "../ui/Badge";

export const STATUSES: OrderStatus[] = [
  "placed",
  "reserved",
  "confirmed",
  "shipped",
  "delivered",
  "returned",
  "rejected",
  "cancelled",
  "refunded",
];

/** Confirmed orders wait for somebody to send them. */
export const tones: Record<OrderStatus, Tone> = {
  placed: "plain",
  reserved: "plain",
  confirmed: "wait",
  shipped: "true",
  delivered: "true",
  returned: "plain",
  rejected: "care",
  cancelled: "care",
  refunded: "plain",
};
