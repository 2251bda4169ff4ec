// The filters of a list live in the address: a list can be sent to somebody, and the back button undoes one choice.
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import type { Filters } from "@/shop/data";

/** Filters that hold several values, by their names in the address. */
export const MANY = ["vendor", "tag", "option"] as const;
export const SORTS = ["newest", "price_asc", "price_desc", "title"] as const;

/** Reads filters from an address; what is not one is passed over. */
export function readFilters(params: URLSearchParams): Filters {
  const filters: Filters = {};
  for (const name of MANY) {
    const values = params.getAll(name).filter(Boolean).sort();
    if (values.length > 0) filters[name] = values;
  }
  for (const name of ["min_price", "max_price"] as const) {
    const value = params.get(name);
    if (value && /^\d{1,10}$/.test(value)) filters[name] = Number(value);
  }
  if (params.get("in_stock") === "true") filters.in_stock = true;
  const sort = params.get("sort");
  if (sort && (SORTS as readonly string[]).includes(sort)) filters.sort = sort;
  return filters;
}

/** How many choices were made, the order apart. */
export function countChoices(filters: Filters): number {
  const many = MANY.reduce((sum, name) => sum + (filters[name]?.length ?? 0), 0);
  const price = filters.min_price !== undefined || filters.max_price !== undefined;
  return many + (price ? 1 : 0) + (filters.in_stock ? 1 : 0);
}

export function useFilters() {
  const [params, setParams] = useSearchParams();
  const filters = useMemo(() => readFilters(params), [params]);
  const change = useCallback(
    (edit: (params: URLSearchParams) => void) => {
      // From the address itself: what was rendered last may not know yet of a choice made a moment ago.
      const after = new URLSearchParams(window.location.search);
      edit(after);
      setParams(after, { preventScrollReset: true });
    },
    [setParams],
  );
  return {
    filters,
    /** Adds or takes away one value of a filter that holds several. */
    toggle: (name: (typeof MANY)[number], value: string) =>
      change((next) => {
        const values = next.getAll(name);
        next.delete(name);
        const now = values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
        for (const one of now) next.append(name, one);
      }),
    /** Sets a filter that holds one value; nothing takes it away. */
    set: (values: Record<string, string | undefined>) =>
      change((next) => {
        for (const [name, value] of Object.entries(values)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
      }),
    clear: () =>
      change((next) => {
        for (const name of [...MANY, "min_price", "max_price", "in_stock"]) next.delete(name);
      }),
  };
}
