// What the browser tests of the back office share: a browser, people of each role, and the API to set scenes with.
// They run beside a private shop: `target/release/with-shop --seed npm run e2e:admin` (see frontend/README.md).
import { readFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { chromium } from "playwright-core";

/** Where the API is, and where the pages are (another address while they are being worked on). */
export const api = process.env.SOUK_URL;
export const pages = (process.env.SHOP_URL ?? api).replace("127.0.0.1", "localhost");

const axe = await readFile(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
let browser;

export async function close() {
  await browser?.close();
}

/** A window of somebody's own. What goes wrong in it fails the test that calls `calm`. */
export async function open({ width = 1440, height = 900, theme = "light", locale = "en" } = {}) {
  browser ??= await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, baseURL: pages });
  await context.addInitScript((one) => localStorage.setItem("souk.locale", one), locale);
  const page = await context.newPage();
  page.wrongs = [];
  page.on("pageerror", (error) => page.wrongs.push(error.message));
  page.on("console", (message) => message.type() === "error" && page.wrongs.push(message.text()));
  return page;
}

/** Opens the back office as somebody who works there. */
export async function work(person, look) {
  const page = await open(look);
  await page.goto("/admin");
  await page.locator("input[type=email]").fill(person.email);
  await page.locator("input[type=password]").fill(person.password);
  await page.locator("form button[type=submit]").click();
  await page.locator("input[type=password]").waitFor({ state: "detached" });
  await page.locator("main h1").waitFor();
  return page;
}

/** Waits until nothing is loading any more. */
export async function settled(page) {
  await page.locator("main h1").first().waitFor();
  await page.waitForFunction(() => !document.querySelector("main [role=status].sr-only"));
  await page.waitForLoadState("networkidle").catch(() => undefined);
}

/** Serious and critical findings of axe, and what is wider than the window. */
export async function findings(page) {
  // Through the debugger's door: the page's own policy admits no script that is not the shop's.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    // Colours of what is still fading in are nobody's.
    const fading = document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity);
    await Promise.allSettled(fading.map((one) => one.finished));
    const result = await window.axe.run(document);
    const found = result.violations
      .filter((one) => ["serious", "critical"].includes(one.impact))
      .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth - clientWidth} px wider than the window`);
    return found;
  });
}

export async function call(method, path, body, token, headers = {}) {
  const isText = typeof body === "string";
  const response = await fetch(`${api}${path}`, {
    method,
    headers: {
      ...(body && { "content-type": isText ? "text/csv" : "application/json" }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: body && (isText ? body : JSON.stringify(body)),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}

let admin;
/** The admin of the demo shop, signed in. */
export async function boss() {
  admin ??= await signIn({ email: "admin@souk.example", password: "admin-demo-password" });
  return admin;
}

export async function signIn(person) {
  const { access_token: token, user } = await call("POST", "/api/users/login", {
    email: person.email,
    password: person.password,
  });
  return { ...person, token, id: user.id };
}

let count = 0;
/** Somebody new, with roles. */
export async function someone(name, ...roles) {
  const email = `${name.toLowerCase()}-${process.pid}-${(count += 1)}@tests.example`;
  const person = { email, password: "a-password-for-tests", name };
  const { user } = await call("POST", "/api/users/register", person);
  if (roles.length > 0) {
    await call("PATCH", `/api/users/${user.id}`, { roles: ["customer", ...roles] }, (await boss()).token);
  }
  return signIn(person);
}

/** A product of one's own, with so many pieces of it. */
export async function product(title, pieces = 20) {
  const handle = `${title.toLowerCase().replaceAll(" ", "-")}-${process.pid}-${(count += 1)}`;
  const sku = handle.toUpperCase().slice(-40);
  const { token } = await boss();
  const body = {
    handle,
    title,
    status: "active",
    category: "Tests",
    vendor: "Test Stall",
    variants: [{ sku, price: { amount_minor: 2500, currency: "EUR" }, grams: 300 }],
  };
  const made = await call("POST", "/api/catalog/products", body, token);
  await until(`${sku} to be known to the inventory`, () =>
    call("POST", `/api/inventory/stock/${sku}/receive`, { quantity: pieces, reason: "tests" }, token).then(
      () => true,
      () => false,
    ),
  );
  return { ...made, sku };
}

/** An order that is paid, of somebody new. */
export async function order(sku, quantity = 2) {
  const shopper = await someone("Ana");
  const address = { name: "Ana Silva", line1: "Rua 1", city: "Lisboa", postal_code: "1000-001", country: "PT" };
  await until("the piece to be on sale", () =>
    call("PUT", `/api/orders/cart/items/${sku}`, { quantity }, shopper.token).then(
      () => true,
      () => false,
    ),
  );
  const quote = await call("POST", "/api/orders/cart/quote", { shipping_address: address }, shopper.token);
  const placed = await call(
    "POST",
    "/api/orders/checkout",
    { shipping_address: address, payment_token: "tok_success", expected_total: quote.total },
    shopper.token,
    { "idempotency-key": `e2e-${process.pid}-${(count += 1)}` },
  );
  const now = () => call("GET", `/api/orders/${placed.id}`, undefined, shopper.token);
  await until("the order to be confirmed", async () => (await now()).status === "confirmed");
  return { ...placed, shopper, now };
}

export async function until(what, done) {
  const end = Date.now() + 20_000;
  while (Date.now() < end) {
    if (await done()) return;
    await new Promise((go) => setTimeout(go, 100));
  }
  throw new Error(`waited too long for ${what}`);
}

/** One command to the shop's Redis. */
export async function redis(...words) {
  const state = await readFile(`${process.env.SOUK_ROOT}/run/state.toml`, "utf8");
  const port = Number(/^redis = (\d+)/m.exec(state)?.[1]);
  const socket = createConnection(port, "127.0.0.1");
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  socket.write(`*${words.length}\r\n${parts.join("")}`);
  const reply = await new Promise((resolve, reject) => socket.once("data", resolve).once("error", reject));
  socket.destroy();
  return reply.toString();
}
