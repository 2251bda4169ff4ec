// What each role may do in the back office: what the `security` of the services' operations says. A test holds the two
// together. Hiding what somebody may not do is a kindness; the services refuse it anyway.
import { useAccount } from "@/auth/hooks";
import type { Schema } from "@/api/client";

type Role = Schema["users"]["Role"];

export const rules = {
  reports: ["merchant", "admin"],
  products: ["merchant", "admin"],
  stock: ["merchant", "admin"],
  orders: ["support", "merchant", "admin"],
  ship: ["merchant", "admin"],
  returns: ["merchant", "admin"],
  refund: ["support", "admin"],
  cancel: ["support", "admin"],
  capture: ["merchant", "admin"],
  customers: ["support", "admin"],
  roles: ["admin"],
  promotions: ["merchant", "admin"],
  messages: ["support", "admin"],
  operations: ["admin"],
} as const satisfies Record<string, readonly Role[]>;

export type Right = keyof typeof rules;

export function may(roles: readonly Role[], right: Right): boolean {
  const allowed: readonly Role[] = rules[right];
  return roles.some((role) => allowed.includes(role));
}

/** Whether whoever is signed in may do something. */
export function useCan(): (right: Right) => boolean {
  const roles = useAccount()?.roles ?? [];
  return (right) => may(roles, right);
}
