//! What the databases say about orders, as the promises compare it.

use std::collections::{HashMap, HashSet};

use anyhow::Result;

use super::sources::Sources;

/// An order, as far as the promises go.
pub struct Order {
    pub id: String,
    pub number: String,
    pub status: String,
    pub total_minor: i64,
    pub currency: String,
    pub lines: String,
    pub was_confirmed: bool,
    pub was_shipped: bool,
    /// Its shopper's account was deleted.
    pub is_erased: bool,
    /// Asked back of payment.
    pub refund_minor: i64,
    /// Heard to be back.
    pub refunded_minor: i64,
}

impl Order {
    /// Paid for, and the goods are the shopper's.
    pub fn is_confirmed(&self) -> bool {
        matches!(self.status.as_str(), "confirmed" | "shipped" | "delivered")
    }

    /// Paid for, whatever became of the goods since.
    pub fn is_paid(&self) -> bool {
        self.is_confirmed() || self.status == "returned"
    }

    /// Over, and the shopper keeps no money in it.
    pub fn is_ended(&self) -> bool {
        matches!(self.status.as_str(), "rejected" | "cancelled" | "refunded")
    }

    /// Over before anything was sent.
    pub fn is_without_goods(&self) -> bool {
        self.is_ended() && !self.was_shipped
    }
}

/// Money that was taken for an order.
pub struct Capture {
    pub amount_minor: i64,
    pub currency: String,
    /// Given back or to be given back.
    pub promised_minor: i64,
    /// Given back.
    pub refunded_minor: i64,
}

impl Capture {
    pub fn goes_back_whole(&self) -> bool {
        self.promised_minor == self.amount_minor
    }
}

pub async fn orders(sources: &Sources) -> Result<Vec<Order>> {
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
            is_erased: row.try_get("is_erased")?,
            refund_minor: row.try_get("refund_minor")?,
            refunded_minor: row.try_get("refunded_minor")?,
        })
    });
    orders.collect()
}

/// By order id. The database allows one capture per order; more than one would show here as a refusal to be one.
pub async fn captures(sources: &Sources) -> Result<HashMap<String, Vec<Capture>>> {
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
pub async fn holds(sources: &Sources) -> Result<HashSet<String>> {
    let rows = sources.rows("payment", include_str!("sql/holds.sql")).await?;
    rows.iter().map(|row| Ok(row.try_get("order_id")?)).collect()
}

/// Status and lines of what holds or has sold stock, by order id.
pub async fn reservations(sources: &Sources) -> Result<HashMap<String, (String, String)>> {
    let rows = sources.rows("inventory", include_str!("sql/reservations.sql")).await?;
    let pairs = rows.iter().map(|row| {
        let lines: Option<String> = row.try_get("lines")?;
        Ok((row.try_get("order_id")?, (row.try_get("status")?, lines.unwrap_or_default())))
    });
    pairs.collect()
}
