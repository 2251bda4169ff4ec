// What was filled in at checkout, for this tab: a reload or a look back at the cart must not lose it. No card is in it.
import type { Address } from "@/shop/account/AddressFields";

export interface Draft {
  email?: string;
  address?: Address;
  method?: string;
  codes?: string[];
  /** The Idempotency-Key of the last attempt, and what it was sent for. */
  attempt?: { key: string; for: string };
}

const KEPT = "souk.checkout";

export function readDraft(): Draft {
  try {
    return (JSON.parse(sessionStorage.getItem(KEPT) ?? "{}") ?? {}) as Draft;
  } catch {
    return {};
  }
}

export function keepDraft(change: Partial<Draft>): void {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ ...readDraft(), ...change }));
  } catch {
    // Then a reload begins anew.
  }
}

/**
 * The Idempotency-Key to send a request with: the one of the attempt before when it is the same request (its answer may
 * have been lost), a new one otherwise.
 */
export function keyFor(request: object): string {
  const content = JSON.stringify(request);
  const { attempt } = readDraft();
  if (attempt?.for === content) return attempt.key;
  const key = crypto.randomUUID();
  keepDraft({ attempt: { key, for: content } });
  return key;
}
