//! Reports say what was counted, and zero where nothing was.

use crate::support::*;
use anyhow::Result;
use serde_json::json;
use souk_analytics::domain::period::{MOST_DAYS, Period, Width};
use tokio_postgres::Client;
use uuid::Uuid;

const DAY: &str = "'2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z'";

async fn a_busy_day(db: &Client) -> Result<()> {
    let cancelled = |reason| {
        let data = json!({"order_id": Uuid::now_v7(), "reason": reason, "total": money(100), "lines": []});
        event("order.cancelled", "2026-03-01T11:00:00Z", data)
    };
    let batch = [
        order("order.placed", "2026-03-01T10:10:00Z"),
        order("order.placed", "2026-03-01T10:20:00Z"),
        order("order.placed", "2026-03-01T11:20:00Z"),
        payment("order.payment_requested", "2026-03-01T10:21:00Z", 2400),
        payment("order.payment_requested", "2026-03-01T11:21:00Z", 2400),
        payment("payment.captured", "2026-03-01T10:22:00Z", 2400),
        payment("payment.captured", "2026-03-01T10:22:00Z", 2400),
        event("payment.captured", "2026-03-01T10:23:00Z", json!({"amount": {"amount_minor": 70, "currency": "USD"}})),
        payment("payment.declined", "2026-03-01T11:22:00Z", 2400),
        payment("payment.refunded", "2026-03-01T12:00:00Z", 400),
        order("order.confirmed", "2026-03-01T10:23:00Z"),
        cancelled("by_shopper"),
        cancelled("payment_declined"),
        cancelled("by_shopper"),
        event("user.registered", "2026-03-01T09:00:00Z", json!({})),
        event("notification.queued", "2026-03-01T10:24:00Z", json!({"template": "order_confirmed"})),
        // The day before and the day after are not part of it.
        order("order.confirmed", "2026-02-28T23:59:59.999Z"),
        order("order.confirmed", "2026-03-02T00:00:00Z"),
    ];
    apply(db, &batch).await?;
    Ok(())
}

#[tokio::test]
async fn the_summary_shows_a_day_and_nothing_around_it() -> Result<()> {
    let (_database, db) = database().await?;
    a_busy_day(&db).await?;
    let eur = |amount: i64| json!({"amount_minor": amount, "currency": "EUR"});
    let usd = |amount: i64| json!({"amount_minor": amount, "currency": "USD"});
    assert_eq!(
        report(&db, &format!("report_summary({DAY})")).await?,
        json!({
            "from": "2026-03-01T00:00:00.000Z", "to": "2026-03-02T00:00:00.000Z",
            "orders": {"placed": 3, "rejected": 0, "confirmed": 1, "cancelled": 3, "shipped": 0, "delivered": 0},
            "payments": {"requested": 2, "captured": 3, "declined": 1, "unknown": 0, "refunded": 1},
            "payment_success_rate": 0.75,
            "revenue": [{"captured": eur(4800), "refunded": eur(400), "net": eur(4400)},
                        {"captured": usd(70), "refunded": usd(0), "net": usd(70)}],
            "units_sold": 3, "sign_ups": 1, "accounts_deleted": 0, "mails_queued": 1
        })
    );
    Ok(())
}

#[tokio::test]
async fn a_day_without_anything_is_all_zeros() -> Result<()> {
    let (_database, db) = database().await?;
    let summary = report(&db, &format!("report_summary({DAY})")).await?;
    assert_eq!(summary["payment_success_rate"], json!(null));
    assert_eq!((&summary["revenue"], &summary["units_sold"]), (&json!([]), &json!(0)));
    assert_eq!(summary["orders"]["placed"], 0);
    let products = report(&db, "report_top_products('2026-03-01', '2026-03-02', 5)").await?;
    assert_eq!(products["items"], json!([]));
    assert_eq!(report(&db, &format!("report_funnel({DAY})")).await?["losses"], json!([]));
    Ok(())
}

#[tokio::test]
async fn sales_by_hour_have_every_hour() -> Result<()> {
    let (_database, db) = database().await?;
    a_busy_day(&db).await?;
    let sales = report(&db, &format!("report_sales('hour', {DAY})")).await?;
    let items = sales["items"].as_array().cloned().unwrap_or_default();
    assert_eq!(items.len(), 24);
    assert_eq!(items[10]["start"], "2026-03-01T10:00:00.000Z");
    assert_eq!((&items[10]["orders_placed"], &items[11]["orders_placed"]), (&json!(2), &json!(1)));
    assert_eq!((&items[10]["units"], &items[9]["units"]), (&json!(3), &json!(0)));
    assert_eq!(items[10]["revenue"][0]["captured"], money(4800));
    assert_eq!(items[12]["revenue"][0]["net"], money(-400));
    Ok(())
}

#[tokio::test]
async fn sales_by_day_add_the_hours_up() -> Result<()> {
    let (_database, db) = database().await?;
    a_busy_day(&db).await?;
    let sales = report(&db, "report_sales('day', '2026-02-28T00:00:00Z', '2026-03-03T00:00:00Z')").await?;
    let confirmed: Vec<_> =
        sales["items"].as_array().into_iter().flatten().map(|item| item["orders_confirmed"].clone()).collect();
    assert_eq!(confirmed, [1, 1, 1]);
    assert_eq!(sales["items"][1]["orders_cancelled"], 3);
    Ok(())
}

#[tokio::test]
async fn top_products_have_most_pieces_first_and_no_more_than_asked() -> Result<()> {
    let (_database, db) = database().await?;
    a_busy_day(&db).await?;
    let products = report(&db, "report_top_products('2026-03-01', '2026-03-03', 1)").await?;
    let best = json!([{"sku": "TEA", "title": "Green tea", "units": 4, "revenue": money(2000)}]);
    assert_eq!(products["items"], best);
    Ok(())
}

#[tokio::test]
async fn the_funnel_shows_stages_and_why_orders_were_lost() -> Result<()> {
    let (_database, db) = database().await?;
    a_busy_day(&db).await?;
    let funnel = report(&db, &format!("report_funnel({DAY})")).await?;
    let stages: Vec<_> = funnel["stages"].as_array().into_iter().flatten().map(|s| s["orders"].clone()).collect();
    assert_eq!(stages, [3, 2, 3, 1, 0, 0]);
    assert_eq!(
        funnel["losses"],
        json!([{"outcome": "cancelled", "reason": "by_shopper", "orders": 2},
               {"outcome": "cancelled", "reason": "payment_declined", "orders": 1},
               {"outcome": "payment_declined", "reason": "", "orders": 1}])
    );
    Ok(())
}

#[tokio::test]
async fn the_database_reads_times_as_the_service_does() -> Result<()> {
    let (_database, db) = database().await?;
    for text in ["2026-03-01T10:20:30Z", "2024-02-29T23:59:59+05:30", "1999-12-31", "2100-03-01T00:00:00-11:00"] {
        let sql = format!("SELECT floor(extract(epoch FROM '{text}'::timestamptz) / 3600)::bigint * 3600");
        let ours = Period::asked(Some(text), None, Width::Hour, MOST_DAYS, i64::MAX / 4).err();
        assert!(ours.is_some(), "a period of ages is refused, whatever its start");
        let start: i64 = db.query_one(&sql, &[]).await?.get(0);
        let period = Period::asked(Some(text), None, Width::Hour, MOST_DAYS, start + 7200)?;
        assert_eq!(period.from_s, start, "{text}");
    }
    Ok(())
}
