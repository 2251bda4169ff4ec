// What shoppers do, in the words of the pages.
import { call, open, product, signIn, someone, until } from "../admin/shop.mjs";

export const ADDRESS = {
  name: "Ana Silva",
  line1: "Rua das Flores 7",
  city: "Lisboa",
  postal_code: "1200-192",
  country: "PT",
};

/** A product that the order service sells. */
export async function sold(title, pieces) {
  const made = await product(title, pieces);
  const probe = await someone("Probe");
  await until(`${made.sku} to be on sale`, () =>
    call("PUT", `/api/orders/cart/items/${made.sku}`, { quantity: 1 }, probe.token).then(
      () => true,
      () => false,
    ),
  );
  return made;
}

/** A window of a new shopper's, in English. */
export const visit = open;

/** Signs somebody in through the page. */
export async function enter(page, person) {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: /^Hello/ }).waitFor();
}

/** Puts a product into the cart from its page; the drawer shows it. */
export async function take(page, product) {
  await page.goto(`/products/${product.slug}`);
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.getByRole("dialog").getByText(product.title).waitFor();
}

/** From the drawer to checkout, filled in as far as the button with the total. */
export async function toCheckout(page, { email } = {}) {
  await page.getByRole("link", { name: "To checkout" }).click();
  await page.getByRole("heading", { name: "Checkout" }).waitFor();
  await fill(page, { email });
}

export async function fill(page, { email } = {}) {
  if (email) await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Full name").fill(ADDRESS.name);
  await page.getByLabel("Street and number").fill(ADDRESS.line1);
  await page.getByLabel("Postal code").fill(ADDRESS.postal_code);
  await page.getByLabel("City").fill(ADDRESS.city);
  await placeButton(page).waitFor();
}

export function placeButton(page) {
  return page.getByRole("button", { name: /^Place order, / });
}

export function heading(page, name) {
  return page.getByRole("heading", { level: 1, name }).waitFor();
}

/** How many orders somebody has. */
export async function ordersOf(person) {
  const { items } = await call("GET", "/api/orders", undefined, (await signIn(person)).token);
  return items;
}

/** Waits until the order service knows a product, at a price. */
export function onSale(person, sku, minor) {
  return until(`${sku} to cost ${minor}`, async () => {
    const cart = await call("GET", "/api/orders/cart", undefined, person.token);
    return cart.items.some((item) => item.sku === sku && item.unit_price.amount_minor === minor);
  });
}
