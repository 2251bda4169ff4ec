//! Everybody's orders, as those who run the shop see them in a list.

use crate::domain::status::Status;
use serde::{Deserialize, Serialize};
use souk_core::money::Money;
use utoipa::ToSchema;
use uuid::Uuid;

/// An order in the list of all orders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnyOrder {
    /// Its id.
    pub id: Uuid,
    /// The number that people use.
    pub number: String,
    /// Where it stands.
    pub status: Status,
    /// RFC 3339.
    pub placed_at: String,
    /// What is paid.
    pub total: Money,
    /// What of it is back.
    pub refunded: Money,
    /// The shopper's account, or the guest's id.
    pub user_id: Uuid,
    /// Where the mails go.
    pub email: String,
    /// The shopper's name; empty once it was erased with the account.
    pub name: String,
    /// Pieces over all lines.
    pub pieces: u64,
    /// Titles of the first three lines.
    pub titles: Vec<String>,
}

/// A page of everybody's orders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AllOrdersPage {
    /// In the order that was asked for.
    pub items: Vec<AnyOrder>,
    /// Send it back as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
}
