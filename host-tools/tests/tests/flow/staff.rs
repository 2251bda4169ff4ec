//! Accounts as staff see and change them.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use souk_tests::{
    api::{Api, text},
    run::Suite,
    shop::Shop,
};
use std::{collections::BTreeSet, sync::Arc};
use uuid::Uuid;

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("accounts_are_found_page_by_page_while_others_register", pages);
    suite.test("roles_change_with_the_next_token_and_support_only_looks", roles);
    suite.test("a_disabled_account_is_out_at_once_and_can_come_back", disable);
}

const PASSWORD: &str = "a-long-password";

async fn register(api: &Api, name: &str) -> Result<Value> {
    let email = format!("{}@souk.example", Uuid::now_v7().simple());
    let account = json!({"email": email, "password": PASSWORD, "name": name});
    api.post("/api/users/register", &account).await?.expect(201)
}

async fn pages(shop: Arc<Shop>) -> Result<()> {
    let word = Uuid::new_v4().simple().to_string();
    let mut wanted = BTreeSet::new();
    for n in 0..5 {
        wanted.insert(text(&register(&shop.api, &format!("Zoë_{n}% {word}")).await?, "/user/id")?);
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = shop.admin.get(&format!("/api/users?q={word}&limit=2{cursor}")).await?.expect(200)?;
        for item in page["items"].as_array().context("no items")? {
            seen.push(text(item, "/id")?);
        }
        // Whoever registers between two pages neither moves nor repeats anybody.
        register(&shop.api, &format!("late {word}")).await?;
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    ensure!(seen.len() == 5 && seen.iter().cloned().collect::<BTreeSet<_>>() == wanted, "{seen:?}");
    ensure!(seen.is_sorted_by(|a, b| a > b), "newest first: {seen:?}");
    for (query, found) in [
        (format!("q={}&disabled=false", word.to_uppercase()), true),
        (format!("q={word}&disabled=true"), false),
        (format!("q={word}&role=customer"), true),
        (format!("q={word}&role=merchant"), false),
        (format!("q=Zo%C3%AB_1%25%20{word}"), true),
        (format!("q=Zo%25%20{word}"), false),
    ] {
        let page = shop.admin.get(&format!("/api/users?{query}")).await?.expect(200)?;
        ensure!(page["items"].as_array().is_some_and(|items| items.is_empty() != found), "{query}: {page}");
    }
    for bad in ["limit=0", "limit=101", "cursor=x", "role=guest", "role=king", "disabled=perhaps", "q=%00"] {
        let answer = shop.admin.get(&format!("/api/users?{bad}")).await?;
        ensure!(answer.status == 400, "{bad}: {answer:?}");
        answer.is_problem()?;
    }
    Ok(())
}

async fn roles(shop: Arc<Shop>) -> Result<()> {
    let ana = register(&shop.api, "Ana").await?;
    let path = format!("/api/users/{}", text(&ana, "/user/id")?);
    let as_ana = |session: &Value| anyhow::Ok(shop.api.with_token(text(session, "/access_token")?));
    let before = as_ana(&ana)?;
    before.get("/api/users").await?.problem(403, "role-missing")?;
    let change = json!({"roles": ["customer", "support"]});
    before.json("PATCH", &path, &change).await?.problem(403, "role-missing")?;
    let changed = shop.admin.json("PATCH", &path, &change).await?.expect(200)?;
    ensure!(changed["roles"] == json!(["customer", "support"]) && changed["disabled"] == false, "{changed}");
    before.get("/api/users").await?.problem(403, "role-missing")?;
    let refresh = json!({"refresh_token": text(&ana, "/refresh_token")?});
    let support = as_ana(&shop.api.post("/api/users/token/refresh", &refresh).await?.expect(200)?)?;
    support.get("/api/users?limit=1").await?.expect(200)?;
    support.get(&path).await?.expect(200)?;
    support.json("PATCH", &path, &json!({"roles": ["admin"]})).await?.problem(403, "role-missing")?;
    for bad in [json!([]), json!(["guest"]), json!(["admin", "admin"])] {
        shop.admin.json("PATCH", &path, &json!({"roles": bad})).await?.problem(422, "invalid-fields")?;
    }
    shop.admin.json("PATCH", &path, &json!({"roles": ["king"]})).await?.problem(422, "invalid-body")?;
    let me = shop.admin.get("/api/users/me").await?.expect(200)?;
    let own = format!("/api/users/{}", text(&me, "/id")?);
    shop.admin.json("PATCH", &own, &json!({"roles": ["customer"]})).await?.problem(409, "own-account")?;
    shop.admin.json("PATCH", &own, &json!({"disabled": true})).await?.problem(409, "own-account")?;
    let nobody = format!("/api/users/{}", Uuid::now_v7());
    shop.admin.json("PATCH", &nobody, &change).await?.problem(404, "account-unknown")?;
    shop.admin.get(&nobody).await?.problem(404, "account-unknown")?;
    Ok(())
}

async fn disable(shop: Arc<Shop>) -> Result<()> {
    let ana = register(&shop.api, "Ana").await?;
    let path = format!("/api/users/{}", text(&ana, "/user/id")?);
    let credentials = json!({"email": text(&ana, "/user/email")?, "password": PASSWORD});
    let refresh = json!({"refresh_token": text(&ana, "/refresh_token")?});
    let disabled = shop.admin.json("PATCH", &path, &json!({"disabled": true})).await?.expect(200)?;
    ensure!(disabled["disabled"] == true && disabled["disabled_at"].is_string(), "{disabled}");
    shop.api.post("/api/users/token/refresh", &refresh).await?.problem(401, "invalid-refresh-token")?;
    shop.api.post("/api/users/login", &credentials).await?.problem(403, "account-disabled")?;
    shop.admin.json("PATCH", &path, &json!({"disabled": false})).await?.expect(200)?;
    shop.api.post("/api/users/login", &credentials).await?.expect(200)?;
    Ok(())
}
