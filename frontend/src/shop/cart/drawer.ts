// Whether the cart drawer is open: the header and every "Add to cart" open it.
import { useSyncExternalStore } from "react";

let open = false;
const listeners = new Set<() => void>();

export function showCart(now: boolean): void {
  open = now;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useCartShown(): boolean {
  return useSyncExternalStore(subscribe, () => open);
}
