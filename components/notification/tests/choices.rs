//! What the database promises about preferences, the links that end a kind of mail, and what is forgotten.

#![allow(clippy::indexing_slicing, reason = "a JSON value that lacks a member fails the test that indexes it")]

mod support;

use anyhow::Result;
use serde_json::{Value, json};
use support::{apply, database, events, mail_to, merge, number, status};
use tokio_postgres::Client;
use uuid::Uuid;

async fn preferences(db: &Client, user: Uuid) -> Result<Value> {
    Ok(db.query_one("SELECT preferences_of($1)", &[&user]).await?.get(0))
}

async fn unsubscribe(db: &Client, token: &str) -> Result<Option<String>> {
    Ok(db.query_one("SELECT unsubscribe($1)", &[&token]).await?.get(0))
}

/// A mail about stock with a link that says `token`.
fn back_in_stock(user: Uuid, token: &str) -> (Uuid, Value) {
    let (id, mut effect) = mail_to(user, "back_in_stock", "stock");
    let link = format!("https://shop.example/api/notifications/unsubscribe/{token}");
    if let Some(mail) = effect.get_mut("message") {
        merge(mail, json!({"unsubscribe_token": token, "list_unsubscribe": link}));
    }
    (id, effect)
}

#[tokio::test]
async fn whoever_chose_nothing_has_the_defaults_and_changes_keep_the_rest() -> Result<()> {
    let db = database().await?;
    let user = Uuid::now_v7();
    let categories = |stock: bool, news: bool| json!({"account": true, "orders": true, "stock": stock, "news": news});
    assert_eq!(preferences(&db, user).await?, json!({"locale": "en", "categories": categories(true, false)}));
    let change = "SELECT set_preferences($1, $2, $3, $4)";
    let off: Value = db.query_one(change, &[&user, &None::<&str>, &Some(false), &None::<bool>]).await?.get(0);
    assert_eq!(off, json!({"locale": "en", "categories": categories(false, false)}));
    db.query_one(change, &[&user, &Some("pt"), &None::<bool>, &Some(true)]).await?;
    assert_eq!(preferences(&db, user).await?, json!({"locale": "pt", "categories": categories(false, true)}));
    Ok(())
}

#[tokio::test]
async fn a_link_ends_its_kind_of_mail_for_its_recipient_alone_however_often_it_is_followed() -> Result<()> {
    let db = database().await?;
    let (ana, ben, token) = (Uuid::now_v7(), Uuid::now_v7(), "a".repeat(64));
    assert_eq!(apply(&db, json!([back_in_stock(ana, &token).1])).await?, 1);
    let queued = events(&db).await?.remove(0);
    assert!(queued["data"]["list_unsubscribe"].as_str().unwrap().ends_with(&token));

    for _ in 0..3 {
        assert_eq!(unsubscribe(&db, &token).await?.as_deref(), Some("stock"));
    }
    let (held, effect) = back_in_stock(ana, &"b".repeat(64));
    let (_, about_order) = mail_to(ana, "order_shipped", "orders");
    let (_, to_ben) = back_in_stock(ben, &"c".repeat(64));
    assert_eq!(apply(&db, json!([effect, about_order, to_ben])).await?, 2, "orders go on, and so do others' mails");
    let (kind, why) = status(&db, held).await?;
    assert_eq!((kind.as_str(), why.unwrap().contains("unsubscribed")), ("suppressed", true));
    assert_eq!(unsubscribe(&db, &"b".repeat(64)).await?, None, "a mail that never went out has no link");
    assert_eq!(preferences(&db, ana).await?["categories"]["stock"], false);
    // Whoever changes their mind gets them again.
    db.query("SELECT set_preferences($1, NULL, true, NULL)", &[&ana]).await?;
    assert_eq!(apply(&db, json!([back_in_stock(ana, &"d".repeat(64)).1])).await?, 1);
    Ok(())
}

#[tokio::test]
async fn links_cannot_be_guessed_or_read_out_of_the_database() -> Result<()> {
    let db = database().await?;
    let token = "e".repeat(64);
    apply(&db, json!([back_in_stock(Uuid::now_v7(), &token).1])).await?;
    let hash: String = db.query_one("SELECT encode(token_hash, 'hex') FROM unsubscribe_tokens", &[]).await?.get(0);
    for guess in ["", "f", &hash, &"f".repeat(64)] {
        assert_eq!(unsubscribe(&db, guess).await?, None, "{guess}");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_no_longer_needed_is_forgotten_and_nothing_before() -> Result<()> {
    let db = database().await?;
    db.batch_execute(
        "INSERT INTO inbox (event_id, received_at) SELECT uuid_v7(), now() - n * interval '10 days'
         FROM generate_series(0, 5) AS n;
         INSERT INTO message_sources (message_id, event)
         SELECT overlay(uuid_floor(now() - n * interval '25 days')::text PLACING '7' FROM 15)::uuid, '{}'
         FROM generate_series(0, 5) AS n;
         INSERT INTO unsubscribe_tokens (token_hash, user_id, category, created_at)
         SELECT sha256(n::text::bytea), uuid_v7(), 'stock', now() - n * interval '150 days'
         FROM generate_series(0, 3) AS n",
    )
    .await?;
    assert_eq!(number(&db, "SELECT sweep(100)").await?, 3 + 2 + 1);
    let left = "SELECT (SELECT count(*) FROM inbox) * 100 + (SELECT count(*) FROM message_sources) * 10
                + (SELECT count(*) FROM unsubscribe_tokens)";
    assert_eq!(number(&db, left).await?, 343);
    Ok(())
}
