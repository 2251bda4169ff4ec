//! One row of a result, read by column position.

use super::DbError;
use spin_sdk::pg::DbValue;
use uuid::Uuid;

/// A row's values in the order of the statement's columns.
#[derive(Debug)]
pub struct Row(Vec<DbValue>);

impl Row {
    /// A row of these values.
    pub fn new(values: Vec<DbValue>) -> Self {
        Self(values)
    }

    /// A text column.
    pub fn text(&self, column: usize) -> Result<String, DbError> {
        self.text_opt(column)?.ok_or_else(|| null(column))
    }

    /// A text column that may be null.
    pub fn text_opt(&self, column: usize) -> Result<Option<String>, DbError> {
        match self.value(column)? {
            DbValue::DbNull => Ok(None),
            DbValue::Str(text) | DbValue::Uuid(text) | DbValue::Decimal(text) => Ok(Some(text.clone())),
            other => Err(mismatch(column, "text", other)),
        }
    }

    /// An int2, int4 or int8 column.
    pub fn int(&self, column: usize) -> Result<i64, DbError> {
        self.int_opt(column)?.ok_or_else(|| null(column))
    }

    /// An integer column that may be null.
    pub fn int_opt(&self, column: usize) -> Result<Option<i64>, DbError> {
        match self.value(column)? {
            DbValue::DbNull => Ok(None),
            DbValue::Int16(n) => Ok(Some(i64::from(*n))),
            DbValue::Int32(n) => Ok(Some(i64::from(*n))),
            DbValue::Int64(n) => Ok(Some(*n)),
            other => Err(mismatch(column, "an integer", other)),
        }
    }

    /// A bool column.
    pub fn bool(&self, column: usize) -> Result<bool, DbError> {
        match self.value(column)? {
            DbValue::Boolean(value) => Ok(*value),
            other => Err(mismatch(column, "bool", other)),
        }
    }

    /// A uuid column.
    pub fn uuid(&self, column: usize) -> Result<Uuid, DbError> {
        self.uuid_opt(column)?.ok_or_else(|| null(column))
    }

    /// A uuid column that may be null.
    pub fn uuid_opt(&self, column: usize) -> Result<Option<Uuid>, DbError> {
        match self.value(column)? {
            DbValue::DbNull => Ok(None),
            value @ DbValue::Uuid(text) => Uuid::parse_str(text).map(Some).map_err(|_| mismatch(column, "uuid", value)),
            other => Err(mismatch(column, "uuid", other)),
        }
    }

    /// A bytea column.
    pub fn bytes(&self, column: usize) -> Result<Vec<u8>, DbError> {
        match self.value(column)? {
            DbValue::Binary(bytes) => Ok(bytes.clone()),
            other => Err(mismatch(column, "bytea", other)),
        }
    }

    /// A jsonb or text column that holds JSON, as JSON text.
    pub fn json(&self, column: usize) -> Result<String, DbError> {
        self.json_opt(column)?.ok_or_else(|| null(column))
    }

    /// A jsonb or text column that may be null, as JSON text.
    pub fn json_opt(&self, column: usize) -> Result<Option<String>, DbError> {
        match self.value(column)? {
            DbValue::DbNull => Ok(None),
            DbValue::Str(text) => Ok(Some(text.clone())),
            value @ DbValue::Jsonb(bytes) => {
                String::from_utf8(bytes.clone()).map(Some).map_err(|_| mismatch(column, "UTF-8 JSON", value))
            }
            other => Err(mismatch(column, "JSON", other)),
        }
    }

    fn value(&self, column: usize) -> Result<&DbValue, DbError> {
        self.0.get(column).ok_or_else(|| DbError::Other(format!("the row has no column {column}")))
    }
}

fn null(column: usize) -> DbError {
    DbError::Other(format!("column {column} is null"))
}

/// Names the kind of the value, never the value itself: it may be personal data. By hand, since the derived `Debug` of
/// a value brings the formatting of every kind into each component.
fn mismatch(column: usize, wanted: &str, value: &DbValue) -> DbError {
    let kind = match value {
        DbValue::DbNull => "null",
        DbValue::Boolean(_) => "bool",
        DbValue::Int16(_) | DbValue::Int32(_) | DbValue::Int64(_) => "an integer",
        DbValue::Str(_) => "text",
        DbValue::Uuid(_) => "uuid",
        DbValue::Jsonb(_) => "jsonb",
        DbValue::Unsupported(_) => "a type that the host cannot read",
        _ => "another type",
    };
    DbError::Other(format!("column {column}: wanted {wanted}, got {kind}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_out_as_their_kind_only() {
        let row = Row::new(vec![DbValue::Int32(7), DbValue::Str("secret".into()), DbValue::DbNull]);
        assert_eq!(row.int(0), Ok(7));
        assert_eq!(row.text(1), Ok("secret".to_owned()));
        assert_eq!(row.text_opt(2), Ok(None));
        assert!(row.text(2).is_err());
        assert!(row.int(3).is_err());
        let error = row.int(1).unwrap_err().to_string();
        assert!(!error.contains("secret"), "{error}");
    }
}
