//! What must agree between the databases of order, payment, inventory and notification.
//!
//! The side that comes later in an order's life is read first: what it refers to is then there already.

use std::collections::{HashMap, HashSet};

use anyhow::Result;

use super::outcome::Outcome;
use super::sources::Sources;

struct Order {
    id: String,
    number: String,
    status: String,
    total_minor: i64,
    currency: String,
    lines: String,
    was_confirmed: bool,
    was_shipped: bool,
    /// Asked back of payment.
    refund_minor: i64,
    /// Heard to be back.
    refunded_minor: i64,
}

impl Order {
    /// Paid for, and the goods are the shopper's.
    fn is_confirmed(&self) -> bool {
        matches!(self.status.as_str(), "confirmed" | "shipped" | "delivered")
    }

    /// Paid for, whatever became of the goods since.
    fn is_paid(&self) -> bool {
        self.is_confirmed() || self.status == "returned"
    }

    /// Over, and the shopper keeps no money in it.
    fn is_ended(&self) -> bool {
        matches!(self.status.as_str(), "rejected" | "cancelled" | "refunded")
    }

    /// Over before anything was sent.
    fn is_without_goods(&self) -> bool {
        self.is_ended() && !self.was_shipped
    }
}

struct Capture {
    amount_minor: i64,
    currency: String,
    /// Given back or to be given back.
    promised_minor: i64,
    /// Given back.
    refunded_minor: i64,
}

impl Capture {
    fn goes_back_whole(&self) -> bool {
        self.promised_minor == self.amount_minor
    }
}

async fn orders(sources: &Sources) -> Result<Vec<Order>> {
    let rows = sources.rows("order", include_str!("sql/orders.sql")).await?;
    let orders = rows.iter().map(|row| {
        Ok(Order {
            id: row.try_get("id")?,
            number: row.try_get("number")?,
            status: row.try_get("status")?,
            total_minor: row.try_get("total_minor")?,
            currency: row.try_get("currency")?,
            lines: row.try_get::<_, Option<String>>("lines")?.unwrap_or_default(),
            was_confirmed: row.try_get("was_confirmed")?,
            was_shipped: row.try_get("was_shipped")?,
            refund_minor: row.try_get("refund_minor")?,
            refunded_minor: row.try_get("refunded_minor")?,
        })
    });
    orders.collect()
}

/// By order id. The database allows one capture per order; more than one would show here as a refusal to be one.
async fn captures(sources: &Sources) -> Result<HashMap<String, Vec<Capture>>> {
    let mut captures: HashMap<String, Vec<Capture>> = HashMap::new();
    for row in sources.rows("payment", include_str!("sql/captures.sql")).await? {
        captures.entry(row.try_get("order_id")?).or_default().push(Capture {
            amount_minor: row.try_get("amount_minor")?,
            currency: row.try_get("currency")?,
            promised_minor: row.try_get("promised_minor")?,
            refunded_minor: row.try_get("refunded_minor")?,
        });
    }
    Ok(captures)
}

/// The orders whose money is held and not taken.
async fn holds(sources: &Sources) -> Result<HashSet<String>> {
    let rows = sources.rows("payment", include_str!("sql/holds.sql")).await?;
    rows.iter().map(|row| Ok(row.try_get("order_id")?)).collect()
}

/// Status and lines of what holds or has sold stock, by order id.
async fn reservations(sources: &Sources) -> Result<HashMap<String, (String, String)>> {
    let rows = sources.rows("inventory", include_str!("sql/reservations.sql")).await?;
    let pairs = rows.iter().map(|row| {
        let lines: Option<String> = row.try_get("lines")?;
        Ok((row.try_get("order_id")?, (row.try_get("status")?, lines.unwrap_or_default())))
    });
    pairs.collect()
}

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
