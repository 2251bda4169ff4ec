//! What people do with their own accounts: proof of the address, passwords, sessions, addresses, export, farewell.

use crate::mailed::{mailed, mailed_token};
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use souk_tests::{
    api::{Answer, Api, text},
    run::Suite,
    shop::Shop,
    shopper::{Shopper, address},
    wait,
};
use std::sync::Arc;
use uuid::Uuid;

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("a_mailed_link_verifies_an_address_once", verification);
    suite.test("a_forgotten_password_is_reset_by_mail_and_signs_out_everywhere", reset);
    suite.test("asking_for_a_reset_tells_nobody_who_has_an_account", enumeration);
    suite.test("a_changed_password_keeps_the_session_that_asked", change);
    suite.test("an_account_that_is_guessed_at_rests_and_says_for_how_long", guessing);
    suite.test("trying_many_accounts_from_one_address_is_stopped", spraying);
    suite.test("sessions_are_listed_and_ended_by_their_owner_alone", sessions);
    suite.test("addresses_belong_to_their_account", addresses);
    suite.test("a_guest_gets_a_token_that_is_no_account", guest);
    suite.test("a_deleted_account_is_exported_before_and_gone_after", farewell);
    suite.test("orders_outlive_the_account_and_forget_who_it_was", erased);
}

const PASSWORD: &str = "a-long-password";

struct Person {
    email: String,
    id: String,
    api: Api,
    refresh_token: String,
}

async fn person(shop: &Shop) -> Result<Person> {
    let email = format!("{}@souk.example", Uuid::now_v7().simple());
    let account = json!({"email": email, "password": PASSWORD, "name": "Ana", "locale": "pt"});
    let session = shop.api.post("/api/users/register", &account).await?.expect(201)?;
    Ok(Person {
        api: shop.api.with_token(text(&session, "/access_token")?),
        id: text(&session, "/user/id")?,
        refresh_token: text(&session, "/refresh_token")?,
        email,
    })
}

async fn login(api: &Api, email: &str, password: &str) -> Result<Answer> {
    api.post("/api/users/login", &json!({"email": email, "password": password})).await
}

async fn refresh(api: &Api, token: &str) -> Result<Answer> {
    api.post("/api/users/token/refresh", &json!({"refresh_token": token})).await
}

/// A call from a client address of its own: the shop under test is told that a proxy of ours is in front.
async fn from(api: &Api, client: &str, path: &str, body: &Value) -> Result<Answer> {
    // What a client claims itself comes first and must not count.
    let hops = format!("198.51.100.1, {client}");
    let headers = [("content-type", "application/json"), ("x-forwarded-for", hops.as_str())];
    api.raw("POST", path, &headers, body.to_string()).await
}

async fn verification(shop: Arc<Shop>) -> Result<()> {
    let ana = person(&shop).await?;
    let me = ana.api.get("/api/users/me").await?.expect(200)?;
    ensure!(me["email_verified"] == false && me["locale"] == "pt", "{me}");
    let token = mailed_token(&shop, "user.verification_requested", &ana.email).await?;
    let body = json!({"token": token});
    shop.api.post("/api/users/verify-email", &body).await?.expect(204)?;
    ensure!(ana.api.get("/api/users/me").await?.expect(200)?["email_verified"] == true);
    shop.api.post("/api/users/verify-email", &body).await?.problem(422, "invalid-token")?;
    ana.api.post("/api/users/me/verify-email", &json!({})).await?.problem(409, "email-verified")?;

    let bea = person(&shop).await?;
    for _ in 0..3 {
        bea.api.post("/api/users/me/verify-email", &json!({})).await?.expect(202)?;
    }
    let refused = bea.api.post("/api/users/me/verify-email", &json!({})).await?;
    ensure!(refused.retry_after.is_some_and(|wait| wait.as_secs() > 3000), "{refused:?}");
    refused.problem(429, "too-many-requests")?;
    for noise in ["", "x", "souk_ev_AAAA", "souk_pr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "\u{0}"] {
        let answer = shop.api.post("/api/users/verify-email", &json!({"token": noise})).await?;
        answer.problem(422, "invalid-token")?;
    }
    Ok(())
}

async fn reset(shop: Arc<Shop>) -> Result<()> {
    let ana = person(&shop).await?;
    let wish = json!({"email": ana.email.to_uppercase()});
    shop.api.post("/api/users/password/forgot", &wish).await?.expect(202)?;
    let token = mailed_token(&shop, "user.password_reset_requested", &ana.email).await?;
    let with = |password: &str| json!({"token": token, "new_password": password});
    let path = "/api/users/password/reset";
    shop.api.post(path, &with("short")).await?.problem(422, "invalid-fields")?;
    shop.api.post(path, &with("another-password")).await?.expect(204)?;
    shop.api.post(path, &with("third-password")).await?.problem(422, "invalid-token")?;
    refresh(&shop.api, &ana.refresh_token).await?.problem(401, "invalid-refresh-token")?;
    login(&shop.api, &ana.email, PASSWORD).await?.problem(401, "invalid-credentials")?;
    let session = login(&shop.api, &ana.email, "another-password").await?.expect(200)?;
    ensure!(session["user"]["email_verified"] == true, "who reads the mail has proved the address");
    wait::until("the owner to be told", || async {
        Ok((mailed(&shop, "user.password_changed", &ana.email).await?.len() == 1).then_some(()))
    })
    .await
}

async fn enumeration(shop: Arc<Shop>) -> Result<()> {
    let ana = person(&shop).await?;
    let path = "/api/users/password/forgot";
    let nobody = json!({"email": format!("{}@souk.example", Uuid::now_v7().simple())});
    let known = shop.api.post(path, &json!({"email": ana.email})).await?;
    let unknown = shop.api.post(path, &nobody).await?;
    ensure!(known.status == 202 && unknown.status == 202, "{known:?} {unknown:?}");
    ensure!(known.body == unknown.body && known.media_type == unknown.media_type, "{known:?} {unknown:?}");
    // Three mails an hour, and the answer stays the same.
    for _ in 0..4 {
        shop.api.post(path, &json!({"email": ana.email})).await?.expect(202)?;
        shop.api.post(path, &nobody).await?.expect(202)?;
    }
    // Another event behind them, so that all of them have been published.
    ana.api.json("PATCH", "/api/users/me", &json!({"name": "Ana Maria"})).await?.expect(200)?;
    wait::until("the change of name", || async {
        Ok((mailed(&shop, "user.updated", &ana.email).await?.len() == 1).then_some(()))
    })
    .await?;
    let wishes = mailed(&shop, "user.password_reset_requested", &ana.email).await?;
    ensure!(wishes.len() == 3, "{} mails", wishes.len());
    fill(&shop, "forgot", "203.0.113.20").await?;
    let refused = from(&shop.api, "203.0.113.20", path, &nobody).await?;
    ensure!(refused.retry_after.is_some(), "{refused:?}");
    refused.problem(429, "too-many-requests")?;
    Ok(())
}

async fn change(shop: Arc<Shop>) -> Result<()> {
    let ana = person(&shop).await?;
    let other = login(&shop.api, &ana.email, PASSWORD).await?.expect(200)?;
    let path = "/api/users/me/password";
    let body = |current: &str, keep: Option<&str>| json!({"current_password": current, "new_password": "another-password", "refresh_token": keep});
    ana.api.post(path, &body("not-the-password", None)).await?.problem(403, "wrong-password")?;
    ana.api.post(path, &body(PASSWORD, Some(&ana.refresh_token))).await?.expect(204)?;
    refresh(&shop.api, &text(&other, "/refresh_token")?).await?.problem(401, "invalid-refresh-token")?;
    refresh(&shop.api, &ana.refresh_token).await?.expect(200)?;
    login(&shop.api, &ana.email, PASSWORD).await?.problem(401, "invalid-credentials")?;
    login(&shop.api, &ana.email, "another-password").await?.expect(200)?;
    Ok(())
}

async fn guessing(shop: Arc<Shop>) -> Result<()> {
    let (ana, bea) = (person(&shop).await?, person(&shop).await?);
    for _ in 0..10 {
        login(&shop.api, &ana.email, "not-the-password").await?.problem(401, "invalid-credentials")?;
    }
    // The right password, and from another address, too: the account itself rests.
    let right = json!({"email": ana.email, "password": PASSWORD});
    let refused = from(&shop.api, "203.0.113.30", "/api/users/login", &right).await?;
    ensure!(refused.retry_after.is_some_and(|wait| (1..=901).contains(&wait.as_secs())), "{refused:?}");
    refused.problem(429, "too-many-requests")?;
    // The password is asked for in other places, and guesses count there, too.
    let body = json!({"current_password": PASSWORD, "new_password": "another-password"});
    ana.api.post("/api/users/me/password", &body).await?.problem(429, "too-many-requests")?;
    login(&shop.api, &bea.email, PASSWORD).await?.expect(200)?;
    // Who reads the account's mail is the owner and need not wait.
    shop.api.post("/api/users/password/forgot", &json!({"email": ana.email})).await?.expect(202)?;
    let token = mailed_token(&shop, "user.password_reset_requested", &ana.email).await?;
    let body = json!({"token": token, "new_password": "another-password"});
    shop.api.post("/api/users/password/reset", &body).await?.expect(204)?;
    login(&shop.api, &ana.email, "another-password").await?.expect(200)?;
    Ok(())
}

/// Leaves the client one attempt of this kind.
async fn fill(shop: &Shop, kind: &str, client: &str) -> Result<()> {
    let limit: i64 = shop.environment.variables()?.get("address_limit").map_or(Ok(100), |limit| limit.parse())?;
    let mut redis = shop.environment.connect_redis().await?;
    let key = format!("souk:user:throttle:{kind}:from:{client}");
    redis::cmd("SET").arg(key).arg(limit).arg("EX").arg(900).exec_async(&mut redis).await?;
    Ok(())
}

async fn spraying(shop: Arc<Shop>) -> Result<()> {
    let ana = person(&shop).await?;
    let guess = || json!({"email": format!("{}@souk.example", Uuid::now_v7().simple()), "password": "Summer2026!"});
    let path = "/api/users/login";
    from(&shop.api, "203.0.113.40", path, &guess()).await?.problem(401, "invalid-credentials")?;
    fill(&shop, "sign-in", "203.0.113.40").await?;
    let refused = from(&shop.api, "203.0.113.40", path, &guess()).await?;
    ensure!(refused.retry_after.is_some(), "{refused:?}");
    refused.problem(429, "too-many-requests")?;
    // A right guess among many wrong ones is not told either; elsewhere the owner signs in as ever.
    let right = json!({"email": ana.email, "password": PASSWORD});
    from(&shop.api, "203.0.113.40", path, &right).await?.problem(429, "too-many-requests")?;
    from(&shop.api, "203.0.113.41", path, &right).await?.expect(200)?;
    for (kind, path, body) in [
        ("register", "/api/users/register", json!({"email": "x@souk.example", "password": PASSWORD, "name": "X"})),
        ("guest", "/api/users/guest", json!({})),
    ] {
        fill(&shop, kind, "203.0.113.42").await?;
        from(&shop.api, "203.0.113.42", path, &body).await?.problem(429, "too-many-requests")?;
    }
    Ok(())
}

async fn sessions(shop: Arc<Shop>) -> Result<()> {
    let (ana, bea) = (person(&shop).await?, person(&shop).await?);
    let headers = [("content-type", "application/json"), ("user-agent", "Phone/1")];
    let body = json!({"email": ana.email, "password": PASSWORD}).to_string();
    let phone = shop.api.raw("POST", "/api/users/login", &headers, body).await?.expect(200)?;
    let list = ana.api.get("/api/users/me/sessions").await?.expect(200)?;
    ensure!(list["items"].as_array().is_some_and(|items| items.len() == 2), "{list}");
    ensure!(list["items"][0]["device"] == "Phone/1", "{list}");
    let path = format!("/api/users/me/sessions/{}", text(&list, "/items/0/id")?);
    bea.api.raw("DELETE", &path, &[], "").await?.problem(404, "session-unknown")?;
    ana.api.raw("DELETE", &path, &[], "").await?.expect(204)?;
    ana.api.raw("DELETE", &path, &[], "").await?.problem(404, "session-unknown")?;
    refresh(&shop.api, &text(&phone, "/refresh_token")?).await?.problem(401, "invalid-refresh-token")?;
    let next = refresh(&shop.api, &ana.refresh_token).await?.expect(200)?;
    ana.api.post("/api/users/logout-all", &json!({})).await?.expect(204)?;
    refresh(&shop.api, &text(&next, "/refresh_token")?).await?.problem(401, "invalid-refresh-token")?;
    refresh(&shop.api, &bea.refresh_token).await?.expect(200)?;
    Ok(())
}

async fn addresses(shop: Arc<Shop>) -> Result<()> {
    let (ana, bea) = (person(&shop).await?, person(&shop).await?);
    let path = "/api/users/me/addresses";
    let first = ana.api.post(path, &address()).await?.expect(201)?;
    ensure!(first["is_default"] == true && first["line2"].is_null(), "{first}");
    let one = format!("{path}/{}", text(&first, "/id")?);
    for (method, body) in [("GET", json!(null)), ("PUT", address()), ("DELETE", json!(null))] {
        bea.api.json(method, &one, &body).await?.problem(404, "address-unknown")?;
    }
    let mut second = address();
    second["city"] = json!("Porto");
    second["is_default"] = json!(true);
    ana.api.post(path, &second).await?.expect(201)?;
    let list = ana.api.get(path).await?.expect(200)?;
    ensure!(list["items"][0]["city"] == "Porto" && list["items"][1]["is_default"] == false, "{list}");
    let changed = ana.api.json("PUT", &one, &second).await?.expect(200)?;
    ensure!(changed["city"] == "Porto" && changed["is_default"] == true, "{changed}");
    ana.api.raw("DELETE", &one, &[], "").await?.expect(204)?;
    ana.api.get(&one).await?.problem(404, "address-unknown")?;
    for (field, bad) in [("city", json!("a\u{0}b")), ("country", json!("pt")), ("name", json!("n".repeat(101)))] {
        let mut wrong = address();
        wrong[field] = bad;
        ana.api.post(path, &wrong).await?.problem(422, "invalid-fields")?;
    }
    for _ in 1..20 {
        ana.api.post(path, &address()).await?.expect(201)?;
    }
    ana.api.post(path, &address()).await?.problem(409, "address-limit")?;
    Ok(())
}

async fn guest(shop: Arc<Shop>) -> Result<()> {
    let guest = shop.api.post("/api/users/guest", &json!({})).await?.expect(201)?;
    ensure!(guest["expires_in"] == 2_592_000, "{guest}");
    let other = shop.api.post("/api/users/guest", &json!({})).await?.expect(201)?;
    ensure!(guest["guest_id"] != other["guest_id"]);
    let api = shop.api.with_token(text(&guest, "/access_token")?);
    api.get("/api/users/me").await?.problem(401, "account-needed")?;
    api.get("/api/users").await?.problem(401, "account-needed")?;
    Ok(())
}

async fn farewell(shop: Arc<Shop>) -> Result<()> {
    let ana = person(&shop).await?;
    ana.api.post("/api/users/me/addresses", &address()).await?.expect(201)?;
    let export = ana.api.get("/api/users/me/export").await?.expect(200)?;
    ensure!(export["account"]["id"] == ana.id && export["addresses"][0]["city"] == "Lisboa", "{export}");
    ensure!(!export.to_string().contains("argon2") && !export.to_string().contains("souk_"), "{export}");
    let delete = |password: &str| {
        let (api, body) = (ana.api.clone(), json!({"password": password}));
        async move { api.json("DELETE", "/api/users/me", &body).await }
    };
    delete("not-the-password").await?.problem(403, "wrong-password")?;
    delete(PASSWORD).await?.expect(204)?;
    ana.api.get("/api/users/me").await?.problem(401, "account-gone")?;
    login(&shop.api, &ana.email, PASSWORD).await?.problem(401, "invalid-credentials")?;
    refresh(&shop.api, &ana.refresh_token).await?.problem(401, "invalid-refresh-token")?;
    // An admin's account goes only after another admin took the role away.
    let body = json!({"password": "a-long-test-password"});
    shop.admin.json("DELETE", "/api/users/me", &body).await?.problem(409, "admin-account")?;
    Ok(())
}

async fn erased(shop: Arc<Shop>) -> Result<()> {
    let ana = person(&shop).await?;
    let sku = shop.product(900, 9).await?;
    let shopper = Shopper { api: ana.api.clone(), email: ana.email.clone() };
    let order = text(&shopper.buy(&sku, 1, "tok_success").await?, "/id")?;
    shopper.order_reaches(&order, "confirmed").await?;
    ana.api.json("DELETE", "/api/users/me", &json!({"password": PASSWORD})).await?.expect(204)?;
    let orders = shop.environment.connect("order").await?;
    let row = wait::until("the order to forget", || async {
        let sql = "SELECT status, name FROM orders WHERE id::text = $1 AND email <> $2";
        Ok(orders.query_opt(sql, &[&order, &ana.email]).await?)
    })
    .await?;
    ensure!((row.get::<_, &str>(0), row.get::<_, &str>(1)) == ("confirmed", ""), "{row:?}");
    Ok(())
}
