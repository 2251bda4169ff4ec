//! From the driver's errors to `spin:postgres` errors. Connection errors never carry the address.

use crate::bindings::spin::postgres::postgres::{DbError, Error, QueryError};
use tokio_postgres::error::ErrorPosition;

/// A failed attempt to connect.
pub fn connection_failed(error: &tokio_postgres::Error) -> Error {
    Error::ConnectionFailed(chain(error))
}

/// A statement that failed: structured when Postgres said so, text when the driver did.
pub fn query_failed(error: &tokio_postgres::Error) -> Error {
    let Some(db) = error.as_db_error() else {
        return if error.is_closed() {
            Error::ConnectionFailed("the connection to Postgres was closed".to_owned())
        } else {
            text(chain(error))
        };
    };
    let position = db.position().map(|position| match position {
        ErrorPosition::Original(at) => at.to_string(),
        ErrorPosition::Internal { position, .. } => position.to_string(),
    });
    let extras = [
        ("hint", db.hint().map(str::to_owned)),
        ("position", position),
        ("where", db.where_().map(str::to_owned)),
        ("schema", db.schema().map(str::to_owned)),
        ("table", db.table().map(str::to_owned)),
        ("column", db.column().map(str::to_owned)),
        ("datatype", db.datatype().map(str::to_owned)),
        ("constraint", db.constraint().map(str::to_owned)),
        ("file", db.file().map(str::to_owned)),
        ("line", db.line().map(|line| line.to_string())),
        ("routine", db.routine().map(str::to_owned)),
    ];
    Error::QueryFailed(QueryError::DbError(DbError {
        as_text: chain(error),
        severity: db.severity().to_owned(),
        code: db.code().code().to_owned(),
        message: db.message().to_owned(),
        detail: db.detail().map(str::to_owned),
        extras: extras.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect(),
    }))
}

/// A failure without structure.
pub fn text(message: String) -> Error {
    Error::QueryFailed(QueryError::Text(message))
}

/// The error with its causes on one line.
fn chain(error: &tokio_postgres::Error) -> String {
    let mut out = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !out.contains(&cause_text) {
            out.push_str(": ");
            out.push_str(&cause_text);
        }
        source = cause.source();
    }
    out
}
