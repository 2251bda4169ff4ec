// When more is expected: a merchant says it once, and shoppers read it until goods come or the day has passed.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { sold } from "../shop/steps.mjs";
import { boss, call, close, open, product, settled, someone, until, work } from "./shop.mjs";

after(close);

/** A day some weeks ahead, as the service and as shoppers read it. */
function someDay() {
  const day = new Date(Date.now() + 40 * 86_400_000);
  const ofYear = day.getUTCFullYear() === new Date().getFullYear() ? undefined : "numeric";
  const words = (tag) =>
    new Intl.DateTimeFormat(tag, { day: "numeric", month: "long", year: ofYear, timeZone: "UTC" }).format(day);
  return { iso: day.toISOString().slice(0, 10), en: words("en-IE"), pt: words("pt-PT") };
}

/** Takes away all there is of it. */
async function sellOut(sku) {
  const { token } = await boss();
  const { available } = await call("GET", `/api/inventory/stock/${sku}`);
  await call("POST", `/api/inventory/stock/${sku}/adjust`, { delta: -available, reason: "tests" }, token);
}

test("shoppers read when more is expected, in their language, until it has come", async () => {
  const pot = await sold("Awaited Pot", 2);
  const day = someDay();
  const shopper = await open();
  await shopper.goto(`/products/${pot.slug}`);
  await shopper.getByRole("button", { name: "Add to cart" }).click();
  await shopper.getByRole("dialog").getByText("Awaited Pot").waitFor();
  await sellOut(pot.sku);

  const merchant = await work(await someone("Rui", "merchant"));
  await merchant.goto(`/admin/stock/sku/${pot.sku}`);
  await settled(merchant);
  const form = merchant.locator("form", { has: merchant.getByLabel("On", { exact: true }) });
  await form.getByLabel("On", { exact: true }).fill(day.iso);
  await form.getByRole("button", { name: "Set the day" }).click();
  await merchant.getByRole("cell", { name: `More expected on ${day.en}` }).waitFor();

  await shopper.goto("/cart");
  await shopper.getByText(`Sold out for now, back on ${day.en}.`).waitFor();
  await shopper.goto(`/products/${pot.slug}`);
  await shopper.getByText(`Sold out for now, back on ${day.en}`).waitFor();
  const portuguese = await open({ locale: "pt", width: 360, height: 740 });
  await portuguese.goto(`/products/${pot.slug}`);
  await portuguese.getByText(`Esgotado por agora, volta a ${day.pt}`).waitFor();

  // Nobody knows any more: then it is as sold out as anything.
  await form.getByRole("button", { name: "Nobody knows" }).click();
  await merchant.getByRole("cell", { name: "Nobody knows when more comes" }).waitFor();
  await shopper.reload();
  await shopper.getByText("Sold out for now", { exact: true }).waitFor();

  const { token } = await boss();
  await call("PUT", `/api/inventory/stock/${pot.sku}/expected`, { on: day.iso }, token);
  await call("POST", `/api/inventory/stock/${pot.sku}/receive`, { quantity: 9, reason: "tests" }, token);
  await shopper.reload();
  await shopper.getByText("In stock", { exact: true }).waitFor();
  assert.equal(await shopper.getByText("back on").count(), 0);
  for (const page of [shopper, portuguese, merchant]) await page.context().close();
});

test("stock is found by what it is called, and every list says what a SKU is", async () => {
  const pot = await product("Celadon Moonlight Pot", 1);
  const { token } = await boss();
  await until("the inventory to know its name", async () => {
    const stock = await call("GET", `/api/inventory/stock/${pot.sku}/locations`, undefined, token);
    return stock.title === "Celadon Moonlight Pot";
  });
  const page = await work(await someone("Rui", "merchant"));
  await page.goto("/admin/stock");
  await settled(page);
  await page.getByLabel("Product or SKU").fill("moonlight celadon");
  await page.getByRole("button", { name: "Search" }).click();
  const row = page.getByRole("row").filter({ hasText: pot.sku });
  await row.getByRole("link", { name: "Celadon Moonlight Pot" }).click();
  await page.getByRole("heading", { level: 1, name: "Celadon Moonlight Pot" }).waitFor();
  await page.getByRole("main").getByText(pot.sku).waitFor();
  await page.goBack();
  // What was looked for is in the address, and found in everything, not in what runs low alone.
  assert.equal(new URL(page.url()).searchParams.get("q"), "moonlight celadon");
  await page.getByLabel("Product or SKU").fill("no such thing at all");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByText("Nothing is called that.").waitFor();
  await page.context().close();
});
