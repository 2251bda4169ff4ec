//! The process manager against its specification: random sequences of happenings run through the real SQL functions
//! and through the pure machine, and must agree after every step.

mod support;

use anyhow::{Context, Result};
use futures::future::try_join_all;
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Value, json};
use souk_order::domain::{
    process::{Happening, Process},
    status::Status,
};
use std::collections::BTreeMap;
use support::{Shop, about, apply, captured};
use tokio_postgres::Client;
use uuid::Uuid;

/// The total of what [`Shop::ordered`] orders.
const TOTAL: i64 = 990;

fn expired(order: Uuid) -> Value {
    about("stock.released", order, json!({"lines": [], "reason": "expired"}))
}

/// Lets something happen to an order, the way it really comes: as an event, as a call, as a tick.
async fn happen(db: &Client, order: Uuid, happening: Happening) -> Result<()> {
    let event = match happening {
        Happening::StockReserved => about("stock.reserved", order, json!({"lines": [], "expires_at": "x"})),
        Happening::StockRejected => {
            about("stock.rejected", order, json!({"reason": "insufficient_stock", "lines": []}))
        }
        Happening::ReservationExpired => expired(order),
        Happening::StockReleased => about("stock.released", order, json!({"lines": [], "reason": "cancelled"})),
        Happening::CommitFailed => about("stock.commit_failed", order, json!({"reason": "gone"})),
        Happening::PaymentCaptured { exact: true } => captured(order, TOTAL),
        Happening::PaymentCaptured { exact: false } => captured(order, TOTAL - 1),
        Happening::PaymentDeclined => about(
            "payment.declined",
            order,
            json!({"payment_id": order, "attempt": 1, "reason": "card_declined", "message": "No."}),
        ),
        Happening::PaymentUnknown => about("payment.unknown", order, json!({"payment_id": order, "attempt": 1})),
        Happening::PaymentRefunded => about("payment.refunded", order, json!({"payment_id": order})),
        Happening::RefundFailed => {
            about("payment.refund_failed", order, json!({"refund_id": order, "code": "card_closed", "message": "No."}))
        }
        Happening::ShopperCancels => {
            let sql = "SELECT cancel_order(id, user_id, false, NULL) FROM orders WHERE id = $1";
            db.query_one(sql, &[&order]).await?;
            return Ok(());
        }
        Happening::TimedOut => {
            // Zero seconds: whatever waits has waited too long. No other order of this database waits.
            db.query_one("SELECT cancel_overdue(0)", &[]).await?;
            return Ok(());
        }
        Happening::Ships | Happening::Arrives => {
            let status = if happening == Happening::Ships { "shipped" } else { "delivered" };
            db.query_one("SELECT move_parcel($1, $2, NULL)", &[&order, &status]).await?;
            return Ok(());
        }
    };
    apply(db, &[event]).await?;
    Ok(())
}

/// The order as the database has it, in the machine's terms.
async fn in_database(db: &Client, order: Uuid) -> Result<Process> {
    let sql = "SELECT status::text, captured_minor::int8, refund_requested_at IS NOT NULL, reason,
        EXISTS (SELECT FROM order_refunds r WHERE r.order_id = o.id AND r.status = 'failed') FROM orders o WHERE id = $1";
    let row = db.query_one(sql, &[&order]).await?;
    let status: String = row.get(0);
    let reason: Option<String> = row.get(3);
    let reasons = [
        "insufficient_stock",
        "payment_declined",
        "stock_expired",
        "stock_commit_failed",
        "by_shopper",
        "payment_timeout",
    ];
    Ok(Process {
        status: Status::ALL.into_iter().find(|known| known.as_str() == status).context("a state")?,
        captured: row.get::<_, Option<i64>>(1).map(|captured| captured == TOTAL),
        refund_requested: row.get(2),
        refund_failed: row.get(4),
        reason: reason.and_then(|reason| reasons.into_iter().find(|known| *known == reason)),
    })
}

async fn both_agree(shop: &Shop, happenings: &[Happening]) -> Result<()> {
    let (_, order) = shop.ordered().await?;
    assert_eq!(shop.told_types(order).await?, ["order.placed"]);
    let mut model = Process::default();
    let mut history = vec![];
    for happening in happenings {
        history.push(happening);
        let told = model.apply(*happening);
        happen(&shop.db, order, *happening).await.with_context(|| format!("{history:?}"))?;
        assert_eq!(in_database(&shop.db, order).await?, model, "after {history:?}");
        assert_eq!(shop.told_types(order).await?, told, "told after {history:?}");
    }
    // Nothing waits any longer in this database, so that the next sequence's ticks see only their own order.
    shop.db.execute("DELETE FROM order_timers", &[]).await?;
    Ok(())
}

#[tokio::test]
async fn every_pair_and_triple_of_happenings_is_as_specified() -> Result<()> {
    let shop = Shop::open().await?;
    for first in Happening::ALL {
        for second in Happening::ALL {
            both_agree(&shop, &[first, second]).await?;
            both_agree(&shop, &[Happening::StockReserved, first, second]).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn random_histories_are_as_specified() -> Result<()> {
    let shop = Shop::open().await?;
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let histories = proptest::collection::vec(proptest::sample::select(Happening::ALL.to_vec()), 3..12);
    for _ in 0..150 {
        let history = histories.new_tree(&mut runner).map_err(|why| anyhow::anyhow!("{why}"))?.current();
        both_agree(&shop, &history).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_database_and_the_code_have_the_same_table_of_moves() -> Result<()> {
    let shop = Shop::open().await?;
    for was in Status::ALL {
        for becomes in Status::ALL {
            let sql = "SELECT order_may_become($1, $2)";
            let may: bool = shop.db.query_one(sql, &[&was.as_str(), &becomes.as_str()]).await?.get(0);
            assert_eq!(may, was.may_become(becomes), "{was:?} to {becomes:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_database_refuses_what_must_never_be_whoever_asks() -> Result<()> {
    let shop = Shop::open().await?;
    let (_, order) = shop.ordered().await?;
    for (change, constraint) in [
        ("status = 'confirmed'", "orders_legal_move"),
        ("status = 'shipped'", "orders_legal_move"),
        ("total_minor = 1, subtotal_minor = 0, shipping_minor = 1", "orders_money_is_fixed"),
        ("user_id = uuid_v7()", "orders_money_is_fixed"),
        ("status = 'cancelled'", "orders_ending_is_explained"),
        ("status = 'lost'", "order_status_check"),
        ("tax_minor = -1", "minor_amount_check"),
    ] {
        let error = shop.db.execute(&format!("UPDATE orders SET {change}"), &[]).await.unwrap_err();
        assert_eq!(error.as_db_error().and_then(|error| error.constraint()), Some(constraint), "{change}");
    }
    apply(&shop.db, &[about("stock.reserved", order, json!({}))]).await?;
    for change in ["status = 'confirmed'", "status = 'confirmed', captured_minor = 989, captured_currency = 'EUR'"] {
        let error = shop.db.execute(&format!("UPDATE orders SET {change}"), &[]).await.unwrap_err();
        let constraint = error.as_db_error().and_then(|error| error.constraint());
        assert_eq!(constraint, Some("orders_confirmed_is_paid"), "{change}");
    }
    apply(&shop.db, &[captured(order, TOTAL)]).await?;
    let error = shop.db.execute("UPDATE orders SET status = 'cancelled', reason = 'x'", &[]).await.unwrap_err();
    assert_eq!(error.as_db_error().and_then(|error| error.constraint()), Some("orders_ended_gives_back"));
    Ok(())
}

#[tokio::test]
async fn what_is_told_carries_what_others_need() -> Result<()> {
    let shop = Shop::open().await?;
    let (user, order) = shop.ordered().await?;
    let placed = shop.told(order).await?.remove(0);
    shop.apply(&[about("stock.reserved", order, json!({}))]).await?;
    let asked = shop.told(order).await?.remove(0);
    let number = &placed["data"]["number"];
    assert_eq!(
        asked["data"],
        json!({"order_id": order, "number": number, "user_id": user, "attempt": 1, "payment_token": "tok_success",
            "amount": {"amount_minor": TOTAL, "currency": "EUR"}})
    );
    assert_eq!(asked["traceparent"], "trace-of-event");
    shop.apply(&[captured(order, TOTAL)]).await?;
    let confirmed = shop.told(order).await?.remove(0);
    assert_eq!(confirmed["data"], placed["data"]);
    shop.apply(&[about("stock.commit_failed", order, json!({"reason": "gone"}))]).await?;
    let told = shop.told(order).await?;
    assert_eq!(told[0]["data"]["reason"], "stock_commit_failed");
    assert_eq!(told[0]["data"]["lines"], placed["data"]["lines"]);
    assert_eq!(told[0]["data"]["email"], "ana@souk.example");
    assert_eq!(
        told[1]["data"],
        json!({"refund_id": order, "order_id": order, "amount": {"amount_minor": TOTAL, "currency": "EUR"},
            "reason": "stock_commit_failed"}),
        "the first refund of an order has its id, by which it is known to who knows of one refund an order"
    );
    shop.apply(&[about("payment.refunded", order, json!({}))]).await?;
    let history = shop.history(order).await?;
    assert_eq!(history, ["placed", "reserved", "paid", "confirmed", "cancelled", "refund_requested", "refunded"]);
    Ok(())
}

#[tokio::test]
async fn an_event_is_applied_once_however_often_it_comes() -> Result<()> {
    let shop = Shop::open().await?;
    let (_, order) = shop.ordered().await?;
    let reserved = about("stock.reserved", order, json!({}));
    assert_eq!(shop.apply(&[reserved.clone(), reserved.clone()]).await?, 1);
    assert_eq!(shop.apply(&[reserved]).await?, 0);
    let events = shop.told_types(order).await?;
    assert_eq!(events, ["order.placed", "order.payment_requested"]);
    Ok(())
}

#[tokio::test]
async fn a_batch_does_to_each_order_what_its_events_would_do_one_by_one() -> Result<()> {
    let shop = Shop::open().await?;
    let mut orders = vec![];
    for _ in 0..12 {
        orders.push(shop.ordered().await?.1);
    }
    let mut batch: Vec<Value> = orders.iter().map(|order| about("stock.reserved", *order, json!({}))).collect();
    batch.extend(orders.iter().enumerate().filter_map(|(n, order)| match n % 4 {
        0 => Some(captured(*order, TOTAL)),
        1 => Some(about("payment.declined", *order, json!({"message": "No."}))),
        2 => Some(expired(*order)),
        _ => None,
    }));
    // Events of unknown orders and types are passed over.
    batch.push(captured(Uuid::now_v7(), 1));
    batch.push(about("stock.misplaced", orders[0], json!({})));
    shop.apply(&batch).await?;
    for (n, order) in orders.iter().enumerate() {
        let wanted = ["confirmed", "cancelled", "cancelled", "reserved"][n % 4];
        assert_eq!(shop.status(*order).await?, wanted, "order {n}");
    }
    let told = shop.count("SELECT count(*) FROM outbox WHERE event ->> 'type' = 'order.payment_requested'").await?;
    assert_eq!(told, 12);
    Ok(())
}

#[tokio::test]
async fn an_event_that_cannot_be_applied_takes_nothing_with_it() -> Result<()> {
    let shop = Shop::open().await?;
    let (_, order) = shop.ordered().await?;
    let mut poison = captured(order, TOTAL);
    poison["data"]["order_id"] = json!("not-a-uuid");
    let reserved = about("stock.reserved", order, json!({}));
    assert!(apply(&shop.db, &[reserved.clone(), poison]).await.is_err());
    assert_eq!(shop.status(order).await?, "placed");
    assert_eq!(shop.apply(&[reserved]).await?, 1, "the good one can come again");
    Ok(())
}

#[tokio::test]
async fn replicas_that_work_on_the_same_orders_at_once_do_not_stop_each_other() -> Result<()> {
    let shop = Shop::open().await?;
    let mut orders = vec![];
    for _ in 0..24 {
        orders.push(shop.ordered().await?.1);
    }
    let replicas = try_join_all((0..6).map(|_| shop.database.connect())).await?;
    let reserved: Vec<Value> = orders.iter().map(|order| about("stock.reserved", *order, json!({}))).collect();
    let paid: Vec<Value> = orders.iter().map(|order| captured(*order, TOTAL)).collect();
    let work = replicas.iter().enumerate().map(|(n, db)| {
        // The same events for all, each replica in an order of its own, with cancellations and ticks in between.
        let rotate = |events: &[Value]| {
            let mut events = events.to_vec();
            events.rotate_left(n * 4);
            if n % 2 == 0 {
                events.reverse();
            }
            events
        };
        let (reserved, paid, orders) = (rotate(&reserved), rotate(&paid), &orders);
        async move {
            apply(db, &reserved).await?;
            happen(db, orders[n], Happening::ShopperCancels).await?;
            apply(db, &paid).await?;
            db.query_one("SELECT cancel_overdue(3600)", &[]).await?;
            Ok::<_, anyhow::Error>(())
        }
    });
    try_join_all(work).await?;
    let mut tally = BTreeMap::new();
    for order in &orders {
        let process = in_database(&shop.db, *order).await?;
        assert_eq!(process.captured, Some(true));
        assert_eq!(process.refund_requested, process.status == Status::Cancelled);
        *tally.entry(process.status.as_str()).or_insert(0) += 1;
    }
    assert_eq!(tally, BTreeMap::from([("cancelled", 6), ("confirmed", 18)]));
    Ok(())
}
