import { expect, test } from "vitest";
import { ofToday } from "./ofToday";

const DAY_MS = 24 * 60 * 60 * 1000;

test("four different ones are shown, others the next day, and never more than there are", () => {
  const all = Array.from({ length: 12 }, (_, index) => index);
  for (let day = 0; day < 30; day += 1) {
    const today = ofToday(all, day * DAY_MS);
    expect(new Set(today).size).toBe(4);
    expect(ofToday(all, (day + 1) * DAY_MS)).not.toEqual(today);
  }
  expect(ofToday([1, 2]).length).toBe(2);
  expect(ofToday([])).toEqual([]);
});
