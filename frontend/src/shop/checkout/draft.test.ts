import { beforeEach, expect, test } from "vitest";
import { keepDraft, keyFor, readDraft } from "./draft";

beforeEach(() => sessionStorage.clear());

test("an answer that was lost is asked for with the same key, and another order with another", () => {
  const key = keyFor({ total: 1 });
  expect(keyFor({ total: 1 })).toBe(key);
  expect(keyFor({ total: 2 })).not.toBe(key);
});

test("a draft outlives what it cannot read", () => {
  sessionStorage.setItem("souk.checkout", "{");
  expect(readDraft()).toEqual({});
  keepDraft({ email: "a@b.example" });
  keepDraft({ codes: ["X"] });
  expect(readDraft()).toEqual({ email: "a@b.example", codes: ["X"] });
});
