// The periods that the dashboard is looked at over.
export const PERIODS = ["today", "week", "month", "year"] as const;
export type Period = (typeof PERIODS)[number];

const DAY_MS = 86_400_000;

export interface Range {
  from: string;
  by: "hour" | "day" | "month";
}

/** From when on, and what is counted by. The reports are in UTC, so days begin when they do there. */
export function range(period: Period, now: Date): Range {
  const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  switch (period) {
    case "today":
      return { from: date(midnight), by: "hour" };
    case "week":
      return { from: date(midnight - 6 * DAY_MS), by: "day" };
    case "month":
      return { from: date(midnight - 29 * DAY_MS), by: "day" };
    case "year":
      return { from: date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 11, 1)), by: "month" };
  }
}

function date(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
