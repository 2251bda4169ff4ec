import { useSyncExternalStore } from "react";
import type { Schema } from "@/api/client";
import { currentSession, onSession, type Session } from "./session";

type Role = Schema["users"]["Role"];

/** Who is shopping. */
export function useSession(): Session {
  return useSyncExternalStore(onSession, currentSession);
}

/** The account that is signed in, if one is. */
export function useAccount(): Schema["users"]["User"] | undefined {
  const session = useSession();
  return session.kind === "account" ? session.user : undefined;
}

/** Whether the account has one of these roles. */
export function useHasRole(...roles: Role[]): boolean {
  return useAccount()?.roles.some((role) => roles.includes(role)) ?? false;
}
