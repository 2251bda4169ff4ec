//! What staff reads: pages of payments, refunds and outcomes that were put aside, and the balances.
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use souk_payment::handlers::{
    balances::Balances, list::PaymentFilter, parked::Parked, refunds::ListedRefund, show::Payment,
};
use support::*;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

/// The JSON of a page, which must have the documented shape.
async fn page<T: DeserializeOwned>(payments: &Payments, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Vec<Value> {
    let rows = payments.client.query(sql, params).await.unwrap();
    let items: Vec<Value> = rows.iter().map(|row| row.get("item")).collect();
    for item in &items {
        serde_json::from_value::<T>(item.clone()).unwrap_or_else(|error| panic!("{error}: {item}"));
    }
    items
}

async fn payment_page(payments: &Payments, status: Option<&str>, before: Option<Uuid>, limit: i64) -> Vec<Value> {
    let sql = "SELECT payment AS item FROM payment_page($1, $2, $3)";
    page::<Payment>(payments, sql, &[&status, &before, &limit]).await
}

#[tokio::test]
async fn pages_of_payments_neither_repeat_nor_skip_any() {
    let payments = Payments::new().await;
    let mut orders: Vec<Uuid> = (0..7).map(|_| Uuid::now_v7()).collect();
    payments.apply(&orders.iter().map(|order| requested(*order, 5)).collect::<Vec<_>>()).await.unwrap();
    payments.apply(&[cancelled(Uuid::now_v7())]).await.unwrap();
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let items = payment_page(&payments, None, before, 3).await;
        let Some(last) = items.last() else { break };
        before = Some(serde_json::from_value(last["order_id"].clone()).unwrap());
        seen.extend(items.into_iter().map(|item| serde_json::from_value::<Uuid>(item["order_id"].clone()).unwrap()));
    }
    orders.reverse();
    assert_eq!(seen, orders, "the newest first, and none that never asked for money");
}

#[tokio::test]
async fn payments_of_each_status_are_found_by_it() {
    let payments = Payments::new().await;
    let mut orders = Vec::new();
    for _ in 0..8 {
        orders.push(payments.held_order(5).await);
    }
    payments.settle(orders[1], "capture").await;
    payments.settle(orders[2], "void").await;
    payments.settle(orders[3], "void").await;
    payments.record(&[captured(orders[4], 5), charge(orders[3], "voided")]).await;
    let [new, begun, lost, refused, unwanted] = [(); 5].map(|()| Uuid::now_v7());
    payments.apply(&[lost, refused, begun].map(|order| requested(order, 5))).await.unwrap();
    payments.claim().await;
    payments.record(&[timeout(lost), declined(refused)]).await;
    payments.apply(&[new, unwanted].map(|order| requested(order, 5))).await.unwrap();
    payments.apply(&[cancelled(unwanted)]).await.unwrap();
    for (filter, expected) in [
        (PaymentFilter::Pending, vec![new, begun]),
        (PaymentFilter::Unknown, vec![lost]),
        (PaymentFilter::Authorized, vec![orders[0], orders[5], orders[6], orders[7]]),
        (PaymentFilter::Capturing, vec![orders[1]]),
        (PaymentFilter::Voiding, vec![orders[2]]),
        (PaymentFilter::Voided, vec![orders[3]]),
        (PaymentFilter::Captured, vec![orders[4]]),
        (PaymentFilter::Declined, vec![refused]),
        (PaymentFilter::Cancelled, vec![unwanted]),
    ] {
        let items = payment_page(&payments, Some(filter.as_str()), None, 100).await;
        let mut found: Vec<Uuid> =
            items.iter().map(|item| serde_json::from_value(item["order_id"].clone()).unwrap()).collect();
        let mut expected = expected;
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{filter:?}");
        assert!(items.iter().all(|item| item["status"] == filter.as_str()), "{filter:?}");
    }
}

#[tokio::test]
async fn pages_of_refunds_neither_repeat_nor_skip_any() {
    let payments = Payments::new().await;
    let order = payments.captured_order(70).await;
    let refunds: Vec<Uuid> = (0..7).map(|_| Uuid::new_v4()).collect();
    payments.apply(&refunds.iter().map(|refund| part_requested(order, *refund, 10)).collect::<Vec<_>>()).await.unwrap();
    payments.client.execute("UPDATE refunds SET requested_at = date_trunc('second', requested_at)", &[]).await.unwrap();
    payments.record(&[part_refunded(order, refunds[0]), part_declined(order, refunds[1])]).await;
    let sql = "SELECT requested_us, refund_id, refund AS item FROM refund_page($1, $2, $3, 3)";
    let (mut seen, mut at, mut before) = (Vec::new(), None::<i64>, None::<Uuid>);
    loop {
        let rows = payments.client.query(sql, &[&None::<String>, &at, &before]).await.unwrap();
        let Some(last) = rows.last() else { break };
        (at, before) = (Some(last.get(0)), Some(last.get(1)));
        seen.extend(rows.iter().map(|row| row.get::<_, Uuid>(1)));
    }
    seen.sort();
    let mut all = refunds.clone();
    all.sort();
    assert_eq!(seen, all);
    let none = (None::<i64>, None::<Uuid>);
    for (status, refund) in [("refunded", refunds[0]), ("failed", refunds[1])] {
        let found = page::<ListedRefund>(&payments, sql, &[&Some(status), &none.0, &none.1]).await;
        assert_eq!((found.len(), &found[0]["refund_id"]), (1, &json!(refund)));
    }
    // As far as a forged cursor gets.
    let last = page::<ListedRefund>(&payments, sql, &[&None::<String>, &4_102_444_800_000_000_i64, &Uuid::nil()]).await;
    assert_eq!(last.len(), 3);
}

#[tokio::test]
async fn the_balances_say_what_each_account_stands_at_and_that_the_books_balance() {
    let payments = Payments::new().await;
    let balances = || async { page::<Balances>(&payments, "SELECT ledger_balances() AS item", &[]).await.remove(0) };
    assert_eq!(balances().await, json!({"accounts": [], "balanced": true}));
    let order = payments.captured_order(100).await;
    payments.captured_order(7).await;
    payments.held_order(1000).await;
    payments.apply(&[refund_requested(order, 30)]).await.unwrap();
    payments.record(&[refunded(order)]).await;
    let account = |name: &str, amount: i64, entries: i64| json!({"account": name, "balance": {"amount_minor": amount, "currency": "EUR"}, "entries": entries});
    let accounts = [account("gateway", 77, 3), account("refunds", 30, 1), account("sales", -107, 2)];
    assert_eq!(
        balances().await,
        json!({"accounts": accounts, "balanced": true}),
        "what is merely held is no money yet"
    );
    let spoil = "ALTER TABLE ledger_entries DISABLE TRIGGER USER; UPDATE ledger_entries SET amount_minor = -106 \
                 WHERE account = 'sales' AND amount_minor = -100";
    payments.client.batch_execute(spoil).await.unwrap();
    assert_eq!(balances().await["balanced"], false);
}

#[tokio::test]
async fn what_was_put_aside_is_listed_newest_first() {
    let payments = Payments::new().await;
    let order = payments.captured_order(100).await;
    for number in 0..4 {
        let mut late = captured(order, 100 + number);
        late["reference"] = format!("another_{number}").into();
        payments.record(&[late.clone()]).await;
        payments.record(&[late]).await;
    }
    let sql = "SELECT parked AS item FROM parked_page($1, 3)";
    let first = page::<Parked>(&payments, sql, &[&None::<i64>]).await;
    let references = |items: &[Value]| items.iter().map(|item| item["gateway_reference"].clone()).collect::<Vec<_>>();
    assert_eq!(references(&first), ["another_3", "another_2", "another_1"]);
    let rest = page::<Parked>(&payments, sql, &[&first[2]["id"].as_i64()]).await;
    assert_eq!((references(&rest), &rest[0]["reason"]), (vec!["another_0".into()], &"not_booked".into()));
    assert_eq!(payments.balance().await, 100);
}
