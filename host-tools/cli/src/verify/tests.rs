//! Each promise is broken on purpose, in real databases and on real streams, and must be reported: a check that cannot
//! fail proves nothing.

use std::collections::BTreeSet;

use souk_local::{Environment, SERVICES};

use super::checks::CHECKS;
use super::sources::Sources;

/// How each promise is broken after `shop.sql`, one after the other: where, with what, and which promises then no longer
/// hold that held before. Constraints and triggers that forbid the damage are taken away first.
const DAMAGE: &[(&str, &str, &[&str])] = &[
    (
        "order",
        "ALTER TABLE orders DROP CONSTRAINT orders_cart_id_key;
         ALTER TABLE orders DISABLE TRIGGER USER;
         UPDATE orders SET cart_id = '00000000-0000-7000-8000-0000000000cc'",
        &["one cart became at most one order"],
    ),
    (
        "order",
        "INSERT INTO order_returns (return_id, order_id, reason)
         SELECT '00000000-0000-7000-8000-0000000000dd', id, 'why' FROM orders WHERE number = 'N-1';
         INSERT INTO order_return_lines (return_id, sku, quantity) VALUES ('00000000-0000-7000-8000-0000000000dd', 'A', 3)",
        &["no more pieces come back than were bought"],
    ),
    (
        "order",
        "UPDATE promotions SET used = 2",
        &["promotion codes were used as often as counted and as allowed"],
    ),
    (
        "order",
        "INSERT INTO order_refunds (refund_id, order_id, amount_minor, currency, reason)
         SELECT gen_random_uuid(), id, 1, 'EUR', 'why' FROM orders WHERE number = 'N-1'",
        &["the refunds of an order add up and stay within its capture"],
    ),
    (
        "order",
        "UPDATE orders SET refund_minor = 1 WHERE number = 'N-1'",
        &["orders and payments agree on what goes back"],
    ),
    (
        "order",
        "UPDATE order_items SET unit_price_minor = 99",
        &["each order costs what its lines, discounts, shipping and tax say"],
    ),
    ("order", "DELETE FROM order_timeline WHERE status = 'reserved'", &["each order's history has the state that it is in"]),
    ("analytics", "UPDATE facts SET amount_minor = 199; SELECT recount()", &["each confirmed order was counted once"]),
    ("analytics", "UPDATE hourly SET units = 3", &["reports say what the facts add up to"]),
    (
        "notification",
        "ALTER TABLE messages DROP CONSTRAINT messages_one_per_event;
         INSERT INTO messages (id, event_id, template, user_id, recipient, subject, status, settled_at)
         SELECT gen_random_uuid(), event_id, template, user_id, recipient, subject, status, settled_at FROM messages",
        &["one event made one mail"],
    ),
    ("notification", "UPDATE messages SET status = 'failed', error = 'too busy'", &["each mail was delivered"]),
    (
        "notification",
        "INSERT INTO recipients (user_id, erased_at) SELECT user_id, now() FROM messages LIMIT 1",
        &["no mail names a deleted account"],
    ),
    ("notification", "UPDATE messages SET template = 'welcome'", &["each confirmed order was mailed once"]),
    (
        "inventory",
        "UPDATE reservation_lines SET quantity = 3 WHERE order_id = '00000000-0000-7000-8000-000000000001'",
        &[
            "committed reservations add up to what is committed",
            "each confirmed order has exactly its pieces committed",
        ],
    ),
    (
        "inventory",
        "UPDATE reservation_lines SET quantity = 5 WHERE order_id = '00000000-0000-7000-8000-000000000002'",
        &["live reservations add up to what is reserved"],
    ),
    (
        "order",
        "UPDATE orders SET status = 'cancelled', reason = 'by_shopper' WHERE number = 'N-2'",
        &["no cancelled or rejected order keeps stock"],
    ),
    (
        "inventory",
        "UPDATE stock SET received = 11, available = 8 WHERE location = 'main'",
        &["the stock ledger adds up to the stock"],
    ),
    (
        "inventory",
        "INSERT INTO stock_ledger (sku, location, movement, counterpart, delta_available, delta_reserved, delta_committed,
                                   available_after, reserved_after, committed_after, reason, actor)
         VALUES ('A', 'east', 'transferred', 'main', -1, 0, 0, 0, 0, 0, 'test', gen_random_uuid())",
        &["transfers neither make nor lose pieces"],
    ),
    (
        "inventory",
        "ALTER TABLE stock DROP CONSTRAINT stock_conserved; UPDATE stock SET received = 12",
        &["received = available + reserved + committed at each place"],
    ),
    (
        "inventory",
        "ALTER TABLE stock DROP CONSTRAINT stock_available_not_negative; UPDATE stock SET available = -1",
        &["no stock figure is negative"],
    ),
    (
        "payment",
        "UPDATE captures SET amount_minor = 150",
        &["each confirmed order has exactly one capture of its total", "the ledger agrees with captures and refunds"],
    ),
    (
        "order",
        "ALTER TABLE orders DROP CONSTRAINT orders_is_sound;
         UPDATE orders SET status = 'cancelled', reason = 'by_shopper' WHERE number = 'N-1'",
        &[
            "each capture belongs to a confirmed order or is being given back",
            "no cancelled or rejected order keeps money",
        ],
    ),
    (
        "payment",
        "ALTER TABLE captures DROP CONSTRAINT refunds_sum_within_capture; UPDATE captures SET refunded_minor = 151",
        &["refunds never add up to more than was captured"],
    ),
    ("payment", "UPDATE attempts SET outcome = 'unknown'", &["each payment says whether its money was taken"]),
    (
        "payment",
        "ALTER TABLE intents DROP CONSTRAINT intents_token; UPDATE intents SET payment_token = 'tok'",
        &["payment tokens are forgotten once they are of no use"],
    ),
    (
        "payment",
        "ALTER TABLE ledger_entries DISABLE TRIGGER USER;
         UPDATE ledger_entries SET amount_minor = -199 WHERE account = 'sales'",
        &["the ledger of each order sums to zero", "the ledger as a whole sums to zero"],
    ),
    ("catalog", "SELECT emit('souk:catalog', 'product.changed', 1, 'k', NULL, '{}')", &["every event left its outbox"]),
];

#[tokio::test]
async fn every_promise_can_be_broken_and_is_then_reported() {
    let environment = Environment::temporary(|_| ()).unwrap();
    environment.start_servers().await.unwrap();
    environment.migrate().await.unwrap();
    load_shop(&environment).await;
    let mut sources = Sources::open(&environment).await.unwrap();
    let mut broken = broken_promises(&mut sources).await;
    assert_eq!(broken, BTreeSet::new(), "a shop in order is reported as such");

    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (service, sql, expected) in DAMAGE {
        environment.connect(service).await.unwrap().batch_execute(sql).await.unwrap();
        let now = broken_promises(&mut sources).await;
        let fresh: BTreeSet<&str> = now.difference(&broken).copied().collect();
        assert_eq!(fresh, expected.iter().copied().collect(), "after {sql}");
        seen.extend(fresh);
        broken = now;
    }
    let add = ["XADD", "souk:order", "*", "event", "{}"];
    let _: String = redis::cmd(add[0]).arg(&add[1..]).query_async(&mut sources.redis).await.unwrap();
    let now = broken_promises(&mut sources).await;
    seen.extend(now.difference(&broken));
    assert_eq!(seen, CHECKS.iter().map(|check| check.promise).collect(), "each promise was broken once");
}

/// Two looks at a shop where an event is delivered late: it is in order all the while.
#[tokio::test]
async fn an_acknowledged_stream_counts_as_read() {
    let environment = Environment::temporary(|_| ()).unwrap();
    environment.start_servers().await.unwrap();
    environment.migrate().await.unwrap();
    let mut sources = Sources::open(&environment).await.unwrap();
    let mut redis = environment.connect_redis().await.unwrap();
    let group = ["CREATE", "souk:mailer", "notification", "0", "MKSTREAM"];
    let _: () = redis::cmd("XGROUP").arg(&group).query_async(&mut redis).await.unwrap();
    let id: String =
        redis::cmd("XADD").arg(&["souk:mailer", "*", "event", "{}"]).query_async(&mut redis).await.unwrap();
    assert!(sources.pipes.busy().await.unwrap().is_some(), "undelivered");

    let read = ["GROUP", "notification", "c", "STREAMS", "souk:mailer", ">"];
    let _: redis::Value = redis::cmd("XREADGROUP").arg(&read).query_async(&mut redis).await.unwrap();
    assert!(sources.pipes.busy().await.unwrap().is_some(), "delivered, but not acknowledged");

    let _: u64 = redis::cmd("XACK").arg(&["souk:mailer", "notification", &id]).query_async(&mut redis).await.unwrap();
    assert_eq!(sources.pipes.busy().await.unwrap(), None);
}

async fn broken_promises(sources: &mut Sources) -> BTreeSet<&'static str> {
    let mut broken = BTreeSet::new();
    for check in CHECKS {
        if !check.run(sources).await.unwrap().holds() {
            broken.insert(check.promise);
        }
    }
    broken
}

async fn load_shop(environment: &Environment) {
    let script = include_str!("tests/shop.sql");
    for part in script.split("\n-- ").skip(1) {
        let (service, sql) = part.split_once('\n').unwrap();
        assert!(SERVICES.contains(&service), "{service}");
        environment.connect(service).await.unwrap().batch_execute(sql).await.unwrap();
    }
}
