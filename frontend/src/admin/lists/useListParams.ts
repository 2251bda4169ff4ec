// What a list is narrowed to and which page of it is shown: kept in the address, so that it can be kept, sent and gone
// back to. The pages before are remembered beside it (keyset pages know no way back).
import { useEffect, useRef } from "react";
import { useLocation, useSearchParams } from "react-router";

export interface ListParams<K extends string> {
  values: Partial<Record<K, string>>;
  cursor: string | undefined;
  /** Narrows the list to something else, from its beginning. Empty values are taken out of the address. */
  narrow: (changes: Partial<Record<K, string>>) => void;
  /** Addresses of the pages around; `trail` is what `Link` wants as its state. */
  next: (cursor: string) => { search: string; state: { trail: string[] } };
  previous: { search: string; state: { trail: string[] } } | undefined;
}

export function useListParams<K extends string>(keys: readonly K[]): ListParams<K> {
  const [params, setParams] = useSearchParams();
  // What was chosen a moment ago may not be rendered yet, and must not be lost by the next choice.
  const latest = useRef(params);
  useEffect(() => {
    latest.current = params;
  }, [params]);
  const { state } = useLocation() as { state: { trail?: unknown } | null };
  const trail = Array.isArray(state?.trail) ? (state.trail as string[]) : [];
  const cursor = params.get("cursor") ?? undefined;

  const values: Partial<Record<K, string>> = {};
  for (const key of keys) {
    const value = params.get(key);
    if (value) values[key] = value;
  }
  const at = (position: string | undefined) => {
    const copy = new URLSearchParams(params);
    if (position) copy.set("cursor", position);
    else copy.delete("cursor");
    return `?${copy}`;
  };
  return {
    values,
    cursor,
    narrow: (changes) => {
      const after = new URLSearchParams(latest.current);
      after.delete("cursor");
      for (const [key, value] of Object.entries(changes) as [K, string | undefined][]) {
        if (value) after.set(key, value);
        else after.delete(key);
      }
      latest.current = after;
      setParams(after);
    },
    next: (position) => ({ search: at(position), state: { trail: [...trail, cursor ?? ""] } }),
    // Whoever opened the address of a page in the middle gets to the first one.
    previous: cursor ? { search: at(trail.at(-1)), state: { trail: trail.slice(0, -1) } } : undefined,
  };
}
