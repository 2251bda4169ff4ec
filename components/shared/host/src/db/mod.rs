//! The service's own Postgres database, over the variable `pg_url`.
//!
//! One connection per instance, opened on first use and again after it failed. There is no BEGIN: each change is one
//! statement (a data-modifying CTE or a SQL function), since an instance's concurrent requests share the connection.

mod error;
pub mod p;
mod row;

pub use error::DbError;
pub use row::Row;

use crate::config;
use send_wrapper::SendWrapper;
use spin_sdk::pg::{Connection, ParameterValue};
use std::{cell::RefCell, future::Future, rc::Rc};

thread_local! {
    static CONNECTION: RefCell<Option<Rc<Connection>>> = const { RefCell::new(None) };
}

/// A handle on the database; costs nothing to copy.
#[derive(Debug, Clone, Copy)]
pub struct Db(());

impl Db {
    /// Opens the instance's connection unless it is open.
    pub fn connect() -> impl Future<Output = Result<Self, DbError>> + Send {
        SendWrapper::new(async {
            connection().await?;
            Ok(Self(()))
        })
    }

    /// All rows of `sql`.
    pub fn rows(
        self,
        sql: &str,
        params: Vec<ParameterValue>,
    ) -> impl Future<Output = Result<Vec<Row>, DbError>> + Send {
        let sql = sql.to_owned();
        SendWrapper::new(async move {
            let connection = connection().await?;
            let outcome = async {
                let (_, mut stream, end) = connection.query(sql, params).await?.into_inner();
                let mut rows = Vec::new();
                while let Some(values) = stream.next().await {
                    rows.push(Row::new(values));
                }
                end.await?;
                Ok::<_, spin_sdk::pg::Error>(rows)
            };
            outcome.await.map_err(forget_if_broken)
        })
    }

    /// The first row of `sql`, if any.
    pub async fn one(self, sql: &str, params: Vec<ParameterValue>) -> Result<Option<Row>, DbError> {
        Ok(self.rows(sql, params).await?.into_iter().next())
    }

    /// The first column of the first row as JSON text (a text or jsonb column), if there is a row and it is not null.
    pub async fn json(self, sql: &str, params: Vec<ParameterValue>) -> Result<Option<String>, DbError> {
        match self.one(sql, params).await? {
            Some(row) => row.json_opt(0),
            None => Ok(None),
        }
    }

    /// Runs `sql` and returns how many rows it touched.
    pub fn execute(self, sql: &str, params: Vec<ParameterValue>) -> impl Future<Output = Result<u64, DbError>> + Send {
        let sql = sql.to_owned();
        SendWrapper::new(async move {
            let connection = connection().await?;
            connection.execute(sql, params).await.map_err(forget_if_broken)
        })
    }
}

async fn connection() -> Result<Rc<Connection>, DbError> {
    if let Some(open) = CONNECTION.with_borrow(Clone::clone) {
        return Ok(open);
    }
    let url = config::get("pg_url").await.map_err(|_| DbError::Other("variable pg_url is missing".to_owned()))?;
    let opened = Rc::new(Connection::open(url).await.map_err(DbError::from)?);
    CONNECTION.set(Some(Rc::clone(&opened)));
    Ok(opened)
}

/// After a connection error the next call opens a new connection.
fn forget_if_broken(error: spin_sdk::pg::Error) -> DbError {
    let error = DbError::from(error);
    if matches!(error, DbError::Unavailable(_)) {
        CONNECTION.set(None);
    }
    error
}
