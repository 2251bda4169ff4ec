// Says how long the lists of a large shop take from the click on an address to the last row, and how many rows there are in the
// page: `SOUK_URL=... node scripts/lists.mjs`, beside a shop with the demo accounts (`souk seed --products 100000`).
import { launch, shop, told } from "./browser.mjs";

const rounds = 5;
const lists = [
  ["/admin/products", "main tbody tr"],
  ["/admin/products?q=teapot", "main tbody tr"],
  ["/admin/products?sort=title", "main tbody tr"],
  ["/admin/stock", "main tbody tr"],
  ["/admin/stock?q=teapot", "main tbody tr"],
  ["/admin/orders", "main tbody tr"],
  ["/c/ceramics", "main article, main li:has(a[href^='/products/'])"],
  ["/search?q=teapot", "main article, main li:has(a[href^='/products/'])"],
];

const browser = await launch();
const page = await browser.newPage({ baseURL: shop, viewport: { width: 1440, height: 900 } });
await page.goto("/admin");
await page.locator("input[type=email]").fill("admin@souk.example");
await page.locator("input[type=password]").fill("admin-demo-password");
await page.locator("form button[type=submit]").click();
await page.locator("input[type=password]").waitFor({ state: "detached" });

for (const [address, row] of lists) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    await page.goto(address);
    await page.locator(row).first().waitFor();
    // Rows that hold a place until the real ones are there are announced.
    if (address.startsWith("/admin")) await page.locator("main [role=status].sr-only").waitFor({ state: "detached" });
    times.push(performance.now() - started);
  }
  const rows = await page.locator(row).count();
  console.log(`${address}: ${rows} rows, ${told(times)}`);
}
await browser.close();
