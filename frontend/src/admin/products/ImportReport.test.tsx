import { render, screen } from "@testing-library/react";
import { beforeAll, expect, test } from "vitest";
import { loadAdminWords } from "@/i18n";
import { ImportReport } from "./ImportReport";

beforeAll(loadAdminWords);

const errors = [
  { line: 3, column: "Variant Price", reason: '"x" is not a price' },
  { line: 7, column: null, reason: "the row has no handle" },
];

test("a file that was refused tells each line and why, and that nothing was written", () => {
  render(<ImportReport errors={errors} />);
  expect(screen.getByRole("alert").textContent).toContain("Nothing was imported");
  const rows = screen.getAllByRole("row").slice(1);
  expect(rows.map((row) => row.textContent)).toEqual(['3Variant Price"x" is not a price', "7–the row has no handle"]);
});

test("a file that was taken tells how many are new, updated and left out", () => {
  const outcome = {
    rows: 9,
    created: 4,
    updated: 2,
    unchanged: 1,
    left_out: 2,
    errors,
    warnings: ["A column is unknown"],
  };
  render(<ImportReport outcome={outcome} errors={errors} />);
  expect(screen.getByRole("alert").textContent).toContain("Some products were left out");
  expect(screen.getByText("2 rows to correct", { selector: "h2" })).toBeDefined();
  expect(screen.getByText("A column is unknown")).toBeDefined();
});

test("a file without faults is good news", () => {
  const outcome = { rows: 1, created: 1, updated: 0, unchanged: 0, left_out: 0, errors: [], warnings: [] };
  render(<ImportReport outcome={outcome} errors={[]} />);
  expect(screen.getByRole("status").textContent).toContain("Everything was imported");
});
