//! All SQL of the service. Each function is one statement; those that emit events hint at the relay afterwards.

mod cart;
mod checkout;
mod orders;
mod promotions;

pub use cart::{CartAnswer, cart, cart_merge, cart_put, cart_remove};
pub use checkout::{Loaded, Placement, Replay, checkout_load, place_order};
pub use orders::{
    Filter, accept_return, all_orders, apply_events, cancel, cancel_overdue, clean_up, move_parcel, order, orders,
    refund, reject_return, request_return, timeline,
};
pub use promotions::{PromotionKey, promotion_change, promotion_create, promotion_delete, promotions};

use serde::de::DeserializeOwned;
use souk_host::db::{Db, DbError, Row, p};

/// An answer of a SQL function: its outcome, and the document that goes with it, as JSON text.
#[derive(Debug)]
pub struct Answer {
    /// The function's word for what happened.
    pub outcome: String,
    /// The cart, order or promotion as it is now.
    pub body: Option<String>,
}

impl Answer {
    async fn of(sql: &str, params: Vec<p::ParameterValue>) -> Result<Self, DbError> {
        let row = one(sql, params).await?;
        Ok(Self { outcome: row.text(0)?, body: row.json_opt(1)? })
    }
}

async fn one(sql: &str, params: Vec<p::ParameterValue>) -> Result<Row, DbError> {
    Db::connect().await?.one(sql, params).await?.ok_or_else(|| DbError::Other(format!("no row from {sql}")))
}

fn parsed<T: DeserializeOwned>(json: &str) -> Result<T, DbError> {
    serde_json::from_str(json).map_err(|error| DbError::Other(format!("unexpected document: {error}")))
}

fn int4(value: u32) -> Result<p::ParameterValue, DbError> {
    i32::try_from(value).map(p::int4).map_err(|error| DbError::Other(error.to_string()))
}
