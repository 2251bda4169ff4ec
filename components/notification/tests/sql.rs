//! What the database promises about messages, whoever calls it: against a real Postgres.

use anyhow::Result;
use serde_json::{Value, json};
use souk_testkit::Postgres;
use tokio_postgres::Client;
use uuid::Uuid;

async fn database() -> Result<Client> {
    Postgres::shared().migrated("notification").await?.connect().await
}

fn message(id: Uuid) -> Value {
    json!({
        "id": id, "template": "order_confirmed", "user_id": Uuid::now_v7(), "order_id": Uuid::now_v7(),
        "to": "ana@souk.example", "subject": "Your order", "html": "<p>Hello</p>", "text": "Hello",
        "traceparent": "00-aa-bb-01"
    })
}

async fn apply(db: &Client, effects: Value) -> Result<i64> {
    Ok(db.query_one("SELECT apply_effects($1)", &[&effects]).await?.get(0))
}

async fn events(db: &Client) -> Result<Vec<Value>> {
    let rows = db.query("SELECT event FROM outbox WHERE stream = 'souk:notification' ORDER BY id", &[]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

async fn status(db: &Client, id: Uuid) -> Result<(String, Option<String>)> {
    let row = db.query_one("SELECT status, error FROM messages WHERE id = $1", &[&id]).await?;
    Ok((row.get(0), row.get(1)))
}

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
            "message_id": id, "to": "ana@souk.example", "subject": "Your order", "html": "<p>Hello</p>",
            "text": "Hello", "template": "order_confirmed"
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
async fn contacts_are_kept_once_per_order() -> Result<()> {
    let db = database().await?;
    let order = Uuid::now_v7();
    let contact = json!({
        "order_id": order, "number": "SK-1", "user_id": Uuid::now_v7(), "email": "ana@souk.example", "name": "Ana"
    });
    let effects = json!([{"id": Uuid::now_v7(), "contact": contact}, {"id": Uuid::now_v7(), "contact": contact}]);
    assert_eq!(apply(&db, effects).await?, 0);
    assert_eq!(apply(&db, json!([{"id": Uuid::now_v7(), "contact": contact}])).await?, 0);
    let row = db.query_one("SELECT email FROM order_contacts WHERE order_id = $1", &[&order]).await?;
    assert_eq!(row.get::<_, String>(0), "ana@souk.example");
    Ok(())
}

#[tokio::test]
async fn the_first_report_settles_a_message_and_later_ones_change_nothing() -> Result<()> {
    let db = database().await?;
    let (sent, lost) = (Uuid::now_v7(), Uuid::now_v7());
    let messages = json!([
        {"id": Uuid::now_v7(), "message": message(sent)}, {"id": Uuid::now_v7(), "message": message(lost)}
    ]);
    apply(&db, messages).await?;
    let report = |id: Uuid, status: &str, error: Value| json!({"id": Uuid::now_v7(), "report": {"message_id": id, "status": status, "error": error}});
    let first = json!([report(sent, "delivered", Value::Null), report(lost, "failed", json!("550 unknown user"))]);
    apply(&db, first).await?;
    apply(&db, json!([report(sent, "failed", json!("late")), report(lost, "delivered", Value::Null)])).await?;
    assert_eq!(status(&db, sent).await?, ("delivered".to_owned(), None));
    assert_eq!(status(&db, lost).await?, ("failed".to_owned(), Some("550 unknown user".to_owned())));
    apply(&db, json!([report(Uuid::now_v7(), "delivered", Value::Null)])).await?;
    Ok(())
}

#[tokio::test]
async fn the_inbox_forgets_after_a_month_and_not_before() -> Result<()> {
    let db = database().await?;
    db.batch_execute(
        "INSERT INTO inbox (event_id, received_at) SELECT uuid_v7(), now() - n * interval '10 days'
         FROM generate_series(0, 5) AS n",
    )
    .await?;
    let swept: i64 = db.query_one("SELECT sweep_inbox(100)", &[]).await?.get(0);
    assert_eq!(swept, 3);
    Ok(())
}
