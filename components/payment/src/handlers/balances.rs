//! What each account of the ledger stands at, for admins.

use crate::store;
use serde::{Deserialize, Serialize};
use souk_core::{money::Money, token::Role};
use souk_host::{
    ApiError,
    http::{Identity, JsonText},
};
use utoipa::ToSchema;

/// The books. Made by `ledger_balances` in migration V12.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Balances {
    /// By currency and account.
    pub accounts: Vec<AccountBalance>,
    /// Whether the accounts of each currency sum to zero, as they must.
    pub balanced: bool,
}

/// One account in one currency.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountBalance {
    /// gateway (what the payment provider owes the shop), sales, or refunds (what went back of sales).
    pub account: String,
    /// Debits are positive, credits negative.
    pub balance: Money,
    /// How many entries it has.
    pub entries: i64,
}

/// What each account of the ledger stands at. Money that is merely held is not in the books.
#[utoipa::path(get, path = "/api/payments/ledger/balances", tag = "ledger", operation_id = "get_ledger_balances", security(("bearer" = ["admin"])), responses(
    (status = 200, body = Balances)))]
pub async fn balances(identity: Identity) -> Result<JsonText, ApiError> {
    identity.require(&[Role::Admin])?;
    Ok(JsonText(store::ledger_balances().await?))
}
