//! Refunds and the ledger: what the database refuses, whoever asks.
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use souk_payment::handlers::{refunds::ListedRefund, show::Payment};
use support::*;
use uuid::Uuid;

fn constraint(error: &tokio_postgres::Error) -> String {
    error.as_db_error().and_then(|error| error.constraint()).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn more_than_was_captured_is_never_given_back() {
    let payments = Payments::new().await;
    let order = payments.captured_order(100).await;
    let refused = payments.apply(&[refund_requested(order, 101)]).await.unwrap_err();
    assert_eq!(constraint(&refused), "refunds_within_capture");
    let mut foreign = refund_requested(order, 100);
    foreign["data"]["amount"]["currency"] = "JPY".into();
    assert_eq!(constraint(&payments.apply(&[foreign]).await.unwrap_err()), "refunds_capture");
    assert_eq!(payments.count("refunds").await, 0);
}

#[tokio::test]
async fn a_refund_asked_for_twice_is_made_once() {
    let payments = Payments::new().await;
    let order = payments.captured_order(100).await;
    payments.apply(&[refund_requested(order, 100), refund_requested(order, 100)]).await.unwrap();
    payments.apply(&[refund_requested(order, 100)]).await.unwrap();
    assert_eq!(payments.claim().await.len(), 1);
    payments.record(&[refunded(order)]).await;
    payments.record(&[refunded(order), refund_failed(order)]).await;
    payments.apply(&[refund_requested(order, 100)]).await.unwrap();
    payments.time_passes().await;
    assert_eq!(payments.claim().await.len(), 0);
    assert_eq!((payments.types_told().await, payments.balance().await), (vec!["payment.refunded".to_owned()], 0));
}

#[tokio::test]
async fn a_refund_that_fails_is_tried_again_under_its_key_until_it_is_made() {
    let payments = Payments::new().await;
    let order = payments.captured_order(100).await;
    payments.apply(&[refund_requested(order, 100)]).await.unwrap();
    for _ in 0..4 {
        let work = payments.claim().await;
        assert_eq!(work[0]["key"], format!("{order}:refund"));
        payments.record(&[refund_failed(order)]).await;
        assert_eq!(payments.claim().await.len(), 0, "not before the pause is over");
        payments.time_passes().await;
    }
    assert!(payments.told().await.is_empty());
    payments.claim().await;
    payments.record(&[refunded(order)]).await;
    assert_eq!(payments.balance().await, 0);
}

#[tokio::test]
async fn racing_replicas_refund_once() {
    let payments = Payments::new().await;
    let mut orders = Vec::new();
    for _ in 0..20 {
        orders.push(payments.captured_order(10).await);
    }
    payments.apply(&orders.iter().map(|order| refund_requested(*order, 10)).collect::<Vec<_>>()).await.unwrap();
    let mut tasks = Vec::new();
    for turn in 0..4 {
        let client = payments.database.connect().await.unwrap();
        let mut outcomes: Vec<_> = orders.iter().map(|order| refunded(*order)).collect();
        outcomes.rotate_left(turn * 5);
        tasks.push(tokio::spawn(async move { record(&client, &outcomes).await.unwrap() }));
    }
    let mut told = 0;
    for task in tasks {
        told += task.await.unwrap();
    }
    assert_eq!((told, payments.balance().await, payments.count("ledger_entries").await), (20, 0, 80));
}

#[tokio::test]
async fn the_ledger_takes_balanced_transfers_only_and_never_changes() {
    let payments = Payments::new().await;
    let order = payments.captured_order(100).await;
    let refused = |sql: String| {
        let client = &payments.client;
        async move { constraint(&client.batch_execute(&sql).await.unwrap_err()) }
    };
    let insert = |rows: &str| {
        let transfer = Uuid::new_v4();
        let rows = rows.replace("$t", &format!("'{transfer}', '{order}', 'refund'"));
        refused(format!(
            "INSERT INTO ledger_entries (transfer_id, order_id, kind, account, amount_minor, currency) VALUES {rows}"
        ))
    };
    assert_eq!(insert("($t, 'gateway', -100, 'EUR')").await, "ledger_balance");
    assert_eq!(insert("($t, 'gateway', -100, 'EUR'), ($t, 'sales', 99, 'EUR')").await, "ledger_balance");
    assert_eq!(insert("($t, 'gateway', -100, 'EUR'), ($t, 'sales', 100, 'USD')").await, "ledger_balance");
    for sql in ["UPDATE ledger_entries SET amount_minor = 0", "DELETE FROM ledger_entries", "TRUNCATE ledger_entries"] {
        assert_eq!(refused(sql.to_owned()).await, "ledger_append_only");
    }
    assert_eq!((payments.count("ledger_entries").await, payments.balance().await), (2, 100));
}

#[tokio::test]
async fn the_view_shows_what_became_of_a_payment_and_nothing_of_one_that_never_was() {
    let payments = Payments::new().await;
    let order = payments.captured_order(100).await;
    let never = Uuid::new_v4();
    payments.apply(&[refund_requested(order, 60), cancelled(never)]).await.unwrap();
    let view = |order: Uuid| {
        let client = &payments.client;
        async move {
            let sql = "SELECT payment FROM payment_view WHERE order_id = $1";
            client.query_opt(sql, &[&order]).await.unwrap().map(|row| row.get::<_, serde_json::Value>(0))
        }
    };
    assert!(view(never).await.is_none());
    let shown = view(order).await.unwrap();
    assert_eq!((&shown["status"], &shown["captured"]["amount"]["amount_minor"]), (&"captured".into(), &100.into()));
    assert_eq!(
        (&shown["refund"]["status"], &shown["refund"]["amount"]["amount_minor"]),
        (&"requested".into(), &60.into())
    );
    assert!(shown.get("payment_token").is_none() && shown["declined"].is_null());
    payments.record(&[refunded(order)]).await;
    let shown = view(order).await.unwrap();
    assert_eq!(shown["status"], "refunded");
    serde_json::from_value::<Payment>(shown).expect("the documented shape");
}

#[tokio::test]
async fn pages_of_refunds_neither_repeat_nor_skip_any() {
    let payments = Payments::new().await;
    let mut orders = Vec::new();
    for _ in 0..7 {
        orders.push(payments.captured_order(10).await);
    }
    // One statement and so, but for the clock, one moment for several of them.
    payments.apply(&orders.iter().map(|order| refund_requested(*order, 10)).collect::<Vec<_>>()).await.unwrap();
    payments.client.execute("UPDATE refunds SET requested_at = date_trunc('second', requested_at)", &[]).await.unwrap();
    payments.record(&[refunded(orders[0]), refund_failed(orders[1])]).await;
    let page = |status: Option<&'static str>, key: Option<(i64, Uuid)>| {
        let client = &payments.client;
        async move {
            let sql = "SELECT requested_us, order_id, refund FROM refund_page($1, $2, $3, 3)";
            let (at, order) = key.unzip();
            let rows = client.query(sql, &[&status, &at, &order]).await.unwrap();
            let row = |row: &tokio_postgres::Row| ((row.get(0), row.get(1)), row.get(2));
            rows.iter().map(row).collect::<Vec<((i64, Uuid), serde_json::Value)>>()
        }
    };
    let (mut seen, mut key) = (Vec::new(), None);
    loop {
        let rows = page(None, key).await;
        let Some((last, _)) = rows.last() else { break };
        key = Some(*last);
        seen.extend(rows.into_iter().map(|((_, order), _)| order));
    }
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!((seen.len(), sorted.len()), (7, 7));
    let done = page(Some("refunded"), None).await;
    assert_eq!((done.len(), done[0].0.1, &done[0].1["status"]), (1, orders[0], &"refunded".into()));
    for (_, refund) in page(None, None).await {
        serde_json::from_value::<ListedRefund>(refund).expect("the documented shape");
    }
    assert_eq!(page(None, Some((4_102_444_800_000_000, Uuid::nil()))).await.len(), 3);
}
