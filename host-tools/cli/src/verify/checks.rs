//! The promises, in the order in which they are printed, and how each is checked.

use anyhow::Result;

use super::outcome::Outcome;
use super::sources::Sources;
use super::{events, orders};

/// One promise.
pub struct Check {
    /// The promise in words.
    pub promise: &'static str,
    /// What is counted.
    pub unit: &'static str,
    probe: Probe,
}

enum Probe {
    /// A statement on one database that yields one row: how many were checked, the offenders' names, their details.
    Sql {
        service: &'static str,
        sql: &'static str,
    },
    ConfirmedOrdersArePaid,
    CapturesHaveAnOrder,
    EndedOrdersKeepNoMoney,
    EndedOrdersKeepNoStock,
    ConfirmedOrdersHaveTheirStock,
    RefundsAgree,
    ConfirmedOrdersAreMailed,
    ConfirmedOrdersAreCounted,
    OutboxesAreEmpty,
    StreamsAreRead,
}

macro_rules! sql {
    ($promise:literal, $unit:literal, $service:literal, $file:literal) => {
        Check {
            promise: $promise,
            unit: $unit,
            probe: Probe::Sql { service: $service, sql: include_str!(concat!("sql/", $file)) },
        }
    };
}

const fn check(promise: &'static str, unit: &'static str, probe: Probe) -> Check {
    Check { promise, unit, probe }
}

/// All of them.
pub const CHECKS: &[Check] = &[
    sql!("received = available + reserved + committed at each place", "places", "inventory", "stock_conserved.sql"),
    sql!("no stock figure is negative", "places", "inventory", "stock_not_negative.sql"),
    sql!("live reservations add up to what is reserved", "places", "inventory", "stock_reserved.sql"),
    sql!("committed reservations add up to what is committed", "places", "inventory", "stock_committed.sql"),
    sql!("the stock ledger adds up to the stock", "places", "inventory", "stock_ledger.sql"),
    sql!("transfers neither make nor lose pieces", "SKUs", "inventory", "stock_transfers.sql"),
    sql!("one cart became at most one order", "carts", "order", "orders_one_per_cart.sql"),
    sql!("each order costs what its lines, discounts, shipping and tax say", "orders", "order", "order_totals.sql"),
    sql!("each order's history has the state that it is in", "orders", "order", "order_histories.sql"),
    check("each confirmed order has exactly one capture of its total", "orders", Probe::ConfirmedOrdersArePaid),
    check("each capture belongs to a confirmed order or is being given back", "captures", Probe::CapturesHaveAnOrder),
    check("no cancelled or rejected order keeps money", "orders", Probe::EndedOrdersKeepNoMoney),
    check("no cancelled or rejected order keeps stock", "orders", Probe::EndedOrdersKeepNoStock),
    check("each confirmed order has exactly its pieces committed", "orders", Probe::ConfirmedOrdersHaveTheirStock),
    sql!("no more pieces come back than were bought", "lines", "order", "order_returns.sql"),
    sql!("promotion codes were used as often as counted and as allowed", "codes", "order", "promotion_uses.sql"),
    sql!("the refunds of an order add up and stay within its capture", "orders", "order", "order_refunds.sql"),
    check("orders and payments agree on what goes back", "captures", Probe::RefundsAgree),
    sql!("refunds never add up to more than was captured", "captures", "payment", "refunds_within_captures.sql"),
    sql!("each payment says whether its money was taken", "payments", "payment", "payment_outcomes.sql"),
    sql!("payment tokens are forgotten once they are of no use", "payments", "payment", "payment_tokens.sql"),
    sql!("the ledger of each order sums to zero", "orders", "payment", "ledger_by_order.sql"),
    sql!("the ledger as a whole sums to zero", "currencies", "payment", "ledger_overall.sql"),
    sql!("the ledger agrees with captures and refunds", "orders", "payment", "ledger_moves.sql"),
    sql!("one event made one mail", "mails", "notification", "mail_once.sql"),
    sql!("each mail was delivered", "mails", "notification", "mail_delivered.sql"),
    sql!("no mail names a deleted account", "accounts", "notification", "mail_forgotten.sql"),
    check("each confirmed order was mailed once", "orders", Probe::ConfirmedOrdersAreMailed),
    check("each confirmed order was counted once", "orders", Probe::ConfirmedOrdersAreCounted),
    sql!("reports say what the facts add up to", "sums", "analytics", "analytics_sums.sql"),
    check("every event left its outbox", "outboxes", Probe::OutboxesAreEmpty),
    check("every event reached every consumer group", "groups", Probe::StreamsAreRead),
];

impl Check {
    /// One look.
    pub async fn run(&self, sources: &mut Sources) -> Result<Outcome> {
        match self.probe {
            Probe::Sql { service, sql } => sources.outcome(service, sql).await,
            Probe::ConfirmedOrdersArePaid => orders::confirmed_are_paid(sources).await,
            Probe::CapturesHaveAnOrder => orders::captures_have_an_order(sources).await,
            Probe::EndedOrdersKeepNoMoney => orders::ended_keep_no_money(sources).await,
            Probe::EndedOrdersKeepNoStock => orders::ended_keep_no_stock(sources).await,
            Probe::ConfirmedOrdersHaveTheirStock => orders::confirmed_have_their_stock(sources).await,
            Probe::RefundsAgree => orders::refunds_agree(sources).await,
            Probe::ConfirmedOrdersAreMailed => orders::confirmed_are_mailed(sources).await,
            Probe::ConfirmedOrdersAreCounted => orders::confirmed_are_counted(sources).await,
            Probe::OutboxesAreEmpty => events::outboxes_are_empty(sources).await,
            Probe::StreamsAreRead => events::streams_are_read(sources).await,
        }
    }
}
