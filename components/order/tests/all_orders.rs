//! What staff see of everybody's orders: pages that lose and repeat nothing, and filters that stay cheap however many
//! orders there are.

mod support;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use souk_order::domain::views::AnyOrder;
use std::collections::BTreeSet;
use support::{Shop, about, captured};
use tokio_postgres::Client;
use uuid::Uuid;

const NOTHING: [Uuid; 0] = [];

/// What to look for, by the names of the query.
#[derive(Default, Clone, Copy)]
struct Filter<'a> {
    status: Option<&'a str>,
    from: Option<&'a str>,
    until: Option<&'a str>,
    number: Option<&'a str>,
    email: Option<&'a str>,
    oldest_first: bool,
}

const PAGE: &str = "all_orders($1, $2::text::timestamptz, $3::text::timestamptz, $4, $5, $6, $7, $8)";

async fn page(
    db: &Client,
    filter: Filter<'_>,
    after: Option<Uuid>,
    limit: i32,
) -> Result<(Vec<AnyOrder>, Option<Uuid>)> {
    let Filter { status, from, until, number, email, oldest_first } = filter;
    let sql = format!("SELECT items, next FROM {PAGE}");
    let row = db.query_one(&sql, &[&status, &from, &until, &number, &email, &oldest_first, &after, &limit]).await?;
    Ok((serde_json::from_value(row.get(0))?, row.get(1)))
}

/// All that a filter finds, page by page.
async fn all(db: &Client, filter: Filter<'_>, limit: i32) -> Result<Vec<Uuid>> {
    let (mut found, mut after) = (vec![], None);
    loop {
        let (items, next) = page(db, filter, after, limit).await?;
        found.extend(items.iter().map(|order| order.id));
        match next {
            Some(_) => after = next,
            None => return Ok(found),
        }
    }
}

#[tokio::test]
async fn pages_show_each_order_once_in_either_direction() -> Result<()> {
    let shop = Shop::open().await?;
    let mut placed = vec![];
    for _ in 0..7 {
        placed.push(shop.ordered().await?.1);
    }
    // Those of one millisecond stand in the order of what is random about their ids.
    placed.sort();
    for limit in [1, 3, 7, 8] {
        let oldest = Filter { oldest_first: true, ..Filter::default() };
        assert_eq!(all(&shop.db, oldest, limit).await?, placed);
        let newest: Vec<Uuid> = placed.iter().rev().copied().collect();
        assert_eq!(all(&shop.db, Filter::default(), limit).await?, newest);
        let waiting = Filter { status: Some("placed"), ..Filter::default() };
        assert_eq!(all(&shop.db, waiting, limit).await?, newest);
    }
    Ok(())
}

#[tokio::test]
async fn each_filter_finds_its_orders_and_no_others() -> Result<()> {
    let shop = Shop::open().await?;
    let (_, placed) = shop.ordered().await?;
    let (_, reserved) = shop.ordered().await?;
    shop.apply(&[about("stock.reserved", reserved, json!({}))]).await?;
    let (_, rejected) = shop.ordered().await?;
    shop.apply(&[about("stock.rejected", rejected, json!({"reason": "insufficient_stock"}))]).await?;
    let mut wanted = vec![("placed", placed), ("reserved", reserved), ("rejected", rejected)];
    for status in ["confirmed", "shipped", "delivered"] {
        wanted.push((status, shop.paid(status).await?.1));
    }
    let (user, cancelled) = shop.ordered().await?;
    shop.ask("cancel_order($1, $2, false, NULL)", &[&cancelled, &user]).await?;
    wanted.push(("cancelled", cancelled));
    for (status, order) in &wanted {
        let filter = Filter { status: Some(status), ..Filter::default() };
        assert_eq!(all(&shop.db, filter, 10).await?, [*order], "{status}");
    }
    assert_eq!(all(&shop.db, Filter { status: Some("refunded"), ..Filter::default() }, 10).await?, NOTHING);
    // A capture after the cancellation, and its refund: the order moves on in the list, too.
    shop.apply(&[captured(cancelled, 990), about("payment.refunded", cancelled, json!({}))]).await?;
    assert_eq!(all(&shop.db, Filter { status: Some("refunded"), ..Filter::default() }, 10).await?, [cancelled]);
    assert_eq!(all(&shop.db, Filter { status: Some("cancelled"), ..Filter::default() }, 10).await?, NOTHING);

    let sql =
        "SELECT number, rfc3339(placed_at), rfc3339(placed_at + interval '1 millisecond') FROM orders WHERE id = $1";
    let row = shop.db.query_one(sql, &[&reserved]).await?;
    let (number, at, after): (String, String, String) = (row.get(0), row.get(1), row.get(2));
    assert_eq!(all(&shop.db, Filter { number: Some(&number), ..Filter::default() }, 10).await?, [reserved]);
    let between = Filter { from: Some(&at), until: Some(&after), ..Filter::default() };
    assert!(all(&shop.db, between, 10).await?.contains(&reserved));
    assert!(!all(&shop.db, Filter { until: Some(&at), ..Filter::default() }, 10).await?.contains(&reserved));
    assert!(all(&shop.db, Filter { from: Some(&after), ..Filter::default() }, 10).await?.contains(&rejected));
    let email = |email| Filter { email: Some(email), ..Filter::default() };
    assert_eq!(all(&shop.db, email("ana@"), 3).await?.len(), wanted.len());
    assert_eq!(all(&shop.db, email("an_%"), 10).await?, NOTHING, "nothing in it is a pattern");
    let both = Filter { status: Some("shipped"), email: Some("ana"), ..Filter::default() };
    assert_eq!(all(&shop.db, both, 10).await?.len(), 1);
    let (items, _) = page(&shop.db, both, None, 10).await?;
    assert_eq!((items[0].pieces, items[0].refunded.amount_minor), (5, 0));
    Ok(())
}

/// A hundred thousand orders of the last hundred days: nearly all delivered, few of them anything else.
const MANY: &str = "INSERT INTO orders (id, number, cart_id, user_id, email, name, status, currency, subtotal_minor,
    discount_minor, shipping_minor, tax_minor, total_minor, discounts, promotion_codes, shipping_method, shipping_label,
    tax_label, shipping_address, captured_minor, captured_currency, reason, placed_at)
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || lpad(to_hex(n), 20, '0'))::uuid,
    order_number(n), uuid_v7(), uuid_v7(), 'shopper-' || n || '@souk.example', 'Ana',
    CASE WHEN n % 10000 = 1 THEN 'cancelled' ELSE 'delivered' END, 'EUR', 500, 0, 0, 0, 500, '[]', '{}', 's', 's', 't',
    '{}', CASE WHEN n % 10000 = 1 THEN NULL ELSE 500 END, CASE WHEN n % 10000 = 1 THEN NULL ELSE 'EUR' END,
    CASE WHEN n % 10000 = 1 THEN 'by_shopper' END, at
  FROM generate_series(1, 100000) AS n, LATERAL (SELECT now() - interval '100 days' * (1 - n / 100000.0) AS at) AS t";

/// The pages of the database that a query reads.
async fn cost(db: &Client, filter: Filter<'_>) -> Result<i64> {
    let Filter { status, from, until, number, email, oldest_first } = filter;
    let text = |value: Option<&str>| value.map_or("NULL".to_owned(), |value| format!("'{value}'"));
    let sql = format!(
        "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM all_orders({}, {}, {}, {}, {}, {oldest_first}, NULL, 20)",
        text(status),
        text(from),
        text(until),
        text(number),
        text(email)
    );
    let plan: Value = db.query_one(&sql, &[]).await?.get(0);
    let read = |name: &str| {
        let blocks = plan.pointer(&format!("/0/Plan/{name}")).and_then(Value::as_i64);
        blocks.with_context(|| format!("no {name} in {plan}"))
    };
    Ok(read("Shared Hit Blocks")? + read("Shared Read Blocks")?)
}

#[tokio::test]
async fn a_page_costs_little_among_a_hundred_thousand_orders() -> Result<()> {
    let shop = Shop::open().await?;
    shop.db.batch_execute(MANY).await?;
    shop.db.batch_execute("INSERT INTO order_states SELECT status, id FROM orders").await?;
    let lines = "INSERT INTO order_items SELECT id, 1, 'TEA', 'Tea', 1, 500 FROM orders";
    shop.db.batch_execute(lines).await?;
    let (_, waiting) = shop.ordered().await?;
    shop.db.batch_execute("VACUUM ANALYZE orders, order_items, order_states, order_timers").await?;
    let sql = "SELECT number, rfc3339(placed_at), rfc3339(placed_at + interval '1 hour') FROM orders
        WHERE email = 'shopper-50000@souk.example'";
    let row = shop.db.query_one(sql, &[]).await?;
    let (number, from, until): (String, String, String) = (row.get(0), row.get(1), row.get(2));
    let (from, until, number) = (Some(from.as_str()), Some(until.as_str()), Some(number.as_str()));
    let none = Filter::default();
    for (what, filter) in [
        ("all", none),
        ("the oldest", Filter { oldest_first: true, ..none }),
        ("many of a state", Filter { status: Some("delivered"), ..none }),
        ("few of a state", Filter { status: Some("cancelled"), ..none }),
        ("none of a state", Filter { status: Some("returned"), ..none }),
        ("those that wait", Filter { status: Some("placed"), ..none }),
        ("a number", Filter { number, ..none }),
        ("an address", Filter { email: Some("shopper-77777@"), ..none }),
        ("how many addresses begin", Filter { email: Some("shopper-"), ..none }),
        ("how no address begins", Filter { email: Some("nobody"), ..none }),
        ("an hour", Filter { from, until, ..none }),
        ("a state in an hour", Filter { status: Some("delivered"), from, until, ..none }),
        ("few of a state in an hour", Filter { status: Some("cancelled"), from, until, ..none }),
        ("a state and an address", Filter { status: Some("delivered"), email: Some("shopper-77777@"), ..none }),
    ] {
        let pages = cost(&shop.db, filter).await?;
        ensure!(pages < 1000, "{what}: {pages} pages read");
    }
    let found = all(&shop.db, Filter { status: Some("cancelled"), ..none }, 3).await?;
    assert_eq!((found.len(), found.iter().collect::<BTreeSet<_>>().len()), (10, 10));
    assert_eq!(all(&shop.db, Filter { status: Some("placed"), ..none }, 3).await?, [waiting]);
    Ok(())
}
