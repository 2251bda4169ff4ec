import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, expect, test, vi } from "vitest";
import { Problem } from "@/api/problem";
import { loadAdminWords } from "@/i18n";
import { Ask, FieldRefused } from "./Ask";

beforeAll(loadAdminWords);

function show(onAct: (form: FormData) => Promise<unknown>) {
  const onClose = vi.fn();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Ask title="Receive" act="Receive goods" onAct={onAct} onClose={onClose}>
        <label>
          Pieces <input name="pieces" defaultValue="5" />
        </label>
      </Ask>
    </QueryClientProvider>,
  );
  return onClose;
}

const press = (name: string) => userEvent.click(screen.getByRole("button", { name }));

test("what was filled in is done, once, and the window closes", async () => {
  let finish: () => void = () => undefined;
  const act = vi.fn((form: FormData) => {
    void form;
    return new Promise<void>((done) => (finish = done));
  });
  const onClose = show(act);
  await press("Receive goods");
  await press("Receive goods");
  expect(act).toHaveBeenCalledOnce();
  expect(act.mock.calls[0]?.[0].get("pieces")).toBe("5");
  expect(onClose).not.toHaveBeenCalled();
  finish();
  await vi.waitFor(() => expect(onClose).toHaveBeenCalledOnce());
});

test("why it was refused is said in the window, which stays open", async () => {
  const onClose = show(() => Promise.reject(new Problem(409, "not-enough-stock", "Only 2 can be taken away.")));
  await press("Receive goods");
  expect((await screen.findByRole("alert")).textContent).toBe("Only 2 can be taken away.");
  expect(onClose).not.toHaveBeenCalled();
});

test("what a field says already is not said twice", async () => {
  show(() => Promise.reject(new FieldRefused()));
  await press("Receive goods");
  expect(screen.queryByRole("alert")).toBeNull();
});

test("it can be left as it is", async () => {
  const act = vi.fn(() => Promise.resolve());
  const onClose = show(act);
  await press("Back");
  expect(onClose).toHaveBeenCalledOnce();
  expect(act).not.toHaveBeenCalled();
});
