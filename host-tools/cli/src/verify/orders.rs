//! What must agree between the databases of order, payment, inventory, notification and analytics.
//!
//! The side that comes later in an order's life is read first: what it refers to is then there already.

use std::collections::{HashMap, HashSet};

use anyhow::Result;

use super::order_rows::{Order, captures, holds, orders, reservations};
use super::outcome::Outcome;
use super::sources::Sources;

pub async fn confirmed_are_paid(sources: &Sources) -> Result<Outcome> {
    let (orders, captures) = (orders(sources).await?, captures(sources).await?);
    let mut outcome = Outcome::default();
    for order in orders.iter().filter(|order| order.is_paid()) {
        outcome.checked += 1;
        let found = captures.get(&order.id).map(Vec::as_slice).unwrap_or_default();
        match found {
            [one] if one.amount_minor == order.total_minor && one.currency == order.currency => {}
            [] => outcome.blame(&order.number, format!("is {} without a capture", order.status)),
            [one] => outcome.blame(
                &order.number,
                format!("captured {} {} of {} {}", one.amount_minor, one.currency, order.total_minor, order.currency),
            ),
            more => outcome.blame(&order.number, format!("has {} captures", more.len())),
        }
    }
    Ok(outcome)
}

pub async fn captures_have_an_order(sources: &Sources) -> Result<Outcome> {
    let captures = captures(sources).await?;
    let orders: HashMap<String, Order> =
        orders(sources).await?.into_iter().map(|order| (order.id.clone(), order)).collect();
    let mut outcome = Outcome::default();
    for (order_id, captures) in &captures {
        for capture in captures {
            outcome.checked += 1;
            match orders.get(order_id) {
                Some(order) if order.is_paid() || capture.goes_back_whole() => {}
                Some(order) => outcome.blame(&order.number, format!("is {}, but its money was taken", order.status)),
                None => outcome.blame(order_id, "there is no such order"),
            }
        }
    }
    Ok(outcome)
}

pub async fn ended_keep_no_money(sources: &Sources) -> Result<Outcome> {
    let (orders, captures, holds) = (orders(sources).await?, captures(sources).await?, holds(sources).await?);
    let mut outcome = Outcome::default();
    for order in orders.iter().filter(|order| order.is_ended()) {
        outcome.checked += 1;
        for capture in captures.get(&order.id).into_iter().flatten() {
            let given_back = capture.refunded_minor == capture.amount_minor;
            if !capture.goes_back_whole() {
                outcome.blame(&order.number, format!("is {} and no refund of its capture is under way", order.status));
            } else if order.status == "refunded" && !given_back {
                outcome.blame(&order.number, "is refunded, but payment has not given the money back");
            }
        }
        if holds.contains(&order.id) {
            outcome.blame(&order.number, format!("is {}, but its money is held", order.status));
        }
    }
    Ok(outcome)
}

pub async fn refunds_agree(sources: &Sources) -> Result<Outcome> {
    let (orders, captures) = (orders(sources).await?, captures(sources).await?);
    let mut outcome = Outcome::default();
    for order in &orders {
        for capture in captures.get(&order.id).into_iter().flatten() {
            outcome.checked += 1;
            let (here, there) = (order.refund_minor, capture.promised_minor);
            let (back_here, back_there) = (order.refunded_minor, capture.refunded_minor);
            if (here, back_here) != (there, back_there) {
                outcome.blame(
                    &order.number,
                    format!("asked {here} back and heard of {back_here}; payment knows of {there} and {back_there}"),
                );
            }
        }
    }
    Ok(outcome)
}

pub async fn ended_keep_no_stock(sources: &Sources) -> Result<Outcome> {
    let reservations = reservations(sources).await?;
    let orders = orders(sources).await?;
    let mut outcome = Outcome::default();
    for order in orders.iter().filter(|order| order.is_without_goods()) {
        outcome.checked += 1;
        if let Some((status, lines)) = reservations.get(&order.id) {
            outcome.blame(&order.number, format!("is {}, its reservation is {status}: {lines}", order.status));
        }
    }
    let known: HashMap<&str, ()> = orders.iter().map(|order| (order.id.as_str(), ())).collect();
    for (order_id, (status, lines)) in reservations.iter().filter(|(id, _)| !known.contains_key(id.as_str())) {
        outcome.blame(order_id, format!("is no order, but has a reservation that is {status}: {lines}"));
    }
    Ok(outcome)
}

pub async fn confirmed_have_their_stock(sources: &Sources) -> Result<Outcome> {
    let (orders, reservations) = (orders(sources).await?, reservations(sources).await?);
    let mut outcome = Outcome::default();
    for order in orders.iter().filter(|order| order.is_confirmed()) {
        outcome.checked += 1;
        match reservations.get(&order.id) {
            Some((status, lines)) if status == "committed" && *lines == order.lines => {}
            Some((status, lines)) => {
                outcome.blame(&order.number, format!("ordered {}, its reservation is {status}: {lines}", order.lines));
            }
            None => outcome.blame(&order.number, format!("is {} without stock", order.status)),
        }
    }
    Ok(outcome)
}

pub async fn confirmed_are_mailed(sources: &Sources) -> Result<Outcome> {
    let orders = orders(sources).await?;
    let mut mails: HashMap<String, i64> = HashMap::new();
    for row in sources.rows("notification", include_str!("sql/confirmations.sql")).await? {
        mails.insert(row.try_get::<_, Option<String>>("order_id")?.unwrap_or_default(), row.try_get("mails")?);
    }
    let mut outcome = Outcome::default();
    for order in orders.iter().filter(|order| order.was_confirmed) {
        outcome.checked += 1;
        match mails.get(&order.id) {
            Some(1) => {}
            other => outcome.blame(&order.number, format!("has {} confirmation mails", other.unwrap_or(&0))),
        }
    }
    Ok(outcome)
}

pub async fn confirmed_are_counted(sources: &Sources) -> Result<Outcome> {
    let orders = orders(sources).await?;
    let mut counted: HashMap<String, (i64, i64, String)> = HashMap::new();
    for row in sources.rows("analytics", include_str!("sql/counted_orders.sql")).await? {
        let fact = (row.try_get("facts")?, row.try_get("amount_minor")?, row.try_get("currency")?);
        counted.insert(row.try_get("order_id")?, fact);
    }
    let mut outcome = Outcome::default();
    for order in orders.iter().filter(|order| order.was_confirmed && !order.is_erased) {
        outcome.checked += 1;
        match counted.get(&order.id) {
            Some((1, amount, currency)) if (*amount, currency) == (order.total_minor, &order.currency) => {}
            Some((facts, amount, currency)) => outcome.blame(
                &order.number,
                format!("of {} {}, counted {facts} times as {amount} {currency}", order.total_minor, order.currency),
            ),
            None => outcome.blame(&order.number, "was confirmed and is not counted"),
        }
    }
    let confirmed: HashSet<&str> =
        orders.iter().filter(|order| order.was_confirmed).map(|order| order.id.as_str()).collect();
    for order_id in counted.keys().filter(|order_id| !confirmed.contains(order_id.as_str())) {
        outcome.blame(order_id, "is counted, but there is no such confirmed order");
    }
    Ok(outcome)
}
