//! What the database promises about messages, whoever calls it: against a real Postgres.

#![allow(clippy::indexing_slicing, reason = "a JSON value that lacks a member fails the test that indexes it")]

mod support;

use anyhow::Result;
use serde_json::{Value, json};
use support::{ANA, apply, database, effect, events, mail_to, merge, message, number, report, settle, status};
use tokio_postgres::Client;
use uuid::Uuid;

#[tokio::test]
async fn a_message_is_written_and_queued_for_the_mailer_in_one_statement() -> Result<()> {
    let db = database().await?;
    let (event, id) = (Uuid::now_v7(), Uuid::now_v7());
    assert_eq!(apply(&db, json!([{"id": event, "message": message(id)}])).await?, 1);
    let [queued] = events(&db).await?.try_into().unwrap();
    assert_eq!((&queued["type"], &queued["key"]), (&json!("notification.queued"), &json!(id)));
    assert_eq!(queued["traceparent"], "00-aa-bb-01");
    assert_eq!(
        queued["data"],
        json!({
            "message_id": id, "to": ANA, "subject": "Your order", "html": "<p>Hello</p>", "text": "Hello",
            "template": "order_confirmed", "category": "orders", "locale": "en", "list_unsubscribe": null
        })
    );
    assert_eq!(status(&db, id).await?, ("queued".to_owned(), None));
    Ok(())
}

#[tokio::test]
async fn one_event_makes_one_mail_however_often_it_comes() -> Result<()> {
    let db = database().await?;
    let event = Uuid::now_v7();
    let batch = |id| json!([{"id": event, "message": message(id)}, {"id": event, "message": message(Uuid::now_v7())}]);
    assert_eq!(apply(&db, batch(Uuid::now_v7())).await?, 1);
    assert_eq!(apply(&db, batch(Uuid::now_v7())).await?, 0);
    // Also when the inbox has forgotten the event.
    db.execute("DELETE FROM inbox", &[]).await?;
    assert_eq!(apply(&db, batch(Uuid::now_v7())).await?, 0);
    assert_eq!(events(&db).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_batch_is_queued_in_the_order_of_its_events() -> Result<()> {
    let db = database().await?;
    let ids: Vec<Uuid> = (0..50).map(|_| Uuid::now_v7()).collect();
    let effects: Vec<Value> = ids.iter().map(|id| json!({"id": Uuid::new_v4(), "message": message(*id)})).collect();
    assert_eq!(apply(&db, json!(effects)).await?, 50);
    let queued: Vec<Value> = events(&db).await?.into_iter().map(|event| event["key"].clone()).collect();
    assert_eq!(queued, ids.iter().map(|id| json!(id)).collect::<Vec<_>>());
    Ok(())
}

#[tokio::test]
async fn a_bad_message_takes_the_whole_batch_back() -> Result<()> {
    let db = database().await?;
    let mut bad = message(Uuid::now_v7());
    bad["subject"] = json!("");
    let good = json!({"id": Uuid::now_v7(), "message": message(Uuid::now_v7())});
    assert!(apply(&db, json!([good, {"id": Uuid::now_v7(), "message": bad}])).await.is_err());
    assert_eq!(events(&db).await?.len(), 0);
    assert_eq!(apply(&db, json!([good])).await?, 1);
    Ok(())
}

#[tokio::test]
async fn contacts_are_kept_once_per_order_with_what_the_order_came_to() -> Result<()> {
    let db = database().await?;
    let order = Uuid::now_v7();
    let contact = json!({
        "order_id": order, "number": "SK-1", "user_id": Uuid::now_v7(), "email": ANA, "name": "Ana",
        "total": {"amount_minor": 4820, "currency": "EUR"}
    });
    let effects = json!([effect(json!({"contact": contact})), effect(json!({"contact": contact}))]);
    assert_eq!(apply(&db, effects).await?, 0);
    assert_eq!(apply(&db, json!([effect(json!({"contact": contact}))])).await?, 0);
    let known = db.query_one("SELECT known(ARRAY[$1::uuid], '{}')", &[&order]).await?.get::<_, Value>(0);
    assert_eq!(known, json!({"contacts": [contact], "languages": {}}));
    Ok(())
}

#[tokio::test]
async fn the_first_report_settles_a_message_and_later_ones_change_nothing() -> Result<()> {
    let db = database().await?;
    let ids: Vec<Uuid> = (0..3).map(|_| Uuid::now_v7()).collect();
    let messages: Vec<Value> = ids.iter().map(|id| effect(json!({"message": message(*id)}))).collect();
    apply(&db, json!(messages)).await?;
    let (sent, lost, gone) = (ids[0], ids[1], ids[2]);
    let first = json!([
        report(sent, "delivered", Value::Null),
        report(lost, "failed", json!("421 busy")),
        report(gone, "bounced", json!("550 unknown user")),
        report(gone, "delivered", Value::Null)
    ]);
    apply(&db, first).await?;
    apply(&db, json!([report(sent, "failed", json!("late")), report(lost, "delivered", Value::Null)])).await?;
    assert_eq!(status(&db, sent).await?, ("delivered".to_owned(), None));
    assert_eq!(status(&db, lost).await?, ("failed".to_owned(), Some("421 busy".to_owned())));
    assert_eq!(status(&db, gone).await?, ("bounced".to_owned(), Some("550 unknown user".to_owned())));
    apply(&db, json!([report(Uuid::now_v7(), "delivered", Value::Null)])).await?;
    Ok(())
}

#[tokio::test]
async fn an_address_that_bounced_gets_no_more_mails_until_one_arrives_again() -> Result<()> {
    let db = database().await?;
    let user = Uuid::now_v7();
    settle(&db, mail_to(user, "order_confirmed", "orders"), "bounced", json!("550 5.1.1 no such mailbox")).await?;

    // In any spelling, whoever it is written to.
    let (held, mut effect) = mail_to(Uuid::now_v7(), "order_shipped", "orders");
    effect["message"]["to"] = json!("ANA@souk.example");
    assert_eq!(apply(&db, json!([effect])).await?, 0);
    let (kind, why) = status(&db, held).await?;
    assert_eq!((kind.as_str(), why.unwrap().contains("bounced")), ("suppressed", true));

    // A mail that was asked for a moment ago is tried, and its delivery shows that the mailbox is there.
    let (asked, mut effect) = mail_to(user, "reset_password", "account");
    effect["message"]["asked_for"] = json!(true);
    settle(&db, (asked, effect), "delivered", Value::Null).await?;
    assert_eq!(apply(&db, json!([mail_to(user, "order_shipped", "orders").1])).await?, 1);
    assert_eq!(number(&db, "SELECT count(*) FROM suppressions").await?, 0);
    Ok(())
}

#[tokio::test]
async fn what_failed_for_another_reason_puts_no_address_out_of_use() -> Result<()> {
    let db = database().await?;
    let user = Uuid::now_v7();
    settle(&db, mail_to(user, "order_confirmed", "orders"), "failed", json!("554 5.7.1 looks like spam")).await?;
    assert_eq!(apply(&db, json!([mail_to(user, "order_shipped", "orders").1])).await?, 1);
    Ok(())
}

#[tokio::test]
async fn suppressions_do_not_tell_the_address() -> Result<()> {
    let db = database().await?;
    settle(&db, mail_to(Uuid::now_v7(), "welcome", "account"), "bounced", json!("550")).await?;
    let row: String = db.query_one("SELECT suppressions::text FROM suppressions", &[]).await?.get(0);
    assert!(!row.contains("ana"), "{row}");
    Ok(())
}

/// A message that can be sent again, once it is settled.
async fn with_source(db: &Client, user: Uuid, outcome: (&str, Value)) -> Result<Uuid> {
    let (id, mut mail) = mail_to(user, "order_confirmed", "orders");
    merge(&mut mail, json!({"source": {"id": Uuid::now_v7(), "type": "order.confirmed", "data": {}}}));
    settle(db, (id, mail), outcome.0, outcome.1).await?;
    Ok(id)
}

async fn resend(db: &Client, original: Uuid, category: &str, user: Uuid) -> Result<(String, Option<Value>)> {
    let (_, mut again) = mail_to(user, "order_confirmed", category);
    merge(&mut again["message"], json!({"resend_of": original, "resent_by": Uuid::now_v7()}));
    let row = db.query_one("SELECT outcome, view FROM resend_message($1)", &[&again]).await?;
    Ok((row.get(0), row.get(1)))
}

#[tokio::test]
async fn a_message_is_sent_again_once_at_a_time_and_says_by_whom() -> Result<()> {
    let db = database().await?;
    let user = Uuid::now_v7();
    let original = with_source(&db, user, ("bounced", json!("550 5.1.1"))).await?;
    let row = db.query_one("SELECT view, source, address FROM message_with_source($1)", &[&original]).await?;
    assert_eq!(row.get::<_, Value>(0)["error"], "550 5.1.1");
    assert_eq!(row.get::<_, Value>(1)["type"], "order.confirmed");
    assert_eq!(row.get::<_, String>(2), ANA);

    let (outcome, view) = resend(&db, original, "orders", user).await?;
    let view = view.unwrap();
    assert_eq!((outcome.as_str(), &view["resend_of"], &view["status"]), ("ok", &json!(original), &json!("queued")));
    assert!(view["resent_by"].is_string());
    assert_eq!(resend(&db, original, "orders", user).await?.0, "under_way", "two presses are one wish");
    let copy: Uuid = serde_json::from_value(view["id"].clone())?;
    apply(&db, json!([report(copy, "delivered", Value::Null)])).await?;
    assert_eq!(resend(&db, original, "orders", user).await?.0, "ok");
    assert_eq!(events(&db).await?.len(), 3);
    Ok(())
}

#[tokio::test]
async fn what_somebody_does_not_want_is_not_sent_again_either() -> Result<()> {
    let db = database().await?;
    let user = Uuid::now_v7();
    let original = with_source(&db, user, ("delivered", Value::Null)).await?;
    db.query("SELECT set_preferences($1, NULL, false, NULL)", &[&user]).await?;
    assert_eq!(resend(&db, original, "stock", user).await?.0, "unwanted");
    assert_eq!(events(&db).await?.len(), 1);
    Ok(())
}
