import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, ask } from "@/api/client";
import type { Address } from "@/shop/account/AddressFields";
import type { Cart } from "@/shop/cart/useCart";

interface Wanted {
  cart: Cart;
  /** Undefined until it is complete. */
  address: Address | undefined;
  method: string | undefined;
  codes: string[];
}

/** What the cart costs sent there. Asked again a moment after the address was typed, and whenever the cart changes. */
export function useQuote({ cart, address, method, codes }: Wanted) {
  const settled = useSettled(JSON.stringify(address ?? null));
  const to = JSON.parse(settled) as Address | null;
  return useQuery({
    queryKey: ["my", "quote", cart.id, cart.version, cart.items, settled, method, codes],
    queryFn: ({ signal }) =>
      ask(
        api.POST("/api/orders/cart/quote", {
          body: { shipping_address: to ?? ({} as Address), shipping_method: method, promotion_codes: codes },
          signal,
        }),
      ),
    enabled: to !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
    retry: false,
  });
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 350);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
