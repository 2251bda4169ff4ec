import { render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { Boundary } from "./Boundary";

function Broken(): never {
  throw new Error("a mistake of ours");
}

test("a page that breaks says so kindly, and the next one is shown", () => {
  const console_ = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { rerender } = render(
    <Boundary place="/admin/stock">
      <Broken />
    </Boundary>,
  );
  expect(screen.getByRole("alert").textContent).toContain("Something broke on our side");
  expect(screen.queryByText(/a mistake of ours/)).toBeNull();
  rerender(
    <Boundary place="/admin/orders">
      <p>All orders</p>
    </Boundary>,
  );
  expect(screen.getByText("All orders")).toBeDefined();
  console_.mockRestore();
});
