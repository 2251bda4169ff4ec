// Takes pictures of the main pages into docs/screenshots: run it beside a shop with the demo loaded (`make screenshots`).
import { mkdir, writeFile } from "node:fs/promises";
import { launch, shop } from "./browser.mjs";

const target = new URL("../../docs/screenshots/", import.meta.url);
const sizes = { desktop: { width: 1440, height: 900 }, mobile: { width: 390, height: 844 } };
const browser = await launch();
await mkdir(target, { recursive: true });

/** WebP, made by the browser itself: a third of the PNG, and nothing to install. */
async function picture(page, name) {
  await page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => undefined);
  await page.evaluate(() => document.fonts.ready);
  const client = await page.context().newCDPSession(page);
  const { data } = await client.send("Page.captureScreenshot", { format: "webp", quality: 80 });
  await writeFile(new URL(`${name}.webp`, target), Buffer.from(data, "base64"));
  console.log(`docs/screenshots/${name}.webp`);
}

async function open(size, colorScheme = "light") {
  const context = await browser.newContext({ viewport: sizes[size], colorScheme, baseURL: shop });
  await context.addInitScript(() => localStorage.setItem("souk.locale", "en"));
  return context.newPage();
}

for (const size of Object.keys(sizes)) {
  const page = await open(size);
  const pages = {
    home: "/",
    stall: "/c/ceramics",
    product: "/products/karsa-teapot-in-celadon",
    search: "/search?q=tea",
  };
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(path);
    await picture(page, `${name}-${size}`);
  }
  await page.goto(pages.product);
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.getByRole("dialog").getByText("To checkout").waitFor();
  await page.waitForTimeout(400);
  await picture(page, `cart-${size}`);
  await page.getByRole("link", { name: "To checkout" }).click();
  const address = {
    "E-mail": "ana@souk.example",
    "Full name": "Ana Silva",
    "Street and number": "Rua das Flores 7",
    "Postal code": "1200-192",
    City: "Lisboa",
  };
  for (const [label, value] of Object.entries(address)) await page.getByLabel(label).fill(value);
  const place = page.getByRole("button", { name: /^Place order, / });
  await place.waitFor();
  await page.evaluate(() => window.scrollTo(0, 0));
  await picture(page, `checkout-${size}`);
  await place.click();
  await page.getByRole("heading", { name: "Thank you. It is yours" }).waitFor();
  await picture(page, `order-${size}`);
  await page.context().close();
}
const dark = await open("desktop", "dark");
await dark.goto("/");
await picture(dark, "home-dark");

const office = await open("desktop");
await office.goto("/admin");
await office.locator("input[type=email]").fill("admin@souk.example");
await office.locator("input[type=password]").fill("admin-demo-password");
await office.locator("form button[type=submit]").click();
await office.locator("input[type=password]").waitFor({ state: "detached" });
for (const name of ["dashboard", "orders", "products", "stock?show=none"]) {
  await office.goto(`/admin/${name}`);
  await office.locator("main h1").first().waitFor();
  await picture(office, `admin-${name.split("?")[0]}`);
}
await browser.close();
