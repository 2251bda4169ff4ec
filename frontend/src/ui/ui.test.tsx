import { render, screen } from "@testing-library/react";
import type { FormEvent } from "react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { Button } from "./Button";
import { Checkbox, Field } from "./Field";
import { Stepper } from "./Stepper";

test("a field says its name, its hint and what is wrong with it to a screen reader", () => {
  render(<Field label="City" hint="Where you live" error="This is needed." />);
  const field = screen.getByLabelText("City");
  const described = field.getAttribute("aria-describedby")?.split(" ") ?? [];
  const words = described.map((id) => document.getElementById(id)?.textContent);
  expect(words).toEqual(["Where you live", "This is needed."]);
  expect(field.getAttribute("aria-invalid")).toBe("true");
});

test("a checkbox is ticked by its words", async () => {
  const change = vi.fn();
  render(<Checkbox label="News" checked={false} onChange={change} />);
  await userEvent.click(screen.getByText("News"));
  expect(change).toHaveBeenCalledOnce();
});

test("a button that is busy keeps the focus and does nothing", async () => {
  const press = vi.fn();
  const submit = vi.fn((event: FormEvent) => event.preventDefault());
  const form = (pending: boolean) => (
    <form onSubmit={submit}>
      <Button type="submit" pending={pending} onClick={press}>
        Place order
      </Button>
    </form>
  );
  const { rerender } = render(form(false));
  await userEvent.click(screen.getByRole("button", { name: "Place order" }));
  rerender(form(true));
  const button = screen.getByRole("button", { name: "Place order" });
  await userEvent.click(button);
  expect(document.activeElement).toBe(button);
  expect(press).toHaveBeenCalledOnce();
  expect(submit).toHaveBeenCalledOnce();
});

test("a number of pieces stays between one and what there is", async () => {
  const change = vi.fn();
  render(<Stepper label="Pieces" value={3} max={3} onChange={change} />);
  const more = screen.getByRole("button", { name: "One more" });
  expect(more.getAttribute("aria-disabled")).toBe("true");
  await userEvent.click(more);
  expect(document.activeElement).toBe(more);
  expect(change).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole("button", { name: "One fewer" }));
  expect(change).toHaveBeenLastCalledWith(2);
  const input = screen.getByRole<HTMLInputElement>("textbox", { name: "Pieces" });
  // More than there is becomes what there is, and nonsense what was there.
  for (const typed of ["99{Enter}", "0{Enter}", "many{Tab}"]) {
    await userEvent.clear(input);
    await userEvent.type(input, typed);
    expect(input.value).toBe("3");
  }
  expect(change).toHaveBeenCalledTimes(1);
  await userEvent.clear(input);
  await userEvent.type(input, "1{Enter}");
  expect(change).toHaveBeenLastCalledWith(1);
});
