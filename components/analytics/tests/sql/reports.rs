//! Reports say what was counted, and zero where nothing was.

use crate::support::*;
use anyhow::Result;
use serde_json::{Value, json};
use souk_analytics::domain::period::{MOST_DAYS, Period, Width};
use tokio_postgres::Client;
use uuid::Uuid;

const DAY: &str = "'2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z'";

async fn a_busy_day(db: &Client) -> Result<()> {
    let cancelled = |reason| {
        let data = json!({"order_id": Uuid::now_v7(), "reason": reason, "total": money(100), "lines": []});
        event("order.cancelled", "2026-03-01T11:00:00Z", data)
    };
    let cart = |is_guest: bool| event("cart.started", "2026-03-01T10:05:00Z", json!({"is_guest": is_guest}));
    let returned = |title: &str, at: &str, quantity: i64| {
        let lines = json!([{"sku": "TEA", "title": title, "quantity": quantity, "restock": true}]);
        event("order.returned", at, json!({"order_id": Uuid::now_v7(), "lines": lines, "refund": money(500)}))
    };
    let batch = [
        cart(true),
        cart(false),
        cart(false),
        cart(false),
        order("order.return_requested", "2026-03-01T14:00:00Z"),
        order("order.return_requested", "2026-03-01T15:00:00Z"),
        returned("Green tea", "2026-03-01T16:00:00Z", 1),
        stock("TEA", "2026-03-01T13:00:00Z", 0),
        payment("payment.refund_failed", "2026-03-01T12:30:00Z", 50),
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

fn in_currency(code: &'static str) -> impl Fn(i64) -> Value {
    move |amount| json!({"amount_minor": amount, "currency": code})
}

fn items(report: &Value) -> Vec<Value> {
    report["items"].as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn the_figures_show_a_day_and_nothing_around_it() -> Result<()> {
    let (_database, db) = database().await?;
    a_busy_day(&db).await?;
    let (eur, usd) = (in_currency("EUR"), in_currency("USD"));
    assert_eq!(
        report(&db, &format!("report_figures({DAY})")).await?,
        json!({
            "from": "2026-03-01T00:00:00.000Z", "to": "2026-03-02T00:00:00.000Z", "carts_started": 4,
            "orders": {"placed": 3, "rejected": 0, "confirmed": 1, "cancelled": 3, "shipped": 0, "delivered": 0,
                       "returned": 1},
            "payments": {"requested": 2, "authorized": 0, "captured": 3, "declined": 1, "unknown": 0, "voided": 0,
                         "refunded": 1, "refund_failed": 1},
            "payment_success_rate": 0.75,
            "revenue": [{"orders": 1, "average_order": eur(2400), "captured": eur(4800), "refunded": eur(400),
                         "net": eur(4400)},
                        {"orders": 0, "average_order": null, "captured": usd(70), "refunded": usd(0), "net": usd(70)}],
            "units_sold": 3, "units_returned": 1, "returns_requested": 2, "stock_outs": 1,
            "sign_ups": 1, "accounts_deleted": 0, "mails_queued": 1
        })
    );
    Ok(())
}

#[tokio::test]
async fn the_summary_puts_each_period_beside_the_one_before() -> Result<()> {
    let (_database, db) = database().await?;
    a_busy_day(&db).await?;
    let document = report(&db, &format!("report_figures({DAY}) || report_summary('2026-03-02T09:30:00Z')")).await?;
    fits("Summary", &document)?;
    assert_eq!(document["as_of"], "2026-03-02T09:30:00.000Z");
    let period = |pointer: &str| {
        let at = |end: &str| document.pointer(&format!("{pointer}/{end}")).and_then(Value::as_str).unwrap_or("");
        format!("{} {}", at("from"), at("to")).replace(":00:00.000Z", "")
    };
    for (pointer, expected) in [
        ("/today/current", "2026-03-02T00 2026-03-02T10"),
        ("/today/before", "2026-03-01T00 2026-03-01T10"),
        ("/yesterday/current", "2026-03-01T00 2026-03-02T00"),
        ("/yesterday/before", "2026-02-28T00 2026-03-01T00"),
        ("/last_7_days/current", "2026-02-23T10 2026-03-02T10"),
        ("/last_7_days/before", "2026-02-16T10 2026-02-23T10"),
        ("/last_30_days/current", "2026-01-31T10 2026-03-02T10"),
        ("/last_30_days/before", "2026-01-01T10 2026-01-31T10"),
    ] {
        assert_eq!(period(pointer), expected, "{pointer}");
    }
    let yesterday = report(&db, &format!("report_figures({DAY})")).await?;
    assert_eq!(document["yesterday"]["current"], yesterday);
    assert_eq!(document["yesterday"]["change"]["orders_confirmed"], 0.0, "one order on either day");
    assert_eq!(document["yesterday"]["change"]["orders_placed"], Value::Null, "there is no part of nothing");
    assert_eq!(document["last_7_days"]["current"]["orders"]["confirmed"], 3);
    Ok(())
}

#[tokio::test]
async fn money_that_shrinks_or_stops_is_a_loss_in_its_currency() -> Result<()> {
    let (_database, db) = database().await?;
    let usd = |at: &str| event("payment.captured", at, json!({"amount": {"amount_minor": 70, "currency": "USD"}}));
    let batch = [
        payment("payment.captured", "2026-02-28T10:00:00Z", 1000),
        usd("2026-02-28T10:00:00Z"),
        payment("payment.captured", "2026-03-01T10:00:00Z", 900),
        payment("payment.refunded", "2026-03-01T11:00:00Z", 400),
    ];
    apply(&db, &batch).await?;
    let document = report(&db, "report_summary('2026-03-02T09:30:00Z')").await?;
    let change = json!([{"currency": "EUR", "net": -0.5}, {"currency": "USD", "net": -1.0}]);
    assert_eq!(document["yesterday"]["change"]["revenue"], change);
    Ok(())
}

#[tokio::test]
async fn a_day_without_anything_is_all_zeros() -> Result<()> {
    let (_database, db) = database().await?;
    let figures = report(&db, &format!("report_figures({DAY}) || report_summary('2026-03-02T09:30:00Z')")).await?;
    assert_eq!(figures["payment_success_rate"], json!(null));
    assert_eq!((&figures["revenue"], &figures["units_sold"]), (&json!([]), &json!(0)));
    assert_eq!(figures["orders"]["placed"], 0);
    fits("Summary", &figures)?;
    for (schema, call) in [
        ("Sales", format!("report_sales('hour', {DAY})")),
        ("Payments", format!("report_payments('hour', {DAY})")),
        ("Returns", format!("report_returns('hour', {DAY}, 20)")),
        ("Funnel", format!("report_funnel({DAY})")),
        ("StockOuts", format!("report_stock_outs({DAY}, '2026-03-02T00:00:00Z', 5)")),
        ("TopProducts", "report_top_products('2026-03-01', '2026-03-02', 'units', NULL, 5)".to_owned()),
        ("Cohorts", "report_cohorts('2026-03-01', '2026-04-01')".to_owned()),
    ] {
        fits(schema, &report(&db, &call).await?)?;
    }
    Ok(())
}

#[tokio::test]
async fn sales_by_hour_have_every_hour() -> Result<()> {
    let (_database, db) = database().await?;
    a_busy_day(&db).await?;
    let sales = report(&db, &format!("report_sales('hour', {DAY})")).await?;
    fits("Sales", &sales)?;
    let items = items(&sales);
    assert_eq!(items.len(), 24);
    assert_eq!(items[10]["start"], "2026-03-01T10:00:00.000Z");
    assert_eq!((&items[10]["orders_placed"], &items[11]["orders_placed"]), (&json!(2), &json!(1)));
    assert_eq!((&items[10]["units"], &items[9]["units"]), (&json!(3), &json!(0)));
    assert_eq!((&items[10]["carts_started"], &items[16]["orders_returned"]), (&json!(4), &json!(1)));
    assert_eq!(items[10]["revenue"][0]["captured"], money(4800));
    assert_eq!(items[10]["revenue"][0]["average_order"], money(2400));
    assert_eq!(items[12]["revenue"][0]["net"], money(-400));
    Ok(())
}

#[tokio::test]
async fn sales_by_day_and_month_add_the_hours_up() -> Result<()> {
    let (_database, db) = database().await?;
    a_busy_day(&db).await?;
    let days = items(&report(&db, "report_sales('day', '2026-02-28T00:00:00Z', '2026-03-03T00:00:00Z')").await?);
    let confirmed: Vec<_> = days.iter().map(|item| item["orders_confirmed"].clone()).collect();
    assert_eq!(confirmed, [1, 1, 1]);
    assert_eq!(days[1]["orders_cancelled"], 3);
    let months = items(&report(&db, "report_sales('month', '2026-01-01T00:00:00Z', '2026-04-01T00:00:00Z')").await?);
    let confirmed: Vec<_> =
        months.iter().map(|item| (item["start"].as_str().unwrap_or(""), item["orders_confirmed"].clone())).collect();
    assert_eq!(
        confirmed,
        [
            ("2026-01-01T00:00:00.000Z", json!(0)),
            ("2026-02-01T00:00:00.000Z", json!(1)),
            ("2026-03-01T00:00:00.000Z", json!(2))
        ]
    );
    assert_eq!(months[2]["revenue"][0]["average_order"], money(2400));
    Ok(())
}

#[tokio::test]
async fn reports_are_in_utc_whatever_the_session_says() -> Result<()> {
    let (_database, db) = database().await?;
    a_busy_day(&db).await?;
    let before = everything(&db).await?;
    db.execute("SET TIME ZONE 'America/Los_Angeles'", &[]).await?;
    assert_eq!(everything(&db).await?, before);
    assert!(differences(&db).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn payments_show_their_success_rate_over_time_and_why_some_failed() -> Result<()> {
    let (_database, db) = database().await?;
    a_busy_day(&db).await?;
    let declined = |reason: &str| event("payment.declined", "2026-03-01T11:40:00Z", json!({"reason": reason}));
    apply(&db, &[declined("expired_card"), declined("expired_card")]).await?;
    let payments = report(&db, &format!("report_payments('hour', {DAY})")).await?;
    fits("Payments", &payments)?;
    let hours = items(&payments);
    let rate = |hour: usize| hours[hour]["success_rate"].clone();
    assert_eq!((hours.len(), rate(9), rate(10), rate(11)), (24, Value::Null, json!(1.0), json!(0.0)));
    assert_eq!(payments["total"]["success_rate"], 0.5);
    assert_eq!(payments["total"]["captured"], 3);
    let why = json!([{"reason": "expired_card", "payments": 2}, {"reason": "", "payments": 1}]);
    assert_eq!(payments["declines"], why);
    Ok(())
}

#[tokio::test]
async fn returns_show_what_came_back_and_what_it_cost() -> Result<()> {
    let (_database, db) = database().await?;
    a_busy_day(&db).await?;
    let returns = report(&db, &format!("report_returns('day', {DAY}, 20)")).await?;
    fits("Returns", &returns)?;
    let figures = json!({"returns_requested": 2, "orders_returned": 1, "units_returned": 1, "refunds": 1,
                         "refunds_failed": 1, "return_rate": 1.0, "refunded": [money(400)]});
    assert_eq!(returns["total"], figures);
    let product = json!([{"sku": "TEA", "title": "Green tea", "units_returned": 1, "units_sold": 2}]);
    assert_eq!(returns["products"], product);
    assert_eq!(items(&returns)[0]["units_returned"], 1);
    Ok(())
}

#[tokio::test]
async fn top_products_are_sorted_as_asked_and_no_more_than_asked() -> Result<()> {
    let (_database, db) = database().await?;
    a_busy_day(&db).await?;
    let lines = json!([{"sku": "ART", "title": "Painting", "quantity": 1, "unit_price": money(9000)},
                       {"sku": "TEA", "title": "Green tea", "quantity": 1,
                        "unit_price": {"amount_minor": 90_000, "currency": "JPY"}}]);
    apply(&db, &[event("order.confirmed", "2026-03-02T01:00:00Z", json!({"lines": lines, "total": money(9000)}))])
        .await?;
    let best = |sort: &str, currency: &str, most: i32| {
        format!("report_top_products('2026-03-01', '2026-03-03', '{sort}', {currency}, {most})")
    };
    let products = report(&db, &best("units", "NULL", 1)).await?;
    fits("TopProducts", &products)?;
    let tea = json!([{"sku": "TEA", "title": "Green tea", "units": 4, "units_returned": 1, "revenue": money(2000)}]);
    assert_eq!(products["items"], tea);
    let skus = |products: &Value| items(products).iter().map(|item| item["sku"].clone()).collect::<Vec<_>>();
    assert_eq!(skus(&report(&db, &best("units", "'EUR'", 9)).await?), ["TEA", "CUP", "ART"]);
    assert_eq!(skus(&report(&db, &best("revenue", "'EUR'", 9)).await?), ["ART", "TEA", "CUP"]);
    assert_eq!(skus(&report(&db, &best("revenue", "'JPY'", 9)).await?), ["TEA"]);
    Ok(())
}

#[tokio::test]
async fn the_funnel_shows_stages_and_why_orders_were_lost() -> Result<()> {
    let (_database, db) = database().await?;
    a_busy_day(&db).await?;
    let funnel = report(&db, &format!("report_funnel({DAY})")).await?;
    fits("Funnel", &funnel)?;
    let stages: Vec<_> = funnel["stages"].as_array().into_iter().flatten().cloned().collect();
    let counts: Vec<_> = stages.iter().map(|stage| stage["count"].clone()).collect();
    assert_eq!(counts, [4, 3, 2, 3, 1, 0, 0]);
    assert_eq!((&stages[1]["of_previous"], &stages[4]["of_first"]), (&json!(0.75), &json!(0.25)));
    let loss = |outcome: &str, reason: &str, count: i64| json!({"outcome": outcome, "reason": reason, "count": count});
    assert_eq!(
        funnel["losses"],
        json!([
            loss("cancelled", "by_shopper", 2),
            loss("cancelled", "payment_declined", 1),
            loss("cart_left", "", 1),
            loss("payment_declined", "", 1),
            loss("returned", "", 1)
        ])
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
