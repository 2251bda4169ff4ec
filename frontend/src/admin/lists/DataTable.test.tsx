import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter } from "react-router";
import { beforeAll, expect, test, vi } from "vitest";
import { Problem } from "@/api/problem";
import { loadAdminWords } from "@/i18n";
import { DataTable, type Column } from "./DataTable";

beforeAll(loadAdminWords);

interface Pot {
  id: string;
  title: string;
  price: number;
}
const columns: Column<Pot>[] = [
  { head: "Pot", lead: true, cell: (pot) => pot.title },
  { head: "Price", number: true, cell: (pot) => pot.price },
];
const idle = { isPending: false, isError: false, error: null, isPlaceholderData: false, refetch: vi.fn() };

function show(props: Partial<Parameters<typeof DataTable<Pot>>[0]>) {
  return render(
    <MemoryRouter>
      <DataTable
        caption="Pots"
        columns={columns}
        query={idle}
        rows={[{ id: "a", title: "Blue pot", price: 12 }]}
        rowKey={(pot) => pot.id}
        empty="No pots."
        {...props}
      />
    </MemoryRouter>,
  );
}

test("rows are a table with a name, whose cells say on cards what they are", () => {
  show({});
  expect(screen.getByRole("table", { name: "Pots" })).toBeDefined();
  expect(screen.getAllByRole("columnheader").map((head) => head.textContent)).toEqual(["Pot", "Price"]);
  expect(screen.getByRole("cell", { name: "12" }).dataset.label).toBe("Price");
});

test("while it loads it says so, once, and keeps the place of the rows", () => {
  show({ rows: undefined, query: { ...idle, isPending: true } });
  expect(screen.getByRole("status").textContent).toBe("Loading");
  expect(screen.getAllByRole("row").length).toBeGreaterThan(5);
});

test("nothing is said in words", () => {
  show({ rows: [] });
  expect(screen.getByText("No pots.")).toBeDefined();
  expect(screen.queryByRole("table")).toBeNull();
});

test("what could not be loaded can be tried again", async () => {
  const refetch = vi.fn();
  const error = new Problem(503, "unavailable", "");
  show({ rows: undefined, query: { ...idle, isError: true, error, refetch } as never });
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(refetch).toHaveBeenCalledOnce();
});

test("a page that could not be renewed stays in sight", () => {
  show({ query: { ...idle, isError: true, error: new Problem(503, "unavailable", "") } as never });
  expect(screen.getByText("Blue pot")).toBeDefined();
});

test("there are pages only where there are more", () => {
  const next = (cursor: string) => ({ search: `?cursor=${cursor}`, state: { trail: [] } });
  const { unmount } = show({ pages: { list: { next, previous: undefined }, nextCursor: null } });
  expect(screen.queryByRole("navigation")).toBeNull();
  unmount();
  show({ pages: { list: { next, previous: { search: "?", state: { trail: [] } } }, nextCursor: "abc" } });
  expect(screen.getByRole("link", { name: "Next page" }).getAttribute("href")).toBe("/?cursor=abc");
  expect(screen.getByRole("link", { name: "Previous page" })).toBeDefined();
});
