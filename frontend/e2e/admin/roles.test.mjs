// Each role sees its work and nothing else.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { close, order, product, settled, someone, work } from "./shop.mjs";

after(close);

const rooms = (page) => page.locator("aside nav a").allInnerTexts();

test("support sees orders, customers and mails, and cannot open what is the merchant's or the admin's", async () => {
  const sofia = await someone("Sofia", "support");
  const pot = await product("Support Pot");
  const bought = await order(pot.sku);
  const page = await work(sofia);
  assert.deepEqual(await rooms(page), ["Orders", "Customers", "Messages"]);
  assert.match(page.url(), /\/admin\/orders$/);
  for (const path of [
    "dashboard",
    `products/${pot.slug}`,
    `stock/sku/${pot.sku}`,
    "promotions",
    "dead-letters",
    "health",
  ]) {
    await page.goto(`/admin/${path}`);
    await page.getByRole("heading", { name: "This is somebody else's work" }).waitFor();
  }
  await page.goto(`/admin/orders/${bought.id}`);
  await page.getByRole("button", { name: "Cancel order" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Mark as shipped" }).count(), 0);
  await page.goto(`/admin/customers/${bought.shopper.id}`);
  await settled(page);
  assert.equal(await page.getByRole("button", { name: "Disable" }).count(), 0);
  assert.ok(await page.getByRole("checkbox", { name: "Admin" }).isDisabled());
  assert.deepEqual(page.wrongs, []);
  await page.context().close();
});

test("a merchant sees the shop and neither customers nor machinery, and does not refund", async () => {
  const rui = await someone("Rui", "merchant");
  const pot = await product("Merchant Pot");
  const bought = await order(pot.sku);
  const page = await work(rui);
  assert.deepEqual(await rooms(page), ["Dashboard", "Orders", "Products", "Stock", "Promotions"]);
  await page.goto(`/admin/orders/${bought.id}`);
  await page.getByRole("button", { name: "Mark as shipped" }).waitFor();
  for (const name of ["Refund", "Cancel order"]) assert.equal(await page.getByRole("button", { name }).count(), 0);
  await page.context().close();
});

test("a customer stands at the door", async () => {
  const ana = await someone("Ana");
  const page = await work(ana);
  await page.getByText("this account has no role in the back office").waitFor();
  assert.equal(await page.locator("nav a").count(), 0);
  await page.context().close();
});

test("an admin gives a role, disables an account and enables it again", async () => {
  const [bea, eva] = [await someone("Bea", "admin"), await someone("Eva")];
  const page = await work(bea);
  await page.goto(`/admin/customers?q=${encodeURIComponent(eva.email)}`);
  await page.getByRole("link", { name: "Eva" }).click();
  await page.getByRole("checkbox", { name: "Support" }).check();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("status").getByText("Saved.").waitFor();
  for (const name of ["Disable", "Enable"]) {
    await page.getByRole("main").getByRole("button", { name, exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name, exact: true }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
  await page.getByRole("main").getByRole("button", { name: "Disable", exact: true }).waitFor();
  await page.context().close();

  const hers = await work(eva);
  assert.deepEqual(await rooms(hers), ["Orders", "Customers", "Messages"]);
  await hers.context().close();
});
