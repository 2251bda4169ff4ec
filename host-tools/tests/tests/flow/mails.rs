//! What people read: in their language, once, only what they want, and nothing any more once they are gone.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use souk_local::http::Client;
use souk_tests::{
    api::{Api, text},
    run::Suite,
    shop::Shop,
    wait,
};
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("mails_are_written_in_the_language_of_the_account", languages);
    suite.test("unsubscribing_ends_mails_about_stock_and_not_those_about_orders", unsubscribing);
    suite.test("preferences_are_ones_own_and_keep_what_nobody_can_do_without", preferences);
    suite.test("support_reads_what_was_written_and_sends_it_again", support);
    suite.test("a_deleted_account_is_written_to_no_more_and_forgotten", farewell);
}

const PASSWORD: &str = "a-long-password";
const MESSAGES: &str = "/api/notifications/messages";

struct Person {
    id: String,
    email: String,
    api: Api,
}

async fn person(shop: &Shop, locale: &str) -> Result<Person> {
    let email = format!("{}@souk.example", Uuid::now_v7().simple());
    let account = json!({"email": email, "password": PASSWORD, "name": "Ana Souk", "locale": locale});
    let session = shop.api.post("/api/users/register", &account).await?.expect(201)?;
    Ok(Person { id: text(&session, "/user/id")?, api: shop.api.with_token(text(&session, "/access_token")?), email })
}

/// The messages of this kind to somebody, newest first, once there are `count` of them that are settled.
async fn messages(shop: &Shop, to: &Person, template: &str, count: usize) -> Result<Vec<Value>> {
    let path = format!("{MESSAGES}?user_id={}&template={template}", to.id);
    wait::until(&format!("{count} times {template} to {}", to.email), || async {
        let page = shop.admin.get(&path).await?.expect(200)?;
        let messages = page["items"].as_array().context("no items")?;
        let settled = messages.iter().filter(|message| message["status"] != "queued").count();
        Ok((settled == count && messages.len() == count).then(|| messages.clone()))
    })
    .await
}

/// A delivered mail.
struct Mail {
    subject: String,
    html: String,
    text: String,
    raw: String,
}

/// The only mail of this kind to somebody, as it was delivered.
async fn mail(shop: &Shop, to: &Person, template: &str) -> Result<Mail> {
    let message = messages(shop, to, template, 1).await?.remove(0);
    ensure!(message["status"] == "delivered" && message["to"] == to.email, "{message}");
    let client = Client::new(Duration::from_secs(10));
    let part = |name: &'static str| {
        let (client, id) = (client.clone(), text(&message, "/id"));
        let mailbox = shop.environment.mailbox_url();
        async move {
            let answer = client.get(&format!("{mailbox}/mails/{}/{name}", id?), &[]).await?;
            ensure!(answer.status.is_success(), "{}", answer.status);
            Ok(String::from_utf8(answer.body.to_vec())?)
        }
    };
    Ok(Mail {
        subject: text(&message, "/subject")?,
        html: part("html").await?,
        text: part("text").await?,
        raw: part("raw").await?,
    })
}

/// What follows `before` in a mail, up to the end of the word.
fn link(mail: &str, before: &str) -> Result<String> {
    let (_, rest) = mail.split_once(before).with_context(|| format!("no {before} in {mail}"))?;
    Ok(rest.split(|c: char| c.is_whitespace() || c == '>' || c == '"').next().unwrap_or_default().to_owned())
}

/// Lets the inventory say that something somebody waits for is there again.
async fn back_in_stock(shop: &Shop, person: &Person) -> Result<()> {
    let data = json!({
        "sku": "LAMP", "title": "Brass lamp", "slug": "brass-lamp", "user_id": person.id, "email": person.email,
        "name": "Ana Souk", "available": 3
    });
    let inventory = shop.environment.connect("inventory").await?;
    let emit = "SELECT emit('souk:inventory', 'stock.back_in_stock', 1, 'LAMP', NULL, $1)";
    inventory.query(emit, &[&data]).await?;
    Ok(())
}

async fn languages(shop: Arc<Shop>) -> Result<()> {
    let (ana, bea) = (person(&shop, "pt").await?, person(&shop, "en").await?);
    let (portuguese, english) = (mail(&shop, &ana, "verify_email").await?, mail(&shop, &bea, "verify_email").await?);
    ensure!(portuguese.subject == "Este endereço de e-mail é seu?", "{}", portuguese.subject);
    ensure!(
        portuguese.html.contains("lang=\"pt-PT\"") && portuguese.text.contains("Olá Ana Souk"),
        "{}",
        portuguese.text
    );
    ensure!(english.subject == "Is this your e-mail address?", "{}", english.subject);
    ensure!(english.html.contains("lang=\"en\"") && english.text.contains("Hello Ana Souk"), "{}", english.text);
    ensure!(mail(&shop, &ana, "welcome").await?.subject == "Boas-vindas ao Souk");

    let token = link(&portuguese.text, "/verify-email?token=")?;
    ensure!(portuguese.html.contains(&token), "both parts have the link");
    shop.api.post("/api/users/verify-email", &json!({"token": token})).await?.expect(204)?;
    ensure!(ana.api.get("/api/users/me").await?.expect(200)?["email_verified"] == true);

    // The last choice counts, wherever it was made.
    ana.api.json("PATCH", "/api/users/me", &json!({"locale": "en"})).await?.expect(200)?;
    shop.api.post("/api/users/password/forgot", &json!({"email": ana.email})).await?.expect(202)?;
    let reset = mail(&shop, &ana, "reset_password").await?;
    ensure!(reset.subject == "Choose a new password", "{}", reset.subject);
    let wish = json!({"token": link(&reset.text, "/reset-password?token=")?, "new_password": "another-password"});
    bea.api.json("PATCH", "/api/notifications/preferences", &json!({"locale": "pt"})).await?.expect(200)?;
    shop.api.post("/api/users/password/reset", &wish).await?.expect(204)?;
    ensure!(mail(&shop, &ana, "password_changed").await?.subject == "Your password was changed");
    shop.api.post("/api/users/password/forgot", &json!({"email": bea.email})).await?.expect(202)?;
    ensure!(mail(&shop, &bea, "reset_password").await?.subject == "Escolha uma nova palavra-passe");
    Ok(())
}

async fn unsubscribing(shop: Arc<Shop>) -> Result<()> {
    let ana = person(&shop, "en").await?;
    back_in_stock(&shop, &ana).await?;
    let lamp = mail(&shop, &ana, "back_in_stock").await?;
    ensure!(lamp.subject == "Brass lamp is back" && lamp.text.contains("/products/brass-lamp"), "{}", lamp.text);
    let token = link(&lamp.text, "/unsubscribe?token=")?;
    let one_click = format!(
        "/api{}",
        link(&lamp.raw, "\nList-Unsubscribe: <http://localhost")?.split_once("/api").context("no path")?.1
    );
    ensure!(lamp.raw.contains("\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), "{}", lamp.raw);

    // Mail programs and scanners follow links by themselves: only a POST ends anything.
    ensure!(shop.api.get(&one_click).await?.status == 405);
    ensure!(ana.api.get("/api/notifications/preferences").await?.expect(200)?["categories"]["stock"] == true);
    let form = [("content-type", "application/x-www-form-urlencoded")];
    for _ in 0..2 {
        let ended = shop.api.raw("POST", &one_click, &form, "List-Unsubscribe=One-Click").await?.expect(200)?;
        ensure!(ended == json!({"category": "stock"}), "{ended}");
    }
    ensure!(ana.api.get("/api/notifications/preferences").await?.expect(200)?["categories"]["stock"] == false);
    back_in_stock(&shop, &ana).await?;
    let held_back = messages(&shop, &ana, "back_in_stock", 2).await?.remove(0);
    ensure!(held_back["status"] == "suppressed" && text(&held_back, "/error")?.contains("unsubscribed"), "{held_back}");

    let sku = shop.product(1250, 5).await?;
    let buyer = souk_tests::shopper::Shopper { api: ana.api.clone(), email: ana.email.clone() };
    let order = buyer.buy(&sku, 1, "tok_success").await?;
    let confirmed = mail(&shop, &ana, "order_confirmed").await?;
    ensure!(confirmed.text.contains(&text(&order, "/number")?), "{}", confirmed.text);
    ensure!(
        !confirmed.raw.contains("List-Unsubscribe") && !confirmed.html.contains("/unsubscribe"),
        "{}",
        confirmed.raw
    );

    // Whoever wants them again says so; the same page works with the link of the mail, too.
    let wish = json!({"categories": {"stock": true}});
    ana.api.json("PATCH", "/api/notifications/preferences", &wish).await?.expect(200)?;
    back_in_stock(&shop, &ana).await?;
    ensure!(messages(&shop, &ana, "back_in_stock", 3).await?[0]["status"] == "delivered");
    let path = "/api/notifications/unsubscribe";
    ensure!(shop.api.post(path, &json!({"token": token})).await?.expect(200)?["category"] == "stock");
    for noise in ["", "f", "\u{0}", &"f".repeat(64), &token.to_uppercase()] {
        shop.api.post(path, &json!({"token": noise})).await?.problem(404, "unknown-link")?;
    }
    shop.api.raw("POST", &format!("{path}/{}", "f".repeat(64)), &form, "").await?.problem(404, "unknown-link")?;
    Ok(())
}

async fn preferences(shop: Arc<Shop>) -> Result<()> {
    let (ana, bea) = (person(&shop, "pt").await?, person(&shop, "en").await?);
    let path = "/api/notifications/preferences";
    mail(&shop, &ana, "welcome").await?;
    let defaults = json!({"account": true, "orders": true, "stock": true, "news": false});
    let found = ana.api.get(path).await?.expect(200)?;
    ensure!(found == json!({"locale": "pt", "categories": defaults}), "{found}");
    let changed = ana.api.json("PATCH", path, &json!({"categories": {"news": true}})).await?.expect(200)?;
    ensure!(changed["categories"]["news"] == true && changed["locale"] == "pt", "{changed}");
    ensure!(bea.api.get(path).await?.expect(200)?["categories"]["news"] == false, "they are Ana's");
    for (wrong, status, slug) in [
        (json!({"categories": {"orders": false}}), 422, "category-required"),
        (json!({"categories": {"account": false}}), 422, "category-required"),
        (json!({"locale": "fr"}), 422, "invalid-fields"),
    ] {
        ana.api.json("PATCH", path, &wrong).await?.problem(status, slug)?;
    }
    for wrong in [
        json!({"language": "pt"}),
        json!({"categories": {"spam": true}}),
        json!([]),
        json!({"locale": 1}),
        json!({"locale": "p\u{0}"}),
    ] {
        let answer = ana.api.json("PATCH", path, &wrong).await?;
        ensure!(matches!(answer.status, 400 | 422), "{wrong}: {answer:?}");
        answer.is_problem()?;
    }
    ensure!(ana.api.get(path).await?.expect(200)? == changed, "what was refused changed nothing");
    Ok(())
}

async fn support(shop: Arc<Shop>) -> Result<()> {
    let (ana, bea) = (person(&shop, "en").await?, person(&shop, "en").await?);
    let sku = shop.product(900, 5).await?;
    let buyer = souk_tests::shopper::Shopper { api: ana.api.clone(), email: ana.email.clone() };
    let order = text(&buyer.buy(&sku, 1, "tok_success").await?, "/id")?;
    let sent = messages(&shop, &ana, "order_confirmed", 1).await?.remove(0);
    ensure!(sent["order_id"] == order && sent["category"] == "orders" && sent["resend_of"].is_null(), "{sent}");
    for filter in [format!("order_id={order}"), format!("recipient={}&status=delivered&limit=1", ana.email)] {
        let page = shop.admin.get(&format!("{MESSAGES}?{filter}")).await?.expect(200)?;
        ensure!(page["items"][0]["id"] == sent["id"], "{filter}: {page}");
    }
    let one = format!("{MESSAGES}/{}", text(&sent, "/id")?);
    let content = shop.admin.get(&one).await?.expect(200)?;
    ensure!(content["message"] == sent && text(&content, "/html")?.contains("Ana Souk"), "{content}");

    let again = shop.admin.post(&format!("{one}/resend"), &json!({})).await?.expect(202)?;
    ensure!(again["resend_of"] == sent["id"] && again["resent_by"].is_string(), "{again}");
    let both = messages(&shop, &ana, "order_confirmed", 2).await?;
    ensure!(both.iter().all(|message| message["status"] == "delivered"), "{both:?}");

    let secret = messages(&shop, &ana, "verify_email", 1).await?.remove(0);
    let path = format!("{MESSAGES}/{}", text(&secret, "/id")?);
    let content = shop.admin.get(&path).await?.expect(200)?;
    ensure!(
        content["html"].is_null() && content["text"].is_null(),
        "a link into an account is nobody else's: {content}"
    );
    shop.admin.post(&format!("{path}/resend"), &json!({})).await?.problem(409, "not-kept")?;

    let mine = ana.api.get("/api/notifications/mine").await?.expect(200)?;
    ensure!(mine["items"].as_array().is_some_and(|items| items.len() == 4), "{mine}");
    ensure!(!mine.to_string().contains(&bea.id));
    for path in [MESSAGES, &one] {
        ana.api.get(path).await?.problem(403, "role-missing")?;
    }
    ana.api.post(&format!("{one}/resend"), &json!({})).await?.problem(403, "role-missing")?;
    Ok(())
}

async fn farewell(shop: Arc<Shop>) -> Result<()> {
    let ana = person(&shop, "en").await?;
    mail(&shop, &ana, "verify_email").await?;
    ana.api.json("DELETE", "/api/users/me", &json!({"password": PASSWORD})).await?.expect(204)?;
    wait::until("the messages to be anonymous", || async {
        let page = shop.admin.get(&format!("{MESSAGES}?user_id={}", ana.id)).await?.expect(200)?;
        let messages = page["items"].as_array().context("no items")?;
        let erased = messages.iter().all(|message| message["to"].is_null() && message["subject"].is_null());
        Ok((messages.len() == 2 && erased).then_some(()))
    })
    .await?;
    back_in_stock(&shop, &ana).await?;
    let late = messages(&shop, &ana, "back_in_stock", 1).await?.remove(0);
    ensure!(late["status"] == "suppressed" && late["to"].is_null(), "{late}");
    Ok(())
}
