//! What the database promises about recipients: who they are, which language they chose, and that they are forgotten.

#![allow(clippy::indexing_slicing, reason = "a JSON value that lacks a member fails the test that indexes it")]

mod support;

use anyhow::Result;
use serde_json::{Value, json};
use support::{ANA, apply, database, effect, events, mail_to, merge, number, person, report, settle, status};
use tokio_postgres::Client;
use uuid::Uuid;

async fn recipient(db: &Client, user: Uuid) -> Result<(Option<String>, String)> {
    let row = db.query_one("SELECT email, locale FROM recipients WHERE user_id = $1", &[&user]).await?;
    Ok((row.get(0), row.get(1)))
}

async fn choose(db: &Client, user: Uuid, locale: &str) -> Result<()> {
    db.query("SELECT set_preferences($1, $2, NULL, NULL)", &[&user, &locale]).await?;
    Ok(())
}

#[tokio::test]
async fn the_newest_word_of_an_account_counts_in_whatever_order_it_comes() -> Result<()> {
    let db = database().await?;
    let user = Uuid::now_v7();
    apply(&db, json!([person(user, "11:00:00", "new@souk.example", "pt")])).await?;
    apply(&db, json!([person(user, "10:00:00", ANA, "en")])).await?;
    assert_eq!(recipient(&db, user).await?, (Some("new@souk.example".to_owned()), "pt".to_owned()));
    let both =
        json!([person(user, "13:00:00", "c@souk.example", "en"), person(user, "12:00:00", "b@souk.example", "pt")]);
    apply(&db, both).await?;
    assert_eq!(recipient(&db, user).await?, (Some("c@souk.example".to_owned()), "en".to_owned()));
    Ok(())
}

#[tokio::test]
async fn the_last_choice_of_a_language_counts_wherever_it_was_made() -> Result<()> {
    let db = database().await?;
    let (user, unheard_of) = (Uuid::now_v7(), Uuid::now_v7());
    apply(&db, json!([person(user, "10:00:00", ANA, "en")])).await?;
    choose(&db, user, "pt").await?;
    apply(&db, json!([person(user, "11:00:00", "new@souk.example", "en")])).await?;
    assert_eq!(recipient(&db, user).await?, (Some("new@souk.example".to_owned()), "pt".to_owned()), "no new choice");
    apply(&db, json!([person(user, "12:00:00", ANA, "pt")])).await?;
    choose(&db, user, "en").await?;
    apply(&db, json!([person(user, "13:00:00", ANA, "pt")])).await?;
    assert_eq!(recipient(&db, user).await?.1, "en");
    apply(&db, json!([person(user, "14:00:00", ANA, "en"), person(user, "15:00:00", ANA, "pt")])).await?;

    // Somebody who chose here before any event told of the account.
    choose(&db, unheard_of, "pt").await?;
    apply(&db, json!([person(unheard_of, "10:00:00", ANA, "en")])).await?;
    assert_eq!(recipient(&db, unheard_of).await?.1, "pt");
    Ok(())
}

#[tokio::test]
async fn an_order_of_an_account_is_written_to_where_the_account_is_now() -> Result<()> {
    let db = database().await?;
    let (user, guest) = (Uuid::now_v7(), Uuid::now_v7());
    let orders = [Uuid::now_v7(), Uuid::now_v7()];
    let contact = |order: Uuid, user: Uuid| {
        effect(json!({"contact": {
            "order_id": order, "number": "SK-1", "user_id": user, "email": "then@souk.example", "name": "Then",
            "total": null
        }}))
    };
    apply(&db, json!([contact(orders[0], user), contact(orders[1], guest), person(user, "10:00:00", ANA, "pt")]))
        .await?;
    let known: Value = db.query_one("SELECT known($1, '{}')", &[&orders.as_slice()]).await?.get(0);
    let email = |order: Uuid| {
        let contacts = known["contacts"].as_array().unwrap();
        contacts.iter().find(|contact| contact["order_id"] == json!(order)).unwrap()["email"].clone()
    };
    assert_eq!((email(orders[0]), email(orders[1])), (json!(ANA), json!("then@souk.example")));
    assert_eq!(known["languages"], json!({user.to_string(): {"locale": "pt", "account": "pt"}}));
    Ok(())
}

/// Whether `text` stands anywhere in the service's tables. The outbox is not looked at: the relay empties it.
async fn stands_anywhere(db: &Client, text: &str) -> Result<bool> {
    let sql = "SELECT table_name FROM information_schema.tables
               WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> 'outbox'";
    for row in db.query(sql, &[]).await? {
        let table: String = row.get(0);
        let sql = format!("SELECT count(*) FROM \"{table}\" AS t WHERE t::text ILIKE '%{text}%'");
        if number(db, &sql).await? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

#[tokio::test]
async fn a_deleted_account_leaves_counts_and_nothing_that_tells_of_a_person() -> Result<()> {
    let db = database().await?;
    let (user, order) = (Uuid::now_v7(), Uuid::now_v7());
    apply(&db, json!([person(user, "10:00:00", ANA, "pt")])).await?;
    let contact = json!({
        "order_id": order, "number": "SK-1", "user_id": user, "email": ANA, "name": "Ana", "total": null
    });
    let (stock, mut back_in_stock) = mail_to(user, "back_in_stock", "stock");
    back_in_stock["message"]["unsubscribe_token"] = json!("t".repeat(64));
    merge(&mut back_in_stock, json!({"contact": contact, "source": {"data": {"email": ANA}}}));
    let (under_way, queued) = mail_to(user, "order_shipped", "orders");
    apply(&db, json!([back_in_stock, queued])).await?;
    settle(&db, mail_to(user, "welcome", "account"), "bounced", json!("550 <ana@souk.example> unknown")).await?;
    assert!(stands_anywhere(&db, "ana@").await?);

    apply(&db, json!([effect(json!({"erase": user}))])).await?;
    assert!(!stands_anywhere(&db, "ana@").await?);
    assert_eq!(number(&db, "SELECT count(*) FROM messages").await?, 3);
    for gone in ["suppressions", "unsubscribe_tokens", "message_sources"] {
        assert_eq!(number(&db, &format!("SELECT count(*) FROM {gone}")).await?, 0, "{gone}");
    }
    // What was under way settles; the mail server's words are not kept.
    let late = json!([report(under_way, "failed", json!("ana@ is full")), report(stock, "delivered", Value::Null)]);
    apply(&db, late).await?;
    assert_eq!(status(&db, under_way).await?, ("failed".to_owned(), Some("erased".to_owned())));
    assert!(!stands_anywhere(&db, "ana@").await?);
    Ok(())
}

#[tokio::test]
async fn late_events_do_not_bring_a_deleted_account_back() -> Result<()> {
    let db = database().await?;
    let user = Uuid::now_v7();
    let (id, late) = mail_to(user, "order_confirmed", "orders");
    let contact = json!({
        "order_id": Uuid::now_v7(), "number": "SK-1", "user_id": user, "email": ANA, "name": "Ana", "total": null
    });
    let mut late = late;
    merge(&mut late, json!({"contact": contact, "source": {"data": {"email": ANA}}}));
    // Also in one batch, and by an event of the account itself that was held up.
    apply(&db, json!([late, effect(json!({"erase": user})), person(user, "10:00:00", ANA, "en")])).await?;
    apply(&db, json!([person(user, "11:00:00", ANA, "en")])).await?;
    assert_eq!(status(&db, id).await?.0, "suppressed");
    assert!(!stands_anywhere(&db, "ana@").await?);
    assert_eq!(events(&db).await?.len(), 0, "nobody is written to");
    Ok(())
}

#[tokio::test]
async fn an_order_that_was_anonymised_is_not_written_about() -> Result<()> {
    let db = database().await?;
    let (id, mut erased) = mail_to(Uuid::now_v7(), "order_delivered", "orders");
    erased["message"]["to"] = json!("erased@souk.invalid");
    assert_eq!(apply(&db, json!([erased])).await?, 0);
    assert_eq!(status(&db, id).await?.0, "suppressed");
    Ok(())
}
