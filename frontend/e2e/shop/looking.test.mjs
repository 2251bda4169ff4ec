// Finding things, keeping a session, and what the pages promise on the way.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { close, pages, someone } from "../admin/shop.mjs";
import { enter, heading, visit } from "./steps.mjs";

after(close);

test("filters and order are in the address: they can be sent on, and back undoes one", async () => {
  const page = await visit();
  await page.goto("/c/ceramics");
  await page.getByText("44 things").first().waitFor();
  await page.getByRole("checkbox", { name: /^Celadon/ }).check();
  await page.waitForURL(/option=Colour%3ACeladon/);
  await page.getByLabel("Sort by").selectOption("price_asc");
  await page.waitForURL(/sort=price_asc/);
  const address = page.url();
  const other = await visit();
  await other.goto(address);
  await other.getByRole("checkbox", { name: /^Celadon/ }).waitFor();
  assert.ok(await other.getByRole("checkbox", { name: /^Celadon/ }).isChecked());
  assert.equal(await other.getByLabel("Sort by").inputValue(), "price_asc");
  await page.goBack();
  await page.waitForURL((url) => !url.search.includes("sort"));
  assert.ok(await page.getByRole("checkbox", { name: /^Celadon/ }).isChecked());
  assert.deepEqual([...page.wrongs, ...other.wrongs], []);
});

test("search suggests while one types, by keyboard too, and forgives a typo", async () => {
  const page = await visit();
  await page.goto("/");
  const search = page.getByRole("combobox", { name: "Search the hall" });
  await search.fill("teapo");
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.locator('[role=option][aria-selected="true"]').waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/(products|c)\//);
  await search.fill("tea");
  await page.getByRole("option").first().waitFor();
  await search.press("Escape");
  await page.getByRole("listbox", { name: "Suggestions" }).waitFor({ state: "hidden" });
  assert.equal(await search.inputValue(), "tea");
  await search.fill("lantren");
  await search.press("Enter");
  await page.waitForURL(/\/search\?q=lantren/);
  await page.locator("article").first().waitFor();
  assert.deepEqual(page.wrongs, []);
});

/** Chromium refuses to reload in the moment in which a tab passes from one process to another. */
const reloadWhileLoading = (tab) =>
  tab.reload({ waitUntil: "commit" }).catch(async (error) => {
    if (!/Not attached to an active page/.test(error.message)) throw error;
    await tab.waitForLoadState("domcontentloaded");
    await tab.reload({ waitUntil: "commit" });
  });

test("no script can read a token, and the session is still there after a reload", async () => {
  const ana = await someone("Ana");
  const page = await visit();
  await enter(page, ana);
  const readable = await page.evaluate(() =>
    JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }]),
  );
  assert.doesNotMatch(readable, /eyJ|souk_rt_/);
  const cookies = await page.context().cookies(`${pages}/api/users/session/refresh`);
  const session = cookies.find(({ name }) => name === "souk_session");
  assert.deepEqual([session.httpOnly, session.secure, session.sameSite], [true, true, "Strict"]);
  assert.deepEqual(await page.context().cookies(`${pages}/api/orders/cart`), []);
  // Several tabs ask for a new token at once, and one is reloaded before it has the answer.
  const tabs = await Promise.all([1, 2, 3].map(() => page.context().newPage()));
  await Promise.all(tabs.map((tab) => tab.goto("/account", { waitUntil: "commit" })));
  await Promise.all(tabs.map(reloadWhileLoading));
  for (const tab of [page, ...tabs]) {
    await tab.reload();
    await heading(tab, /^Hello, Ana/);
  }
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByRole("link", { name: "Sign in" }).first().waitFor();
  // The other tabs hear of it.
  await tabs[0].getByRole("heading", { name: "Sign in" }).waitFor();
  assert.deepEqual(page.wrongs, []);
});

test("the shop speaks Portuguese when asked to, and remembers", async () => {
  const page = await visit({ locale: "en" });
  await page.goto("/");
  await page.getByLabel("Language").selectOption("pt");
  await heading(page, "Tudo aqui foi feito por alguém");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "pt");
  assert.equal(await page.evaluate(() => localStorage.getItem("souk.locale")), "pt");
});

test("a page that is slow to come is announced", async () => {
  const page = await visit();
  await page.goto("/");
  await page.waitForLoadState("networkidle");
  let go;
  const held = new Promise((resolve) => (go = resolve));
  await page.route(/SignInPage/, async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole("link", { name: "Sign in" }).first().click();
  await page.getByRole("progressbar", { name: "Loading" }).waitFor();
  go();
  await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
  assert.equal(await page.getByRole("progressbar").count(), 0);
  await page.context().close();
});

test("what is not there is not found, and what is lost is said kindly", async () => {
  const page = await visit();
  const response = await page.goto("/nowhere");
  assert.equal(response.status(), 404);
  await heading(page, "There is no stall here");
  await page.goto("/products/no-such-thing");
  await heading(page, "There is no stall here");
  await page.context().setOffline(true);
  await page.getByText("You are offline").waitFor();
  await page.context().setOffline(false);
  await page.getByText("You are offline").waitFor({ state: "detached" });
});

test("a page that breaks leaves a kind message behind", async () => {
  const page = await visit();
  await page.route("**/api/catalog/products/**", (route) =>
    route.fulfill({ contentType: "application/json", body: '{"title":"Broken"}' }),
  );
  await page.goto("/products/anything");
  await heading(page, "Something broke on our side");
  await page.getByRole("button", { name: "Load the page again" }).waitFor();
});
