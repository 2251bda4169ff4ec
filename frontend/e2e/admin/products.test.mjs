// Products: what a merchant changes, shoppers see; two merchants do not overwrite each other; files tell what is wrong.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { boss, call, close, open, product, settled, someone, until, work } from "./shop.mjs";

after(close);

const read = (slug) => call("GET", `/api/catalog/products/${slug}`);

test("a merchant changes title and price, and the shopper's page shows both", async () => {
  const pot = await product("Blue Pot");
  const page = await work(await someone("Rui", "merchant"));
  await page.goto("/admin/products");
  await page.getByLabel("Title, maker or words").fill(pot.title);
  await page.keyboard.press("Enter");
  await page.locator(`a[href="/admin/products/${pot.slug}"]`).click();
  await page.getByLabel("Title", { exact: true }).fill("Blue Pot, glazed twice");
  await page.getByLabel("Price in EUR").fill("31,40");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved. Shoppers see it now.").waitFor();
  await page.getByRole("heading", { level: 1, name: "Blue Pot, glazed twice" }).waitFor();
  const now = await read(pot.slug);
  assert.equal(now.price_from.amount_minor, 3140);
  assert.equal(now.version, pot.version + 1);

  const shopper = await open();
  await shopper.goto(`/products/${pot.slug}`);
  await shopper.getByRole("heading", { name: "Blue Pot, glazed twice" }).waitFor();
  await shopper.getByText("€31.40").first().waitFor();
  await shopper.context().close();
  await page.context().close();
});

test("of two merchants who change one product, neither loses anything", async () => {
  const pot = await product("Shared Pot");
  const page = await work(await boss());
  await page.goto(`/admin/products/${pot.slug}`);
  await page.getByLabel("Maker").fill("The Other Stall");
  await call("PATCH", `/api/catalog/products/${pot.slug}`, { title: "Shared Pot, mended" }, (await boss()).token, {
    "if-match": `"${pot.version}"`,
  });
  await page.getByRole("button", { name: "Save" }).click();
  const dialog = page.getByRole("dialog", { name: "Somebody else was here" });
  await dialog.getByText("title", { exact: true }).waitFor();
  await dialog.getByRole("button", { name: "Save mine on top" }).click();
  await page.getByRole("heading", { level: 1, name: "Shared Pot, mended" }).waitFor();
  const now = await read(pot.slug);
  assert.deepEqual([now.title, now.vendor], ["Shared Pot, mended", "The Other Stall"]);
  await page.context().close();
});

test("nobody loses by a stray click what they have not saved", async () => {
  const pot = await product("Unsaved Pot");
  const page = await work(await boss());
  await page.goto(`/admin/products/${pot.slug}`);
  await page.getByLabel("Maker").fill("Half a thought");
  await page.getByRole("link", { name: "Orders", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Leave without saving?" });
  await dialog.getByRole("button", { name: "Back" }).click();
  assert.equal(await page.getByLabel("Maker").inputValue(), "Half a thought");
  await page.getByRole("link", { name: "Orders", exact: true }).click();
  await dialog.getByRole("button", { name: "Leave" }).click();
  await page.getByRole("heading", { level: 1, name: "Orders" }).waitFor();
  await page.context().close();
});

test("a new product with two variants is made, archived and put back on sale", async () => {
  const page = await work(await boss());
  const title = `Lantern ${process.pid}`;
  await page.goto("/admin/products/new");
  await page.getByLabel("Title", { exact: true }).fill(title);
  await page.getByLabel("Status").selectOption("active");
  await page.getByRole("button", { name: "Add option" }).click();
  await page.getByLabel("Option 1", { exact: true }).first().fill("Size");
  await page.getByRole("button", { name: "Add variant" }).click();
  for (const [index, size] of ["Small", "Large"].entries()) {
    const variant = page.getByRole("group", { name: `Variant ${index + 1}` });
    await variant.getByLabel("Size").fill(size);
    await variant.getByLabel("SKU").fill(`LAN-${process.pid}-${size}`);
    await variant.getByLabel("Price in EUR").fill(size === "Small" ? "18" : "24.90");
  }
  await page.getByRole("button", { name: "Create product" }).click();
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  const slug = `lantern-${process.pid}`;
  assert.deepEqual(
    (await read(slug)).variants.map((variant) => [variant.options, variant.price.amount_minor]),
    [
      [["Small"], 1800],
      [["Large"], 2490],
    ],
  );
  await page.getByRole("button", { name: "Archive" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Archive" }).click();
  await page.getByText("Archived", { exact: true }).first().waitFor();
  await assert.rejects(read(slug), /404/);
  await page.getByLabel("Status").selectOption("active");
  await page.getByRole("button", { name: "Save" }).click();
  await until("the product to be back", () => read(slug).then(Boolean, () => false));
  await page.context().close();
});

test("a file with a bad row is refused with its line and reason, or imported without it", async () => {
  const page = await work(await boss());
  const [good, bad] = [`import-good-${process.pid}`, `import-bad-${process.pid}`];
  const csv = [
    "Handle,Title,Vendor,Variant SKU,Variant Price,Status",
    `${good},Good Bowl,Test Stall,IMP-G-${process.pid},12.00,active`,
    `${bad},Bad Bowl,Test Stall,IMP-B-${process.pid},not-a-price,active`,
  ].join("\n");
  await page.goto("/admin/products/import");
  const file = { name: "bowls.csv", mimeType: "text/csv", buffer: Buffer.from(csv) };
  await page.getByLabel("CSV file").setInputFiles(file);
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await page.getByRole("alert").getByText("Nothing was imported").waitFor();
  const row = page.getByRole("row").filter({ hasText: "not-a-price" });
  assert.match(await row.innerText(), /^3\s+Variant Price/);
  await assert.rejects(read(good), /404/);

  await page.getByRole("checkbox", { name: /Import the good products/ }).check();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await page.getByRole("alert").getByText("Some products were left out").waitFor();
  assert.equal((await read(good)).title, "Good Bowl");
  await assert.rejects(read(bad), /404/);
  await page.context().close();
});

test("the export is a file that holds every product", async () => {
  const page = await work(await boss());
  await page.goto("/admin/products");
  await settled(page);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export CSV" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), "products.csv");
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  assert.match(Buffer.concat(chunks).toString(), /^Handle,Title/);
  await page.context().close();
});
