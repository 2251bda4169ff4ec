// How answers are kept: keys that begin with "my" belong to whoever is signed in and go away with the session.
import { QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem";

/** Once more for what may pass (no answer, 5xx); never for what will stay so (4xx). */
function again(failures: number, error: unknown): boolean {
  const passing = !(error instanceof Problem) || error.status === 0 || error.status >= 500;
  return passing && failures < 2;
}

export const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 30_000, gcTime: 10 * 60_000, retry: again, throwOnError: false },
    mutations: { retry: false, networkMode: "always" },
  },
});

/** Forgets what belongs to whoever was signed in. */
export function forgetMine(): void {
  void queries.cancelQueries({ queryKey: ["my"] });
  queries.removeQueries({ queryKey: ["my"] });
  queries.removeQueries({ queryKey: ["admin"] });
}
