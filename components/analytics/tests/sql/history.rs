//! Random histories of a shop: events of all kinds, at times and about things that meet each other often.

use crate::support::*;
use proptest::prelude::*;
use serde_json::{Value, json};
use souk_analytics::events::COUNTED;
use uuid::Uuid;

/// The accounts that buy, and sometimes leave.
pub fn customer(number: usize) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number as u128)
}

/// An event of some kind, at some hour of the first half of 2026, of some customer, product and reason.
pub fn any_event() -> impl Strategy<Value = Value> {
    let kind = prop_oneof![
        3 => 0..COUNTED.len(),
        1 => Just(position("order.confirmed")),
        2 => Just(position("stock.changed")),
    ];
    (kind, 0..90u32, 1..5i64, 0..3usize, 0..5usize, 0..3i64).prop_map(|(kind, hour, quantity, pick, who, available)| {
        let at = format!("2026-{:02}-{:02}T{:02}:30:00Z", 1 + hour / 18, 1 + hour % 18 / 6, 4 * (hour % 6));
        let currency = ["EUR", "USD", "JPY"][pick];
        let price = json!({"amount_minor": 100 * quantity, "currency": currency});
        let sku = ["TEA", "CUP", "POT"][pick];
        let reason = ["by_shopper", "payment_declined", "payment_timeout"][pick];
        let title = ["Tea", "Fine tea", "Finest tea"][who % 3];
        let lines = json!([{"sku": sku, "title": title, "quantity": quantity, "unit_price": price},
                           {"sku": "TEA", "title": title, "quantity": 1, "unit_price": price}]);
        let data = match COUNTED[kind] {
            "cart.started" => json!({"cart_id": Uuid::now_v7(), "user_id": customer(who), "is_guest": pick == 0}),
            "order.returned" => json!({"user_id": customer(who), "lines": lines, "refund": price}),
            name if name.starts_with("order.") => {
                json!({"user_id": customer(who), "lines": lines, "total": price, "reason": reason})
            }
            "payment.declined" => json!({"reason": reason}),
            name if name.starts_with("payment.") => json!({"amount": price, "reason": reason}),
            "stock.changed" => json!({"sku": sku, "available": available}),
            "stock.low" => json!({"sku": sku, "location": "main", "available": 1, "threshold": 2}),
            name if name.starts_with("user.") => json!({"user_id": customer(who)}),
            _ => json!({"template": (["welcome", "order_confirmed", ""][pick])}),
        };
        event(COUNTED[kind], &at, data)
    })
}

fn position(event_type: &str) -> usize {
    COUNTED.iter().position(|counted| *counted == event_type).unwrap()
}

/// A history with some of its events told twice.
pub fn any_history() -> impl Strategy<Value = Vec<Value>> {
    (prop::collection::vec(any_event(), 1..60), prop::collection::vec(any::<prop::sample::Index>(), 0..8)).prop_map(
        |(mut events, again)| {
            let twice: Vec<Value> = again.iter().map(|index| index.get(&events).clone()).collect();
            events.extend(twice);
            events
        },
    )
}
