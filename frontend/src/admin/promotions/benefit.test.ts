import { expect, test } from "vitest";
import { fromLocal, readBenefit, stateOf, toLocal, type Promotion } from "./benefit";

function form(values: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  return data;
}

test("a percentage is hundredths of a percent, however its comma is written", () => {
  expect(readBenefit("percentage", form({ percent: "12,5" }))).toEqual({ kind: "percentage", basis_points: 1250 });
  expect(readBenefit("percentage", form({ percent: "100" }))).toEqual({ kind: "percentage", basis_points: 10_000 });
  for (const bad of ["0", "101", "x", ""]) {
    expect(readBenefit("percentage", form({ percent: bad }))).toEqual({ wrong: "percent" });
  }
});

test("an amount off is more than nothing", () => {
  expect(readBenefit("fixed_amount", form({ amount: "5", currency: "EUR" }))).toEqual({
    kind: "fixed_amount",
    amount: { amount_minor: 500, currency: "EUR" },
  });
  expect(readBenefit("fixed_amount", form({ amount: "0", currency: "EUR" }))).toEqual({ wrong: "amount" });
});

test("a code tells why it cannot be used", () => {
  const code: Promotion = {
    code: "WELCOME10",
    label: "10 % off",
    benefit: { kind: "free_shipping" },
    skus: [],
    categories: [],
    combinable: false,
    active: true,
    used: 3,
    created_at: "2026-01-01T00:00:00Z",
  };
  const now = new Date("2026-06-01T12:00:00Z");
  expect(stateOf(code, now)).toBe("running");
  expect(stateOf({ ...code, active: false }, now)).toBe("off");
  expect(stateOf({ ...code, valid_from: "2026-06-02T00:00:00Z" }, now)).toBe("later");
  expect(stateOf({ ...code, valid_until: "2026-06-01T12:00:00Z" }, now)).toBe("over");
  expect(stateOf({ ...code, max_uses: 3 }, now)).toBe("used");
});

test("a moment goes into a field and comes back", () => {
  expect(fromLocal(toLocal("2026-06-01T12:30:00.000Z"))).toBe("2026-06-01T12:30:00.000Z");
  expect(fromLocal(toLocal(null))).toBeNull();
});
