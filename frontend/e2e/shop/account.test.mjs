// What somebody does with an account: links out of mails, profile, addresses, mails, data, orders called off or sent back.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { after, test } from "node:test";
import { boss, call, close, order, product, someone, until } from "../admin/shop.mjs";
import { ADDRESS, enter, heading, visit } from "./steps.mjs";

after(close);

/** A link in the newest mail to an address, as the mailer delivered it. */
async function mailedLink(email, path) {
  const folder = `${process.env.SOUK_ROOT}/mail`;
  let link;
  await until(`a mail with ${path} to ${email}`, async () => {
    const names = await readdir(folder, { recursive: true }).catch(() => []);
    for (const name of names.filter((one) => one.endsWith(".eml"))) {
      const mail = await readFile(`${folder}/${name}`, "utf8");
      if (!mail.includes(email)) continue;
      // Long lines are folded and "=" is written as "=3D" (quoted-printable).
      const text = mail.replaceAll(/=\r?\n/g, "").replaceAll("=3D", "=");
      link = new RegExp(`${path}\\?token=[\\w-]+`).exec(text)?.[0] ?? link;
    }
    return link !== undefined;
  });
  return link;
}

test("an address is confirmed, and a forgotten password set anew, by links that work once", async () => {
  const ana = await someone("Ana");
  const page = await visit();
  await page.goto(await mailedLink(ana.email, "/verify-email"));
  await page.getByRole("button", { name: "Yes, this is my address" }).click();
  await page.getByText("The address is confirmed").waitFor();

  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Forgot the password?" }).click();
  await heading(page, "Another password");
  await page.getByLabel("E-mail").fill(ana.email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.getByText("If there is an account with this address").waitFor();
  const link = await mailedLink(ana.email, "/reset-password");
  await page.goto(link);
  await page.getByLabel("New password").fill("kept-in-a-tin-box");
  await page.getByRole("button", { name: "Set the password" }).click();
  await heading(page, "Sign in");
  await enter(page, { ...ana, password: "kept-in-a-tin-box" });
  await page.getByText("not confirmed").waitFor({ state: "detached" });
  // The same link a second time.
  await page.goto(link);
  await page.getByLabel("New password").fill("another-long-password");
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByText("This link has been used already or is too old").waitFor();
  await page.context().close();
});

test("profile, addresses, language, mails and password are kept, and the data can be taken along", async () => {
  const ana = await someone("Ana");
  const page = await visit();
  await enter(page, ana);
  await page.getByLabel("Name").fill("Ana Amélia");
  await page.getByRole("button", { name: "Save" }).click();
  await heading(page, "Hello, Ana");
  assert.equal((await call("GET", "/api/users/me", undefined, ana.token)).name, "Ana Amélia");

  await page.getByRole("link", { name: "Addresses" }).click();
  await page.getByRole("button", { name: "Add an address" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Full name").fill(ADDRESS.name);
  await dialog.getByLabel("Street and number").fill(ADDRESS.line1);
  await dialog.getByLabel("Postal code").fill(ADDRESS.postal_code);
  await dialog.getByLabel("City").fill(ADDRESS.city);
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("Rua das Flores 7, 1200-192 Lisboa, Portugal").waitFor();
  await page.getByRole("button", { name: "Remove: Ana Silva" }).click();
  await page.getByText("No address yet").waitFor();

  await page.getByRole("link", { name: "Language and mails" }).click();
  const news = page.getByRole("checkbox", { name: "News of the hall" });
  const before = await news.isChecked();
  await news.click();
  await until("the choice to be kept", async () => {
    const { categories } = await call("GET", "/api/notifications/preferences", undefined, ana.token);
    return categories.news === !before;
  });
  await page.getByRole("main").getByLabel("Language").selectOption("pt");
  await heading(page, "Idioma e e-mails");
  await until("mails to be in Portuguese, too", async () => {
    return (await call("GET", "/api/users/me", undefined, ana.token)).locale === "pt";
  });

  await page.getByRole("link", { name: "Acesso" }).click();
  await page.getByLabel("Palavra-passe atual").fill("not-this-one");
  await page.getByLabel("Nova palavra-passe").fill("guardada-numa-lata");
  await page.getByRole("button", { name: "Mudar a palavra-passe" }).click();
  // What the service says in English is told in the page's language.
  await page.getByRole("alert").getByText("Essa não é a palavra-passe desta conta.").waitFor();
  await page.getByLabel("Palavra-passe atual").fill(ana.password);
  await page.getByRole("button", { name: "Mudar a palavra-passe" }).click();
  await page.getByText("A palavra-passe foi mudada. Os outros dispositivos saíram.").waitFor();

  await page.getByRole("link", { name: "Os seus dados" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Descarregar o ficheiro" }).click();
  const exported = JSON.parse(await readFile(await (await download).path(), "utf8"));
  assert.ok(JSON.stringify(exported).includes(ana.email));
  await page.getByRole("button", { name: "Fechar a conta" }).click();
  const farewell = page.getByRole("alertdialog");
  await farewell.getByLabel("Palavra-passe").fill("guardada-numa-lata");
  await farewell.getByRole("button", { name: "Sim, fechar" }).click();
  await page.getByText("A conta está fechada.").waitFor();
  // A window of the tests begins in English each time.
  await page.goto("/account");
  await heading(page, "Sign in");
  await page.context().close();
});

test("an order is called off only after a question, and what has arrived can be sent back", async () => {
  const pot = await product("Doubtful Pot");
  const first = await order(pot.sku, 1);
  const page = await visit();
  await enter(page, first.shopper);
  await page.goto(`/orders/${first.id}`);
  await page.getByRole("button", { name: "Cancel the order" }).click();
  const question = page.getByRole("alertdialog");
  await question.getByRole("button", { name: "Keep it" }).click();
  await question.waitFor({ state: "detached" });
  assert.equal((await first.now()).status, "confirmed");
  await page.getByRole("button", { name: "Cancel the order" }).click();
  await question.getByRole("button", { name: "Yes, cancel it" }).click();
  await until("the money to be on its way back", async () => (await first.now()).status !== "confirmed");
  await page.getByRole("button", { name: "Cancel the order" }).waitFor({ state: "detached" });
  await page.context().close();

  const second = await order(pot.sku, 2);
  const { token } = await boss();
  for (const step of ["ship", "deliver"]) await call("POST", `/api/orders/${second.id}/${step}`, undefined, token);
  const other = await visit();
  await enter(other, second.shopper);
  await other.goto(`/orders/${second.id}`);
  await other.getByRole("button", { name: "Send something back" }).click();
  const dialog = other.getByRole("dialog");
  await dialog.getByRole("button", { name: "Ask to send it back" }).click();
  await dialog.getByText("Choose at least one piece.").waitFor();
  await dialog.getByLabel("Doubtful Pot").selectOption("1");
  await dialog.getByLabel("Why does it go back?").fill("It leaks.");
  await dialog.getByRole("button", { name: "Ask to send it back" }).click();
  await other.getByText("Return asked for").waitFor();
  assert.equal((await second.now()).returns[0].reason, "It leaks.");
  await other.context().close();
});

test("without a network the shop says so and blames nobody, and goes on by itself when there is one", async () => {
  const page = await visit();
  await page.goto("/");
  await page.getByRole("main").getByText("The stalls", { exact: true }).waitFor();
  await page.waitForLoadState("networkidle");
  await page.context().setOffline(true);
  await page.getByText("You are offline. What you see may be older").waitFor();
  // A page whose code is not here yet.
  await page.getByRole("link", { name: "Sign in" }).first().click();
  await heading(page, "You are offline");
  await page.context().setOffline(false);
  await heading(page, "Sign in");
  await page.getByText("You are offline").waitFor({ state: "detached" });
  await page.context().close();
});
