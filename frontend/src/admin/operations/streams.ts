import type { StreamName } from "../data";

export const STREAMS: StreamName[] = ["user", "catalog", "inventory", "order", "payment", "notification", "mailer"];

/** An event as it is read best: JSON with line breaks, or what it is when it is none. */
export function pretty(event: string): string {
  try {
    return JSON.stringify(JSON.parse(event), undefined, 2);
  } catch {
    return event;
  }
}
