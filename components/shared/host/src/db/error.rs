//! What can go wrong in the database, sorted by what a service does about it.

use spin_sdk::pg::{PgError, QueryError};

/// A failed statement. Nothing of it was kept: each statement is its own transaction.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    /// A constraint said no; its name decides what the client is told.
    #[error("constraint {name} ({sqlstate}) violated")]
    Constraint {
        /// The constraint's name; empty for NOT NULL violations (the column's name stands there instead, if known).
        name: String,
        /// SQLSTATE, class 23.
        sqlstate: String,
    },
    /// A SQL function raised an error of its own (SQLSTATE P0001, or class `SK`).
    #[error("raised {sqlstate}: {message}")]
    Raised {
        /// The function's SQLSTATE.
        sqlstate: String,
        /// The function's message.
        message: String,
    },
    /// Two statements got in each other's way (serialization failure or deadlock); trying again helps.
    #[error("conflicting statements ({0})")]
    Retry(String),
    /// The server is away, starting, stopping or full. The text is for the log only.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    /// A defect: wrong SQL, a wrong type, or data that the statement cannot take.
    #[error("database error: {0}")]
    Other(String),
}

impl DbError {
    /// Whether the constraint `name` was violated.
    pub fn is_constraint(&self, name: &str) -> bool {
        matches!(self, Self::Constraint { name: violated, .. } if violated == name)
    }

    /// Whether the same statement may succeed later without any change.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Retry(_))
    }
}

impl From<spin_sdk::pg::Error> for DbError {
    fn from(error: spin_sdk::pg::Error) -> Self {
        match error {
            spin_sdk::pg::Error::Decode(text) => Self::Other(text),
            spin_sdk::pg::Error::PgError(error) => error.into(),
        }
    }
}

impl From<PgError> for DbError {
    fn from(error: PgError) -> Self {
        match error {
            // The first line only: the rest can be a host backtrace.
            PgError::ConnectionFailed(text) => Self::Unavailable(first_line(&text)),
            // The statement and its parameters do not fit each other: a defect that no other try mends.
            PgError::QueryFailed(QueryError::Text(text)) if text.starts_with("error serializing parameter") => {
                Self::Other(first_line(&text))
            }
            PgError::QueryFailed(QueryError::Text(text)) => Self::Unavailable(first_line(&text)),
            PgError::QueryFailed(QueryError::DbError(error)) => {
                let extra = |name: &str| {
                    error.extras.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
                };
                sort(&error.code, &error.message, || {
                    Some(extra("constraint")).filter(|name| !name.is_empty()).unwrap_or_else(|| extra("column"))
                })
            }
            PgError::BadParameter(text) | PgError::ValueConversionFailed(text) | PgError::Other(text) => {
                Self::Other(first_line(&text))
            }
        }
    }
}

/// SQLSTATE classes: https://www.postgresql.org/docs/15/errcodes-appendix.html
fn sort(code: &str, message: &str, constraint: impl FnOnce() -> String) -> DbError {
    match code.get(..2).unwrap_or_default() {
        "23" => DbError::Constraint { name: constraint(), sqlstate: code.to_owned() },
        "SK" => DbError::Raised { sqlstate: code.to_owned(), message: message.to_owned() },
        "08" | "53" | "57" | "58" => DbError::Unavailable(format!("{code} {message}")),
        "40" => DbError::Retry(format!("{code} {message}")),
        _ if code == "P0001" => DbError::Raised { sqlstate: code.to_owned(), message: message.to_owned() },
        // 25006: a read-only transaction, as on a standby during a fail-over.
        _ if code == "25006" => DbError::Unavailable(format!("{code} {message}")),
        _ => DbError::Other(format!("{code} {message}")),
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlstates_are_sorted_by_what_to_do() {
        let verdict = |code: &str| sort(code, "m", || "c".to_owned());
        assert!(verdict("23505").is_constraint("c"));
        assert!(matches!(verdict("SK001"), DbError::Raised { .. }));
        assert!(matches!(verdict("P0001"), DbError::Raised { .. }));
        assert!(matches!(verdict("57P01"), DbError::Unavailable(_)));
        assert!(matches!(verdict("53300"), DbError::Unavailable(_)));
        assert!(matches!(verdict("40P01"), DbError::Retry(_)));
        assert!(matches!(verdict("42703"), DbError::Other(_)));
        assert!(matches!(verdict(""), DbError::Other(_)));
    }

    #[test]
    fn a_lost_connection_is_unavailable_and_keeps_one_line() {
        let unfit =
            "error serializing parameter 6: cannot convert between the Rust type `i64` and the Postgres type `int4`";
        let error = DbError::from(PgError::QueryFailed(QueryError::Text(unfit.to_owned())));
        assert_eq!(
            error,
            DbError::Other(unfit.to_owned()),
            "an event with such a statement must be parked, not tried for ever"
        );
        let error = DbError::from(PgError::ConnectionFailed("refused\nbacktrace".to_owned()));
        assert_eq!(error, DbError::Unavailable("refused".to_owned()));
    }
}
