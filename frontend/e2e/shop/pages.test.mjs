// Every page of the shop, in light and dark, wide and narrow: axe finds nothing serious, nothing is wider than the window,
// nothing moves while it loads, and nothing is said on the console.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { call, close, findings, order, product, someone } from "../admin/shop.mjs";
import { enter, visit } from "./steps.mjs";

const open = [
  "/",
  "/c/ceramics",
  "/search?q=tea",
  "/products/dinner-gong-in-bronze",
  "/cart",
  "/checkout",
  "/sign-in",
  "/register",
];
open.push("/forgot-password", "/reset-password?token=x", "/verify-email?token=x", "/unsubscribe?token=x", "/nowhere");
const own = [
  "/account",
  "/account/orders",
  "/account/addresses",
  "/account/security",
  "/account/preferences",
  "/account/privacy",
];
own.push("/cart", "/checkout");
let ana;

before(async () => {
  const pot = await product("Looked At Pot");
  const bought = await order(pot.sku);
  ana = bought.shopper ?? (await someone("Ana"));
  own.push(`/orders/${bought.id}`);
  await call("PUT", `/api/orders/cart/items/${pot.sku}`, { quantity: 2 }, ana.token);
});
after(close);

const looks = [
  { theme: "light", width: 1440, height: 900 },
  { theme: "dark", width: 360, height: 740 },
];

async function check(page, path) {
  await page.goto(path);
  await page.locator("main h1").first().waitFor();
  // An order's page follows it, so its network is never idle.
  await page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => undefined);
  assert.deepEqual(await findings(page), [], path);
  const moved = await page.evaluate(() => window.moved);
  assert.ok(moved < 0.1, `${path} moved by ${moved}`);
  assert.deepEqual(
    page.wrongs.filter((text) => !(path === "/nowhere" && text.includes("404"))),
    [],
    path,
  );
  page.wrongs.length = 0;
}

/** Adds up by how much things move without anybody having pressed anything (cumulative layout shift). */
async function watchMoves(page) {
  await page.addInitScript(() => {
    window.moved = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.moved += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
}

for (const look of looks) {
  test(`the pages for everybody are fine, ${look.theme} at ${look.width} px`, async () => {
    const page = await visit(look);
    await watchMoves(page);
    for (const path of open) await check(page, path);
  });

  test(`the pages of an account are fine, ${look.theme} at ${look.width} px`, async () => {
    const page = await visit(look);
    await enter(page, ana);
    await watchMoves(page);
    for (const path of own) await check(page, path);
  });
}

test("drawers are fine for axe, too", async () => {
  for (const look of looks) {
    const page = await visit(look);
    await enter(page, ana);
    await page.getByRole("button", { name: /^Cart/ }).click();
    await page.getByRole("dialog").getByText("Looked At Pot").waitFor();
    assert.deepEqual(await findings(page), []);
    await page.keyboard.press("Escape");
    if (look.width < 500) {
      await page.getByRole("button", { name: "Menu" }).click();
      await page.getByRole("dialog").getByText("Ceramics").waitFor();
      assert.deepEqual(await findings(page), []);
    }
  }
});
