//! All SQL of the service. Each function is one statement.

mod account;
mod addresses;
mod credentials;
mod sessions;
mod staff;

pub use account::{account, delete, export, update_profile};
pub use addresses::{Added, add_address, address, addresses, remove_address, replace_address};
pub use credentials::{
    NewAccount, Requested, change_password, credentials, credentials_of, register, request_reset, request_verification,
    reset_email, reset_password, sign_in, verify_email,
};
pub use sessions::{end_all_sessions, end_session, renew, rotate, sessions, sign_out, sweep};
pub use staff::{Changed, Page, change_account, staff_account, staff_accounts};

use serde::de::DeserializeOwned;
use souk_host::db::DbError;

fn read<T: DeserializeOwned>(json: &str) -> Result<T, DbError> {
    serde_json::from_str(json).map_err(|error| DbError::Other(format!("the database's JSON does not fit: {error}")))
}

/// A function of the database gave an answer that it never gives.
fn unexpected(function: &str) -> DbError {
    DbError::Other(format!("{function} returned something unexpected"))
}
