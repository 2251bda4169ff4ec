import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, expect, test, vi } from "vitest";
import { loadAdminWords } from "@/i18n";
import { Conflict } from "./Conflict";
import type { Product } from "./draft";

beforeAll(loadAdminWords);

const base = {
  slug: "kettle",
  title: "Kettle",
  status: "active",
  vendor: "Coppersmiths",
  product_type: "",
  category: "tea",
  tags: [],
  description_html: "",
  media: [],
  options: [],
  version: 3,
  price_from: { amount_minor: 100, currency: "EUR" },
  variants: [],
  updated_at: "2026-01-02T10:00:00Z",
} as unknown as Product;

function show(theirs: Partial<Product>, patch: object) {
  const calls = { onMerge: vi.fn(async () => undefined), onTakeTheirs: vi.fn(async () => undefined), onClose: vi.fn() };
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Conflict base={base} theirs={{ ...base, version: 4, ...theirs }} patch={patch} {...calls} />
    </QueryClientProvider>,
  );
  return calls;
}

test("it tells who changed what, and puts one's own changes on top only when asked to", async () => {
  const calls = show({ vendor: "The Other Stall" }, { title: "Kettle, mended" });
  const facts = screen.getByRole("dialog").querySelectorAll("dd");
  expect([...facts].map((fact) => fact.textContent)).toEqual(["maker", "title"]);
  expect(screen.queryByText(/Both of you changed/)).toBeNull();
  expect(calls.onMerge).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole("button", { name: "Save mine on top" }));
  expect(calls.onMerge).toHaveBeenCalledOnce();
});

test("it warns where both changed the same, and lets one take the other's", async () => {
  const calls = show({ title: "Teapot" }, { title: "Kettle, mended" });
  expect(screen.getByText(/Both of you changed: title/)).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Drop mine and take theirs" }));
  expect(calls.onTakeTheirs).toHaveBeenCalledOnce();
  expect(calls.onMerge).not.toHaveBeenCalled();
});
