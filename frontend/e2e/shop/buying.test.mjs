// A purchase, and each way in which one can go wrong, in a real browser against a real shop.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { boss, call, close, someone, until } from "../admin/shop.mjs";
import { enter, fill, heading, onSale, ordersOf, placeButton, sold, take, toCheckout, visit } from "./steps.mjs";

after(close);

function calm(page) {
  // A refused order is a 409, which browsers write to the console.
  assert.deepEqual(
    page.wrongs.filter((text) => !text.includes("409")),
    [],
  );
}

test("a guest buys from the shelf to the confirmation, and it is there after a reload", async () => {
  const pot = await sold("Blue Pot");
  const page = await visit();
  await take(page, pot);
  await toCheckout(page, { email: "guest@tests.example" });
  const button = await placeButton(page).innerText();
  await placeButton(page).click();
  await heading(page, "Thank you. It is yours");
  assert.match(page.url(), /\/orders\/[0-9a-f-]{36}$/);
  assert.ok((await page.locator("main").innerText()).includes(button.replace("Place order, ", "")));
  await page.reload();
  await page.getByText("Set aside").first().waitFor();
  await page.getByRole("button", { name: "Cart, empty" }).waitFor();
  calm(page);
});

test("it all works with the keyboard alone", async () => {
  const pot = await sold("Keyboard Pot");
  const page = await visit();
  await page.goto(`/products/${pot.slug}`);
  const add = page.getByRole("button", { name: "Add to cart" });
  await add.waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Skip to content");
  await add.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByText(pot.title).waitFor();
  for (let tab = 0; tab < 12; tab += 1) {
    await page.keyboard.press("Tab");
    assert.ok(await dialog.evaluate((one) => one.contains(document.activeElement)), "the focus left the drawer");
  }
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.goto("/checkout");
  await fill(page, { email: "keys@tests.example" });
  await placeButton(page).focus();
  await page.keyboard.press("Enter");
  await heading(page, "Thank you. It is yours");
  calm(page);
});

test("a declined card says so, charges nothing, and another one can be tried", async () => {
  const pot = await sold("Green Pot");
  const ana = await someone("Ana");
  const page = await visit();
  await enter(page, ana);
  await take(page, pot);
  await toCheckout(page);
  await page.getByText("A card that is declined").click();
  await placeButton(page).click();
  await heading(page, "The card was declined");
  await page.getByText("Nothing was charged, and nothing was ordered.").waitFor();
  await page.getByRole("button", { name: "Try another card" }).click();
  await heading(page, "Checkout");
  // The address is still there.
  await placeButton(page).waitFor();
  await placeButton(page).click();
  await heading(page, "Thank you. It is yours");
  assert.deepEqual((await ordersOf(ana)).map(({ status }) => status).sort(), ["cancelled", "confirmed"]);
  calm(page);
});

test("what was sold meanwhile is not charged, and the shopper is told", async () => {
  const pot = await sold("Last Pot", 1);
  const page = await visit();
  await page.goto(`/products/${pot.slug}`);
  await page.getByText("Only 1 left").waitFor();
  await take(page, pot);
  await toCheckout(page, { email: "late@tests.example" });
  const { token } = await boss();
  await call("POST", `/api/inventory/stock/${pot.sku}/adjust`, { delta: -1, reason: "sold at the stall" }, token);
  await placeButton(page).click();
  await heading(page, "Somebody was faster");
  await page.getByText("Nothing was charged, and nothing was ordered.").waitFor();
  await page.goto(`/products/${pot.slug}`);
  await page.getByText("Sold out for now").waitFor();
  await page.getByRole("link", { name: "Sign in, and we tell you when it is back" }).waitFor();
  const ana = await someone("Ana");
  await enter(page, ana);
  await page.goto(`/products/${pot.slug}`);
  await page.getByRole("button", { name: "Tell me when it is back" }).click();
  await page.getByText("A mail comes as soon as it is back.").waitFor();
  calm(page);
});

test("a price that changed is shown and agreed to before anything is ordered", async () => {
  const pot = await sold("Dear Pot");
  const ana = await someone("Ana");
  const page = await visit();
  await enter(page, ana);
  await take(page, pot);
  await toCheckout(page);
  const before = await placeButton(page).innerText();
  const { token } = await boss();
  const variants = [{ sku: pot.sku, price: { amount_minor: 2900, currency: "EUR" }, grams: 300 }];
  await call("PATCH", `/api/catalog/products/${pot.slug}`, { options: [], variants }, token, {
    "if-match": `"${pot.version}"`,
  });
  await onSale(ana, pot.sku, 2900);
  await placeButton(page).click();
  await page.getByText("A price changed while you were here").waitFor();
  assert.deepEqual(await ordersOf(ana), []);
  const after = await placeButton(page).innerText();
  assert.notEqual(after, before);
  await placeButton(page).click();
  await heading(page, "Thank you. It is yours");
  assert.ok((await page.locator("main").innerText()).includes(after.replace("Place order, ", "")));
  calm(page);
});

test("two tabs share one cart, and it is ordered once", async () => {
  const pot = await sold("Shared Pot");
  const ana = await someone("Ana");
  const one = await visit();
  await enter(one, ana);
  const two = await one.context().newPage();
  await two.goto("/");
  await two.getByRole("button", { name: "Cart, empty" }).waitFor();
  await take(one, pot);
  await two.getByRole("button", { name: "Cart, 1 piece" }).waitFor();
  await toCheckout(one);
  await two.goto("/checkout");
  await fill(two);
  // The slower tab may lose its button to the other's order before it is pressed.
  await Promise.allSettled([placeButton(one).click({ timeout: 5000 }), placeButton(two).click({ timeout: 5000 })]);
  const ends = (page) =>
    Promise.any([
      heading(page, "Thank you. It is yours"),
      page.getByText("This cart was ordered already").waitFor(),
      page.getByText("Nothing in it yet").waitFor(),
    ]);
  await Promise.all([ends(one), ends(two)]);
  await until("the order to be confirmed", async () => (await ordersOf(ana))[0]?.status === "confirmed");
  assert.equal((await ordersOf(ana)).length, 1);
  calm(one);
});

test("a reload in the middle of checkout loses nothing, and going back afterwards orders nothing again", async () => {
  const pot = await sold("Steady Pot");
  const ana = await someone("Ana");
  const page = await visit();
  await enter(page, ana);
  await take(page, pot);
  await toCheckout(page);
  await page.getByText("Express").click();
  const express = page.getByRole("radio", { name: /Express/ });
  await page.reload();
  await page.reload();
  await placeButton(page).waitFor();
  assert.equal(await page.getByLabel("Street and number").inputValue(), "Rua das Flores 7");
  assert.ok(await express.isChecked());
  await page.goBack();
  await page.goForward();
  await placeButton(page).click();
  await heading(page, "Thank you. It is yours");
  await page.goBack();
  await page.getByRole("button", { name: "Cart, empty" }).waitFor();
  assert.equal(await placeButton(page).count(), 0);
  assert.equal((await ordersOf(ana)).length, 1);
  calm(page);
});

test("a promotion code that cannot be used is said to be, beside the code, and the order goes on without it", async () => {
  const pot = await sold("Cheap Pot");
  const page = await visit();
  await take(page, pot);
  await toCheckout(page, { email: "code@tests.example" });
  await page.getByLabel("Promotion code").fill("NO-SUCH-CODE");
  await page.getByLabel("Promotion code").press("Enter");
  await page.locator("[id$=-error]", { hasText: "NO-SUCH-CODE: There is no such code." }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Take NO-SUCH-CODE off" }).count(), 0);
  await placeButton(page).click();
  await heading(page, "Thank you. It is yours");
});
