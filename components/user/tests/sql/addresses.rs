//! The addresses that an account keeps.

use crate::support::*;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

fn address(city: &str) -> Value {
    json!({"name": "Ana", "line1": "Rua 7", "city": city, "postal_code": "1200-192", "country": "PT"})
}

async fn add(db: &Client, account: Uuid, city: &str, is_default: bool) -> Result<(String, Option<Value>)> {
    let sql = "SELECT outcome, address FROM add_address($1, $2, $3)";
    let row = db.query_one(sql, &[&account, &address(city), &is_default]).await?;
    Ok((row.get(0), row.get(1)))
}

/// The cities, the default one first.
async fn cities(db: &Client, account: Uuid) -> Result<Vec<String>> {
    let all: Value = one(db, "SELECT addresses_json($1)", &[&account]).await?;
    let all = all.as_array().context("addresses are an array")?;
    assert_eq!(all.iter().filter(|address| address["is_default"] == true).count(), all.len().min(1));
    all.iter().map(|address| Ok(address["city"].as_str().context("an address has a city")?.to_owned())).collect()
}

#[tokio::test]
async fn an_account_with_addresses_has_exactly_one_default() -> Result<()> {
    let db = database().await?.connect().await?;
    let ana = account(&db, "ana@souk.example", 1).await?;
    let (_, lisboa) = add(&db, ana, "Lisboa", false).await?;
    let lisboa = id(&lisboa.unwrap())?;
    assert_eq!(cities(&db, ana).await?, ["Lisboa"], "the first is the default whatever it says");
    add(&db, ana, "Porto", false).await?;
    let (_, faro) = add(&db, ana, "Faro", true).await?;
    let faro = id(&faro.unwrap())?;
    assert_eq!(cities(&db, ana).await?, ["Faro", "Lisboa", "Porto"]);
    let replace = "SELECT replace_address($1, $2, $3, $4)";
    let replaced: Value = one(&db, replace, &[&ana, &lisboa, &address("Sintra"), &true]).await?;
    assert_eq!((&replaced["city"], &replaced["is_default"]), (&json!("Sintra"), &json!(true)));
    assert_eq!(cities(&db, ana).await?, ["Sintra", "Porto", "Faro"]);
    let kept: Value = one(&db, replace, &[&ana, &lisboa, &address("Sintra"), &false]).await?;
    assert_eq!(kept["is_default"], true, "false takes nothing away");
    one::<Value>(&db, replace, &[&ana, &faro, &address("Evora"), &false]).await?;
    assert!(one::<bool>(&db, "SELECT remove_address($1, $2)", &[&ana, &lisboa]).await?);
    assert_eq!(cities(&db, ana).await?, ["Evora", "Porto"], "the one changed last becomes the default");
    Ok(())
}

#[tokio::test]
async fn another_accounts_address_is_none() -> Result<()> {
    let db = database().await?.connect().await?;
    let (ana, bea) = (account(&db, "ana@souk.example", 1).await?, account(&db, "bea@souk.example", 2).await?);
    let (_, own) = add(&db, ana, "Lisboa", true).await?;
    add(&db, bea, "Porto", true).await?;
    let own = id(&own.unwrap())?;
    let replaced: Option<Value> =
        one(&db, "SELECT replace_address($1, $2, $3, true)", &[&bea, &own, &address("Faro")]).await?;
    assert_eq!(replaced, None);
    assert!(!one::<bool>(&db, "SELECT remove_address($1, $2)", &[&bea, &own]).await?);
    assert_eq!((cities(&db, ana).await?, cities(&db, bea).await?), (vec!["Lisboa".into()], vec!["Porto".into()]));
    assert_eq!(add(&db, Uuid::now_v7(), "Faro", false).await?, ("gone".to_owned(), None));
    Ok(())
}

#[tokio::test]
async fn twenty_addresses_are_the_most_however_many_come_at_once() -> Result<()> {
    let database = database().await?;
    let db = database.connect().await?;
    let ana = account(&db, "ana@souk.example", 1).await?;
    for n in 0..17 {
        add(&db, ana, &format!("City {n}"), n % 5 == 0).await?;
    }
    let sql = "SELECT outcome FROM add_address($1::text::uuid, $2::text::jsonb, true)".to_owned();
    let calls = (0..8).map(|_| (sql.clone(), vec![ana.to_string(), address("Faro").to_string()])).collect();
    let outcomes = at_once(&database, calls).await?;
    assert_eq!(outcomes, ["added", "added", "added", "full", "full", "full", "full", "full"]);
    assert_eq!(cities(&db, ana).await?.len(), 20);
    // A place that became free is used again.
    let first: Uuid = one(&db, "SELECT id FROM addresses ORDER BY id LIMIT 1", &[]).await?;
    assert!(one::<bool>(&db, "SELECT remove_address($1, $2)", &[&ana, &first]).await?);
    assert_eq!(add(&db, ana, "Faro", false).await?.0, "added");
    assert_eq!(add(&db, ana, "Faro", false).await?.0, "full");
    Ok(())
}
