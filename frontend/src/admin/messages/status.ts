import type { Schema } from "@/api/client";
import type { Tone } from "../ui/Badge";

type Message = Schema["notifications"]["Message"];

export const STATUSES: Message["status"][] = ["queued", "delivered", "failed", "bounced", "suppressed"];
export const messageTones: Record<Message["status"], Tone> = {
  queued: "wait",
  delivered: "true",
  failed: "care",
  bounced: "care",
  suppressed: "plain",
};

export const TEMPLATES: Message["template"][] = [
  "welcome",
  "verify_email",
  "reset_password",
  "password_changed",
  "order_confirmed",
  "order_rejected",
  "order_cancelled",
  "order_shipped",
  "order_delivered",
  "return_requested",
  "order_returned",
  "payment_refunded",
  "back_in_stock",
];
