import { expect, test } from "vitest";
import { range } from "./period";

test("a period ends now and begins with a whole hour, day or month in UTC", () => {
  const now = new Date("2026-03-01T00:30:00Z");
  expect(range("today", now)).toEqual({ from: "2026-03-01", by: "hour" });
  expect(range("week", now)).toEqual({ from: "2026-02-23", by: "day" });
  expect(range("month", now)).toEqual({ from: "2026-01-31", by: "day" });
  expect(range("year", now)).toEqual({ from: "2025-04-01", by: "month" });
});
