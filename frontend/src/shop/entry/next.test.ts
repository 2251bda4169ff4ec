import { expect, test } from "vitest";
import { safeNext } from "./Entry";

test("after signing in nobody is sent to another site", () => {
  expect(safeNext("/checkout", "/account")).toBe("/checkout");
  for (const next of ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", null]) {
    expect(safeNext(next, "/account")).toBe("/account");
  }
});
