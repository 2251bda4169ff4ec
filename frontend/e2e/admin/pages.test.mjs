// Every page of the back office, in light and dark, wide and narrow, in both languages: axe finds nothing serious, nothing
// is wider than the window, nothing moves while it loads, and nothing is said on the console.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { boss, call, close, findings, open, order, product, redis, settled, work } from "./shop.mjs";

const paths = {
  dashboard: "/admin/dashboard?period=week",
  orders: "/admin/orders",
  products: "/admin/products",
  "new product": "/admin/products/new",
  import: "/admin/products/import",
  stock: "/admin/stock?show=all",
  locations: "/admin/stock/locations",
  promotions: "/admin/promotions",
  customers: "/admin/customers",
  messages: "/admin/messages",
  "dead letters": "/admin/dead-letters",
  health: "/admin/health",
  "nothing there": "/admin/no-such-page",
};

before(async () => {
  const { token } = await boss();
  const pot = await product("Test Pot");
  const bought = await order(pot.sku);
  const letter = "souk:order:dead";
  const event = '{"type":"order.placed","key":"a"}';
  const id = await redis("XADD", letter, "*", "event", event, "error", "no", "group", "payment", "deliveries", "5");
  const messages = await call("GET", "/api/notifications/messages?limit=1", undefined, token);
  Object.assign(paths, {
    product: `/admin/products/${pot.slug}`,
    sku: `/admin/stock/sku/${pot.sku}`,
    order: `/admin/orders/${bought.id}`,
    customer: `/admin/customers/${bought.shopper.id}`,
    message: `/admin/messages/${messages.items[0].id}`,
    "dead letter": `/admin/dead-letters/order/${id.split("\r\n")[1]}`,
  });
});
after(close);

const looks = [
  { width: 1440, height: 900, theme: "light", locale: "en" },
  { width: 360, height: 740, theme: "dark", locale: "pt" },
];

for (const look of looks) {
  test(`every page is for everybody at ${look.width} px, ${look.theme}, in ${look.locale}`, async (t) => {
    const page = await work(await boss(), look);
    await page.context().addInitScript(countMoves);
    for (const [name, path] of Object.entries(paths)) {
      await t.test(name, async () => {
        page.wrongs.length = 0;
        await page.goto(path);
        await settled(page);
        assert.deepEqual(await findings(page), []);
        assert.deepEqual(page.wrongs, []);
        const moved = await page.evaluate(() => window.moved);
        assert.ok(moved < 0.05, `things moved by ${moved} while it loaded`);
      });
    }
    await page.context().close();
  });
}

/** Adds up by how much things move without anybody having pressed anything (cumulative layout shift). */
function countMoves() {
  window.moved = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.moved += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
}

test("the door is for everybody, too, and says when a password is wrong", async () => {
  const page = await open();
  await page.goto("/admin/orders");
  await page.locator("input[type=email]").fill("admin@souk.example");
  await page.locator("input[type=password]").fill("not-the-password");
  await page.locator("form button[type=submit]").click();
  await page.getByRole("alert").getByText("E-mail and password do not fit").waitFor();
  assert.deepEqual(await findings(page), []);
  await page.context().close();
});

test("the keyboard alone goes from the door to an order and past the menu", async () => {
  const { email, password } = await boss();
  const page = await open();
  await page.goto("/admin/orders");
  await page.locator("input[type=email]").focus();
  await page.keyboard.type(email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await page.locator("tbody a").first().waitFor();
  await page.reload();
  await page.locator("tbody a").first().waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent);
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Skip to content");
  await page.keyboard.press("Enter");
  const first = await page.locator("tbody a").first().innerText();
  for (let presses = 0; (await focused()) !== first; presses += 1) {
    assert.ok(presses < 20, "the first order is not reached by Tab");
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: first }).waitFor();
  await page.context().close();
});

test("dialogs are for everybody, open and close by keyboard, and give the focus back", async () => {
  const page = await work(await boss());
  for (const [path, name] of [
    [paths.order, "Refund"],
    [paths.sku, "Receive"],
    ["/admin/promotions", "New code"],
    [paths.product, "Archive"],
  ]) {
    await page.goto(path);
    await settled(page);
    const button = page.getByRole("main").getByRole("button", { name, exact: true });
    await button.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    assert.deepEqual(await findings(page), [], `${name} on ${path}`);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.waitForFunction((text) => document.activeElement?.textContent === text, name);
  }
  await page.context().close();
});
