import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { MemoryRouter, useLocation, useNavigate } from "react-router";
import { expect, test } from "vitest";
import { useListParams } from "./useListParams";

function list(at: string) {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <MemoryRouter initialEntries={[at]}>{children}</MemoryRouter>
  );
  return renderHook(
    () => ({ list: useListParams(["q", "status"] as const), location: useLocation(), navigate: useNavigate() }),
    { wrapper },
  );
}

test("what a list is narrowed to is in the address, and narrowing begins at the first page", () => {
  const { result } = list("/?q=tea&cursor=abc&other=1");
  expect(result.current.list.values).toEqual({ q: "tea" });
  act(() => result.current.list.narrow({ q: "", status: "draft" }));
  expect(result.current.location.search).toBe("?other=1&status=draft");
  expect(result.current.list.cursor).toBeUndefined();
});

test("from a later page one gets back the way one came", () => {
  const { result } = list("/?q=tea");
  const go = (to: { search: string; state: object } | undefined) =>
    act(() => {
      void result.current.navigate({ search: to?.search ?? "" }, { state: to?.state });
    });
  expect(result.current.list.previous).toBeUndefined();
  go(result.current.list.next("second"));
  go(result.current.list.next("third"));
  expect(result.current.list.cursor).toBe("third");
  go(result.current.list.previous);
  expect(result.current.list.cursor).toBe("second");
  go(result.current.list.previous);
  expect(result.current.location.search).toBe("?q=tea");
  expect(result.current.list.previous).toBeUndefined();
});

test("an address of a page in the middle leads back to the first one", () => {
  const { result } = list("/?cursor=abc");
  expect(result.current.list.previous?.search).toBe("?");
});

test("of two choices made in one breath, neither is lost", () => {
  const { result } = list("/");
  act(() => {
    result.current.list.narrow({ q: "tea" });
    result.current.list.narrow({ status: "draft" });
  });
  expect(result.current.location.search).toBe("?q=tea&status=draft");
});
