//! What the clock does: orders that wait too long, records that have served their time. Time is moved by moving what
//! the database remembers, never by waiting.

mod support;

use anyhow::Result;
use futures::future::try_join_all;
use serde_json::json;
use support::{Shop, about, captured};
use uuid::Uuid;

/// Makes everything about an order as much older.
async fn age(shop: &Shop, order: Uuid, seconds: f64) -> Result<()> {
    let timers = "UPDATE order_timers SET armed_at = armed_at - make_interval(secs => $2) WHERE order_id = $1";
    let orders = "UPDATE orders SET status_at = status_at - make_interval(secs => $2) WHERE id = $1";
    for sql in [timers, orders] {
        shop.db.execute(sql, &[&order, &seconds]).await?;
    }
    Ok(())
}

async fn tick(shop: &Shop) -> Result<i64> {
    Ok(shop.db.query_one("SELECT cancel_overdue(300)", &[]).await?.get(0))
}

#[tokio::test]
async fn an_order_that_waits_too_long_is_cancelled_once() -> Result<()> {
    let shop = Shop::open().await?;
    let (_, waiting) = shop.ordered().await?;
    let (_, fresh) = shop.ordered().await?;
    assert_eq!(tick(&shop).await?, 0);
    age(&shop, waiting, 301.0).await?;
    assert_eq!(tick(&shop).await?, 1);
    assert_eq!(tick(&shop).await?, 0);
    let told = shop.told(waiting).await?;
    assert_eq!(told[1]["type"], "order.cancelled");
    assert_eq!(told[1]["data"]["reason"], "payment_timeout");
    assert_eq!(shop.status(fresh).await?, "placed");
    Ok(())
}

#[tokio::test]
async fn each_wait_is_measured_from_its_own_beginning() -> Result<()> {
    let shop = Shop::open().await?;
    let (_, order) = shop.ordered().await?;
    age(&shop, order, 301.0).await?;
    shop.apply(&[about("stock.reserved", order, json!({}))]).await?;
    assert_eq!(tick(&shop).await?, 0, "it waits for its payment since just now");
    age(&shop, order, 301.0).await?;
    assert_eq!(tick(&shop).await?, 1);
    assert_eq!(shop.status(order).await?, "cancelled");
    Ok(())
}

#[tokio::test]
async fn a_settled_order_is_left_alone_and_its_timer_goes_away() -> Result<()> {
    let shop = Shop::open().await?;
    let (_, order) = shop.ordered().await?;
    shop.apply(&[about("stock.reserved", order, json!({})), captured(order, 990)]).await?;
    age(&shop, order, 301.0).await?;
    assert_eq!(tick(&shop).await?, 0);
    assert_eq!(shop.status(order).await?, "confirmed");
    tick(&shop).await?;
    assert_eq!(shop.count("SELECT count(*) FROM order_timers").await?, 0);
    Ok(())
}

#[tokio::test]
async fn ticks_on_many_replicas_cancel_each_order_once() -> Result<()> {
    let shop = Shop::open().await?;
    let mut orders = vec![];
    for _ in 0..40 {
        orders.push(shop.ordered().await?.1);
        age(&shop, orders[orders.len() - 1], 301.0).await?;
    }
    let replicas = try_join_all((0..6).map(|_| shop.database.connect())).await?;
    let ticks = try_join_all(replicas.iter().map(|db| db.query_one("SELECT cancel_overdue(300)", &[]))).await?;
    let cancelled: i64 = ticks.iter().map(|row| row.get::<_, i64>(0)).sum::<i64>() + tick(&shop).await?;
    assert_eq!(cancelled, 40);
    let told = shop.count("SELECT count(*) FROM outbox WHERE event ->> 'type' = 'order.cancelled'").await?;
    assert_eq!(told, 40);
    Ok(())
}

#[tokio::test]
async fn records_that_served_their_time_are_forgotten_and_no_others() -> Result<()> {
    let shop = Shop::open().await?;
    let (user, _) = shop.ordered().await?;
    shop.ordered().await?;
    shop.put(user, "TEA", 1).await?;
    let counts = async || -> Result<Vec<i64>> {
        let mut counts = vec![];
        for table in ["idempotency_keys", "inbox", "carts"] {
            counts.push(shop.count(&format!("SELECT count(*) FROM {table}")).await?);
        }
        Ok(counts)
    };
    // Two carts with ids from long ago: one that was touched lately, and one that was not.
    let carts = "INSERT INTO carts (id, user_id, currency, updated_at)
        VALUES ('00000000-0000-7000-8000-000000000001', uuid_v7(), 'EUR', now() - interval '89 days'),
               ('00000000-0000-7000-8000-000000000002', uuid_v7(), 'EUR', now())";
    shop.db.execute(carts, &[]).await?;
    assert_eq!(counts().await?, [2, 2, 5]);
    shop.db.query_one("SELECT 1 FROM clean_up()", &[]).await?;
    assert_eq!(counts().await?, [2, 2, 5], "nothing is old yet");
    for sql in [
        "UPDATE idempotency_keys SET created_at = created_at - interval '25 hours' WHERE order_id = (SELECT max(order_id::text)::uuid FROM idempotency_keys)",
        "UPDATE inbox SET received_at = received_at - interval '8 days' WHERE event_id = (SELECT max(event_id::text)::uuid FROM inbox)",
        "UPDATE carts SET updated_at = updated_at - interval '2 days' WHERE id = '00000000-0000-7000-8000-000000000001'",
    ] {
        assert_eq!(shop.db.execute(sql, &[]).await?, 1, "{sql}");
    }
    shop.db.query_one("SELECT 1 FROM clean_up()", &[]).await?;
    assert_eq!(counts().await?, [1, 1, 4]);
    Ok(())
}
