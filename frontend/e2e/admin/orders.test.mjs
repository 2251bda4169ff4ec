// Orders from shipping to refund, returns, and the search in between.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { boss, call, close, order, product, settled, until, work } from "./shop.mjs";

after(close);

test("an order is found, shipped, delivered, and refunded in a part and then whole", async () => {
  const pot = await product("Order Pot");
  const bought = await order(pot.sku, 2);
  const page = await work(await boss());
  await page.goto("/admin/orders?status=confirmed");
  await page.getByLabel("Order number or e-mail").fill(bought.number);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: bought.number }).click();
  const dialog = page.getByRole("dialog");

  await page.getByRole("button", { name: "Mark as shipped" }).click();
  await page.getByText("On its way", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Mark as delivered" }).click();
  await page.getByText("Delivered", { exact: true }).first().waitFor();

  await page.getByRole("main").getByRole("button", { name: "Refund" }).click();
  await dialog.getByRole("radio", { name: "A part" }).check();
  await dialog.getByRole("spinbutton").fill("1");
  const half = Math.floor((bought.total.amount_minor - bought.shipping.amount_minor) / 2);
  assert.equal(await dialog.getByLabel("Amount in EUR").inputValue(), (half / 100).toFixed(2));
  await dialog.getByLabel("Amount in EUR").fill("9999");
  await dialog.getByLabel("Reason").fill("A chip in the glaze");
  await dialog.getByRole("button", { name: "Refund" }).click();
  await dialog.getByText(/Write an amount of at most/).waitFor();
  await dialog.getByLabel("Amount in EUR").fill("25");
  await dialog.getByRole("button", { name: "Refund" }).click();
  await dialog.waitFor({ state: "detached" });
  await until("the part to be given back", async () => (await bought.now()).refunded.amount_minor === 2500);
  await page.getByText("A chip in the glaze").waitFor();

  await page.getByRole("main").getByRole("button", { name: "Refund" }).click();
  await dialog.getByLabel("Reason").fill("The rest, too");
  await dialog.getByRole("button", { name: "Refund" }).click();
  await dialog.waitFor({ state: "detached" });
  await until("all to be given back", async () => {
    const now = await bought.now();
    return now.refunded.amount_minor === now.total.amount_minor;
  });
  await page.getByRole("main").getByRole("button", { name: "Refund" }).waitFor({ state: "detached" });
  assert.deepEqual(page.wrongs, []);
  await page.context().close();
});

test("a return is accepted: what can be sold again is, and the money goes back", async () => {
  const pot = await product("Return Pot", 5);
  const bought = await order(pot.sku, 1);
  const { token } = await boss();
  for (const step of ["ship", "deliver"]) await call("POST", `/api/orders/${bought.id}/${step}`, undefined, token);
  const lines = [{ sku: pot.sku, quantity: 1 }];
  await call("POST", `/api/orders/${bought.id}/return`, { lines, reason: "Too small" }, bought.shopper.token);
  const page = await work(await boss());
  await page.goto(`/admin/orders/${bought.id}`);
  await page.getByText("Too small").waitFor();
  await page.getByRole("button", { name: "Accept return" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Accept return" }).click();
  await page.getByText("Accepted", { exact: true }).waitFor();
  await until("the piece to be on sale again", async () => {
    const stock = await call("GET", `/api/inventory/stock/${pot.sku}`);
    return stock.available === 5;
  });
  await until("the money to be back", async () => {
    const now = await bought.now();
    return now.refunded.amount_minor === now.total.amount_minor;
  });
  await page.context().close();
});

test("an order that was not sent yet is cancelled", async () => {
  const pot = await product("Cancelled Pot", 3);
  const bought = await order(pot.sku, 1);
  const page = await work(await boss());
  await page.goto(`/admin/orders/${bought.id}`);
  await page.getByRole("button", { name: "Cancel order" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel order" }).click();
  await until("the order to be cancelled", async () => ["cancelled", "refunded"].includes((await bought.now()).status));
  await page.context().close();
});

test("a list keeps its filter and its page in the address, and the way back", async () => {
  const page = await work(await boss());
  await page.goto("/admin/products?sort=title");
  await settled(page);
  const first = await page.locator("tbody a").first().innerText();
  await page.getByRole("link", { name: "Next page" }).click();
  await page.waitForFunction((text) => document.querySelector("tbody a")?.textContent !== text, first);
  assert.match(page.url(), /sort=title&cursor=/);
  assert.equal(await page.locator("tbody tr").count(), 25);
  await page.reload();
  await settled(page);
  await page.getByRole("link", { name: "Previous page" }).click();
  await page.waitForFunction((text) => document.querySelector("tbody a")?.textContent === text, first);
  assert.doesNotMatch(page.url(), /cursor=/);
  await page.context().close();
});
