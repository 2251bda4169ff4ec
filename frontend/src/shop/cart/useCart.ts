// The cart: one for each shopper, kept by the order service, the same in every tab.
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask, type Schema } from "@/api/client";
import { useSession } from "@/auth/hooks";
import { becomeSomebody } from "@/auth/session";
import { errorText } from "@/lib/errorText";
import { toast } from "@/ui/Toast";

export type Cart = Schema["orders"]["Cart"];

const tabs = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("souk.cart");

export const cartQuery = queryOptions({
  queryKey: ["my", "cart"],
  queryFn: ({ signal }) => ask(api.GET("/api/orders/cart", { signal })),
  staleTime: 10_000,
});

/** Asks for the cart again: here, and in the other tabs. */
export function cartChanged(client: ReturnType<typeof useQueryClient>): void {
  void client.invalidateQueries({ queryKey: cartQuery.queryKey });
  tabs?.postMessage("changed");
}

/** Keeps this tab's cart as new as the others'. */
export function followOtherTabs(client: ReturnType<typeof useQueryClient>): () => void {
  const listener = () => void client.invalidateQueries({ queryKey: cartQuery.queryKey });
  tabs?.addEventListener("message", listener);
  return () => tabs?.removeEventListener("message", listener);
}

/** The cart; nobody's is empty without asking. */
export function useCart() {
  const session = useSession();
  const somebody = session.kind === "guest" || session.kind === "account";
  const query = useQuery({ ...cartQuery, enabled: somebody });
  return {
    cart: somebody ? query.data : undefined,
    isEmpty: session.kind === "nobody" || (query.data !== undefined && query.data.items.length === 0),
    isLoading: session.kind === "starting" || (somebody && query.isPending && !query.isError),
    error: query.error,
    refetch: query.refetch,
  };
}

/** Pieces in the cart. */
export function pieces(cart: Cart | undefined): number {
  return cart?.items.reduce((sum, item) => sum + item.quantity, 0) ?? 0;
}

/** Changes of the cart. Each answers with the cart as it is then. */
export function useCartChanges() {
  const client = useQueryClient();
  const { t } = useTranslation("shop");
  const settled = async (cart: Cart) => {
    // An answer that is on its way may be older than this one.
    await client.cancelQueries({ queryKey: cartQuery.queryKey });
    client.setQueryData(cartQuery.queryKey, cart);
    tabs?.postMessage("changed");
  };
  const failed = (error: unknown) => {
    toast(errorText(error, t), "care");
    void client.invalidateQueries({ queryKey: cartQuery.queryKey });
  };
  const before = () => client.cancelQueries({ queryKey: cartQuery.queryKey });
  const add = useMutation({
    mutationFn: async ({ sku, quantity }: { sku: string; quantity: number }) => {
      await becomeSomebody();
      return ask(api.POST("/api/orders/cart/items/{sku}", { params: { path: { sku } }, body: { add: quantity } }));
    },
    onMutate: before,
    onSuccess: settled,
    onError: failed,
  });
  const set = useMutation({
    mutationFn: ({ sku, quantity }: { sku: string; quantity: number }) =>
      ask(api.PUT("/api/orders/cart/items/{sku}", { params: { path: { sku } }, body: { quantity } })),
    // The stepper shows at once what was asked for; the answer has the sums.
    onMutate: async ({ sku, quantity }) => {
      await before();
      client.setQueryData(
        cartQuery.queryKey,
        (cart) =>
          cart && { ...cart, items: cart.items.map((item) => (item.sku === sku ? { ...item, quantity } : item)) },
      );
    },
    onSuccess: settled,
    onError: failed,
  });
  const remove = useMutation({
    mutationFn: (sku: string) => ask(api.DELETE("/api/orders/cart/items/{sku}", { params: { path: { sku } } })),
    onMutate: before,
    onSuccess: settled,
    onError: failed,
  });
  return { add, set, remove };
}
