//! Problems that several handlers answer with.

use souk_core::address::FieldError;
use souk_core::problem::Problem;
use souk_host::ApiError;

/// 422 for one field.
pub fn refuse(field: &str, message: impl ToString) -> ApiError {
    ApiError::fields(vec![FieldError { field: field.to_owned(), message: message.to_string() }])
}

/// 401: the token's account was deleted since it was issued.
pub fn account_gone() -> ApiError {
    Problem::unauthorized("account-gone", "The account of this token does not exist any more.").into()
}

/// 422: a mailed token that is unknown, used or too old; which of these is nobody's business.
pub fn token_over() -> ApiError {
    let detail = "This link has been used already or is too old. Ask for a new one.";
    Problem::unprocessable("invalid-token", detail).into()
}
