//! Accounts and tokens.

use anyhow::{Result, ensure};
use serde_json::json;
use souk_core::token::{self, Claims, Role};
use souk_tests::{
    api::{Api, text},
    run::Suite,
    shop::Shop,
};
use std::sync::Arc;
use uuid::Uuid;

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("who_registers_can_sign_in_and_is_welcomed_once", register);
    suite.test("an_address_registers_once_whatever_its_case", taken);
    suite.test("a_wrong_password_says_no_more_than_an_unknown_address", wrong_password);
    suite.test("a_refresh_token_works_once", refresh);
    suite.test("expired_forged_and_foreign_tokens_are_refused_everywhere", tokens);
    suite.test("a_shopper_cannot_do_a_merchants_work", roles);
}

fn account(email: &str) -> serde_json::Value {
    json!({"email": email, "password": "a-long-password", "name": "Ana"})
}

fn fresh_email() -> String {
    format!("{}@souk.example", Uuid::now_v7().simple())
}

async fn register(shop: Arc<Shop>) -> Result<()> {
    let email = fresh_email();
    let created = shop.api.post("/api/users/register", &account(&email)).await?.expect(201)?;
    let credentials = json!({"email": email.to_uppercase(), "password": "a-long-password"});
    let session = shop.api.post("/api/users/login", &credentials).await?.expect(200)?;
    ensure!(session.pointer("/user/id") == created.pointer("/user/id"));
    let me = shop.api.with_token(text(&session, "/access_token")?).get("/api/users/me").await?.expect(200)?;
    ensure!(text(&me, "/email")? == email, "{me}");
    ensure!(!me.to_string().contains("argon2"), "no hash leaves the service");
    shop.mails_to(&email, 2).await?;
    let jwks = shop.api.get("/api/users/jwks.json").await?.expect(200)?;
    ensure!(jwks.pointer("/keys/0/d").is_none() && jwks.pointer("/keys/0/x").is_some(), "{jwks}");
    Ok(())
}

async fn taken(shop: Arc<Shop>) -> Result<()> {
    let email = fresh_email();
    shop.api.post("/api/users/register", &account(&email)).await?.expect(201)?;
    shop.api.post("/api/users/register", &account(&email.to_uppercase())).await?.problem(409, "email-taken")?;
    Ok(())
}

async fn wrong_password(shop: Arc<Shop>) -> Result<()> {
    let email = fresh_email();
    shop.api.post("/api/users/register", &account(&email)).await?.expect(201)?;
    let attempt = |email: String| json!({"email": email, "password": "not-the-password"});
    let known = shop.api.post("/api/users/login", &attempt(email)).await?.problem(401, "invalid-credentials")?;
    let unknown =
        shop.api.post("/api/users/login", &attempt(fresh_email())).await?.problem(401, "invalid-credentials")?;
    ensure!(known == unknown, "the answers differ: {known} {unknown}");
    Ok(())
}

async fn refresh(shop: Arc<Shop>) -> Result<()> {
    let session = shop.api.post("/api/users/register", &account(&fresh_email())).await?.expect(201)?;
    let first = json!({"refresh_token": text(&session, "/refresh_token")?});
    let second = shop.api.post("/api/users/token/refresh", &first).await?.expect(200)?;
    let second = json!({"refresh_token": text(&second, "/refresh_token")?});
    shop.api.post("/api/users/token/refresh", &first).await?.is_problem()?;
    // The reuse gave a thief away: the whole family is revoked, the newest token too.
    let answer = shop.api.post("/api/users/token/refresh", &second).await?;
    ensure!(answer.status == 401, "{answer:?}");
    Ok(())
}

/// Places that need a token, one in each service.
const GUARDED: [(&str, &str); 7] = [
    ("GET", "/api/users/me"),
    ("GET", "/api/orders/cart"),
    ("POST", "/api/orders/checkout"),
    ("GET", "/api/payments/018f0000-0000-7000-8000-000000000000"),
    ("POST", "/api/catalog/products/batch"),
    ("POST", "/api/inventory/stock/batch"),
    ("GET", "/api/analytics/summary"),
];

async fn tokens(shop: Arc<Shop>) -> Result<()> {
    let (key, kid) = shop.signing_key()?;
    let now = i64::try_from(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs())?;
    let claims = |iss: &str, exp: i64| Claims {
        iss: iss.to_owned(),
        sub: Uuid::now_v7(),
        email: "mallory@souk.example".to_owned(),
        name: "Mallory".to_owned(),
        roles: vec![Role::Admin],
        iat: now - 3600,
        exp,
    };
    let expired = token::sign(&claims("souk", now - 60), &key, &kid);
    let foreign = token::sign(&claims("bazaar", now + 60), &key, &kid);
    let other_key = token::parse_signing_key(&"A".repeat(43)).ok_or_else(|| anyhow::anyhow!("no key"))?;
    let forged = token::sign(&claims("souk", now + 60), &other_key, &kid);
    for (method, path) in GUARDED {
        for (what, token) in
            [("expired", &expired), ("foreign", &foreign), ("forged", &forged), ("noise", &"x.y.z".to_owned())]
        {
            let answer = shop.api.with_token(token).json(method, path, &json!({})).await?;
            ensure!(answer.status == 401, "{what} token at {method} {path}: {answer:?}");
            answer.is_problem()?;
        }
        let answer = shop.api.json(method, path, &json!({})).await?;
        ensure!(answer.status == 401, "no token at {method} {path}: {answer:?}");
    }
    Ok(())
}

async fn roles(shop: Arc<Shop>) -> Result<()> {
    let ana = shop.shopper().await?;
    let refused = |api: Api, path: &'static str, body: serde_json::Value| async move {
        let answer = api.post(path, &body).await?;
        ensure!(answer.status == 403, "{path}: {answer:?}");
        answer.is_problem()
    };
    refused(ana.api.clone(), "/api/catalog/products/batch", json!({"products": []})).await?;
    refused(ana.api.clone(), "/api/inventory/stock/batch", json!({"lines": [], "reason": "x"})).await?;
    refused(ana.api.clone(), "/api/inventory/stock/X/adjust", json!({"delta": 1, "reason": "x"})).await?;
    for path in ["/api/analytics/summary", "/api/inventory/reservations", "/api/payments/ledger"] {
        let answer = ana.api.get(path).await?;
        ensure!(answer.status == 403, "{path}: {answer:?}");
    }
    Ok(())
}
