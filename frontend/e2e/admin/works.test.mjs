// Stock, promotions, mails, dead letters and health.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { boss, call, close, order, product, redis, settled, someone, until, work } from "./shop.mjs";

after(close);

async function fill(page, act, fields) {
  await page.getByRole("main").getByRole("button", { name: act, exact: true }).click();
  const dialog = page.getByRole("dialog");
  for (const [label, value] of Object.entries(fields)) {
    const field = dialog.getByLabel(label, { exact: true });
    if ((await field.evaluate((element) => element.tagName)) === "SELECT") await field.selectOption(value);
    else await field.fill(value);
  }
  await dialog.getByRole("button", { name: act, exact: true }).click();
  await dialog.waitFor({ state: "detached" });
}

test("the dashboard tells what was sold as a chart and as a table", async () => {
  const pot = await product("Counted Pot");
  const bought = await order(pot.sku, 1);
  const page = await work(await someone("Rui", "merchant"));
  const today = new Date().toISOString().slice(0, 10);
  await until("the sale to be counted", async () => {
    const report = await call(
      "GET",
      `/api/analytics/top-products?from=${today}&limit=100`,
      undefined,
      (await boss()).token,
    );
    return report.items.some((item) => item.sku === bought.items[0].sku);
  });
  await page.goto("/admin/dashboard?period=week");
  const chart = page.getByRole("img", { name: /Revenue over time/ });
  const said = await chart.getAttribute("aria-label");
  await page.getByRole("button", { name: "Table", exact: true }).click();
  const table = page.getByRole("table", { name: "Sales over time" });
  assert.equal(await table.getByRole("row").count(), 8);
  const most = /Most was (\S+) at/.exec(said)?.[1];
  assert.ok((await table.innerText()).includes(most), `${most} is in the table`);
  await chart.waitFor({ state: "detached" });
  await page.context().close();
});

test("goods are received, moved and corrected, and the ledger tells of each", async () => {
  const pot = await product("Stock Pot", 10);
  const { token } = await boss();
  const code = `stall-${process.pid}`;
  await call("POST", "/api/inventory/locations", { code, name: "Summer stall", priority: 50 }, token);
  const page = await work(await someone("Rui", "merchant"));
  await page.goto(`/admin/stock/sku/${pot.sku}`);
  await settled(page);
  await fill(page, "Receive", { Pieces: "5", Location: "main", Reason: "Delivery note 4711" });
  await fill(page, "Move", { Pieces: "4", From: "main", To: code, Reason: "For the summer" });
  await fill(page, "Correct", { "Pieces more or fewer": "-1", Location: code, Reason: "One broke" });
  await page.getByRole("row").filter({ hasText: "One broke" }).waitFor();
  for (const reason of ["Delivery note 4711", "For the summer", "One broke"]) {
    assert.ok((await page.getByRole("row").filter({ hasText: reason }).count()) > 0, reason);
  }
  const stock = await call("GET", `/api/inventory/stock/${pot.sku}/locations`, undefined, token);
  assert.equal(stock.available, 14);
  assert.equal(stock.locations.find((one) => one.location === code)?.available, 3);

  await page.getByLabel("Pieces on sale").fill("20");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Running low", { exact: true }).waitFor();
  await call("PATCH", `/api/inventory/locations/${code}`, { active: false }, token);
  await page.context().close();
});

test("more than there is cannot be taken away, and the dialog says so", async () => {
  const pot = await product("Scarce Pot", 2);
  const page = await work(await boss());
  await page.goto(`/admin/stock/sku/${pot.sku}`);
  await page.getByRole("button", { name: "Correct" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Pieces more or fewer").fill("-50");
  await dialog.getByLabel("Reason").fill("Miscounted");
  await dialog.getByRole("button", { name: "Correct" }).click();
  await dialog
    .getByRole("alert")
    .getByText(/Only 2 of/)
    .waitFor();
  await page.context().close();
});

test("a code that a merchant makes takes its part off a shopper's cart, until it is switched off and deleted", async () => {
  const pot = await product("Promoted Pot");
  const code = `TEST${process.pid}`;
  const page = await work(await someone("Rui", "merchant"));
  await page.goto("/admin/promotions");
  await page.getByRole("button", { name: "New code" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Code", { exact: true }).fill(code.toLowerCase());
  await dialog.getByLabel("What shoppers read").fill("Ten off for tests");
  await dialog.getByLabel("Percent off").fill("10");
  await dialog.getByRole("button", { name: "Create code" }).click();
  await page.getByRole("row").filter({ hasText: code }).getByText("10% off").waitFor();

  const ana = await someone("Ana");
  await until("the pot to be on sale", () =>
    call("PUT", `/api/orders/cart/items/${pot.sku}`, { quantity: 2 }, ana.token).then(
      () => true,
      () => false,
    ),
  );
  const address = { name: "Ana", line1: "Rua 1", city: "Lisboa", postal_code: "1000-001", country: "PT" };
  const body = { shipping_address: address, promotion_codes: [code] };
  assert.equal((await call("POST", "/api/orders/cart/quote", body, ana.token)).discount.amount_minor, 500);

  await page.getByRole("button", { name: `Change ${code}` }).click();
  await dialog.getByRole("checkbox", { name: "Can be used" }).uncheck();
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("row").filter({ hasText: code }).getByText("Switched off").waitFor();

  await page.getByRole("button", { name: `Delete ${code}` }).click();
  await dialog.getByRole("button", { name: "Delete code" }).click();
  await page.getByRole("row").filter({ hasText: code }).waitFor({ state: "detached" });
  await page.context().close();
});

test("a mail is read and sent again", async () => {
  const pot = await product("Mailed Pot");
  const bought = await order(pot.sku, 1);
  const page = await work(await someone("Sofia", "support"));
  await page.goto(`/admin/messages?order_id=${bought.id}`);
  await until("the mail to be there", async () => {
    await page.reload();
    await settled(page);
    return (await page.locator("tbody a").count()) > 0;
  });
  await page.locator("tbody a").first().click();
  await page.getByText("Thank you, Ana").waitFor();
  const first = page.url();
  await page.getByRole("button", { name: "Send again" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Send again" }).click();
  await page.getByRole("link", { name: "The first one" }).waitFor();
  assert.notEqual(page.url(), first);
  await page.context().close();
});

test("a dead letter is shown, put back and dropped", async () => {
  const pot = await product("Buried Pot");
  // A type that nobody wants: put back, it is acknowledged unread.
  const event = JSON.stringify({
    id: "0198b1e0-0000-7000-8000-000000000009",
    type: "test.buried",
    version: 1,
    key: pot.sku,
    occurred_at: "2026-01-01T00:00:00.000Z",
    traceparent: null,
    data: {},
  });
  const bury = (error) =>
    redis("XADD", "souk:catalog:dead", "*", "event", event, "error", error, "group", "order", "deliveries", "5");
  await bury("the first reason");
  await bury("the second reason");
  const page = await work(await boss());
  await page.goto("/admin/health");
  await page
    .getByRole("link", { name: /dead letter/ })
    .first()
    .waitFor();
  for (const [reason, act, said] of [
    ["the second reason", "Put back", "It is back on its stream"],
    ["the first reason", "Drop", "Dropped."],
  ]) {
    await page.goto("/admin/dead-letters?stream=catalog");
    await page.getByRole("row").filter({ hasText: reason }).getByRole("link").click();
    await page.getByText(pot.sku).first().waitFor();
    await page.getByRole("button", { name: act }).click();
    await page.getByRole("dialog").getByRole("button", { name: act }).click();
    await page.getByText(said).waitFor();
    await page.getByRole("row").filter({ hasText: reason }).waitFor({ state: "detached" });
  }
  await page.context().close();
});

test("health tells that every service is ready and every reader up to date", async () => {
  const page = await work(await boss());
  await page.goto("/admin/health");
  await page.waitForFunction(() => (document.body.textContent?.match(/Ready, \d+ ms/g) ?? []).length === 7);
  await page.getByText("Up to date").first().waitFor();
  assert.equal(await page.getByText("Does not answer").count(), 0);
  await page.context().close();
});
