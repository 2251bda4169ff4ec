import { expect, test } from "vitest";
import { verdict } from "./health";
import { pretty } from "./streams";

test("a group that has work is busy, and one whose work waits for long is stuck", () => {
  const group = { group: "order", lag: 0, pending: 0, oldest_pending_seconds: 0 };
  expect(verdict(group)).toBe("fine");
  expect(verdict({ ...group, lag: 5, pending: 3, oldest_pending_seconds: 2 })).toBe("fine");
  expect(verdict({ ...group, lag: 5_000 })).toBe("busy");
  expect(verdict({ ...group, pending: 1, oldest_pending_seconds: 600 })).toBe("stuck");
});

test("an event is shown as JSON, and what is none as it is", () => {
  expect(pretty('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(pretty("{ not an event")).toBe("{ not an event");
});
