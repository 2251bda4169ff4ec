//! `spin:postgres`: the guest's side of it. `open` yields a resource that stands for an address; each statement borrows
//! a pooled connection, so that guests may keep the resource for as long as they live.

mod error;
mod params;
mod pool;
mod range;
mod rows;
mod session;
mod statement;
mod stream;

use pool::Pool;
pub use pool::Pools;

use crate::bindings::spin::postgres::postgres::{self, Column, Error, ParameterValue, Row, RowSet};
use crate::guest::{Guest, Host};
use crate::telemetry;
use params::Param;
use statement::{Answer, End, Session};
use std::sync::Arc;
use wasmtime::component::{Accessor, FutureReader, Resource, StreamReader};

/// What the guest holds after `open`.
pub struct Connection(Arc<Session>);

/// What the guest holds while it sets options for a connection.
pub struct ConnectionBuilder {
    address: String,
    ca_root: bool,
}

type Outcome<T> = wasmtime::Result<Result<T, Error>>;

impl postgres::Host for Guest {}

impl postgres::HostConnection for Guest {
    async fn open(&mut self, address: String) -> Outcome<Resource<Connection>> {
        match reach(self, &address) {
            Ok(pool) => match pool.check().await {
                Ok(()) => Ok(Ok(self.table.push(Connection::over(pool))?)),
                Err(error) => Ok(Err(error)),
            },
            Err(error) => Ok(Err(error)),
        }
    }

    async fn query(
        &mut self,
        connection: Resource<Connection>,
        statement: String,
        params: Vec<ParameterValue>,
    ) -> Outcome<RowSet> {
        let begun = begin(self, &connection, &statement)?;
        let answer = match query(begun, &statement, params).await {
            Ok(answer) => answer,
            Err(error) => return Ok(Err(error)),
        };
        let mut rows = answer.rows;
        let end = match answer.end {
            End::Done(end) => end,
            End::More(mut rest) => rest.drain(&mut rows).await,
        };
        Ok(end.map(|()| RowSet { columns: answer.columns, rows }))
    }

    async fn execute(
        &mut self,
        connection: Resource<Connection>,
        statement: String,
        params: Vec<ParameterValue>,
    ) -> Outcome<u64> {
        let begun = begin(self, &connection, &statement)?;
        Ok(execute(begun, &statement, params).await)
    }

    fn drop(&mut self, connection: Resource<Connection>) -> wasmtime::Result<()> {
        self.table.delete(connection)?;
        Ok(())
    }
}

impl postgres::HostConnectionBuilder for Guest {
    fn new(&mut self, address: String) -> wasmtime::Result<Resource<ConnectionBuilder>> {
        Ok(self.table.push(ConnectionBuilder { address, ca_root: false })?)
    }

    fn set_ca_root(&mut self, builder: Resource<ConnectionBuilder>, _: String) -> Outcome<()> {
        self.table.get_mut(&builder)?.ca_root = true;
        Ok(Ok(()))
    }

    async fn build(&mut self, builder: Resource<ConnectionBuilder>) -> Outcome<Resource<Connection>> {
        match self.table.get(&builder)?.address() {
            Ok(address) => <Self as postgres::HostConnection>::open(self, address).await,
            Err(error) => Ok(Err(error)),
        }
    }

    fn drop(&mut self, builder: Resource<ConnectionBuilder>) -> wasmtime::Result<()> {
        self.table.delete(builder)?;
        Ok(())
    }
}

impl Connection {
    fn over(pool: Arc<Pool>) -> Self {
        Self(Arc::new(Session::new(pool)))
    }
}

impl ConnectionBuilder {
    /// What to connect to, when it can be done as asked.
    fn address(&self) -> Result<String, Error> {
        if self.ca_root {
            return Err(Error::ConnectionFailed("TLS to Postgres is not supported by this runtime".to_owned()));
        }
        Ok(self.address.clone())
    }
}

impl postgres::HostConnectionBuilderWithStore for Host {
    async fn build_async<T: Send>(
        accessor: &Accessor<T, Self>,
        builder: Resource<ConnectionBuilder>,
    ) -> Outcome<Resource<Connection>> {
        let address = accessor.with(|mut access| wasmtime::error::Ok(access.get().table.get(&builder)?.address()))?;
        match address {
            Ok(address) => <Self as postgres::HostConnectionWithStore>::open_async(accessor, address).await,
            Err(error) => Ok(Err(error)),
        }
    }
}

impl postgres::HostConnectionWithStore for Host {
    async fn open_async<T: Send>(accessor: &Accessor<T, Self>, address: String) -> Outcome<Resource<Connection>> {
        let pool = match accessor.with(|mut access| reach(access.get(), &address)) {
            Ok(pool) => pool,
            Err(error) => return Ok(Err(error)),
        };
        if let Err(error) = pool.check().await {
            return Ok(Err(error));
        }
        Ok(Ok(accessor.with(|mut access| access.get().table.push(Connection::over(pool)))?))
    }

    async fn query_async<T: Send>(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        statement: String,
        params: Vec<ParameterValue>,
    ) -> Outcome<(Vec<Column>, StreamReader<Row>, FutureReader<Result<(), Error>>)> {
        let begun = accessor.with(|mut access| begin(access.get(), &connection, &statement))?;
        let answer = match query(begun, &statement, params).await {
            Ok(answer) => answer,
            Err(error) => return Ok(Err(error)),
        };
        let (rows, end) = accessor.with(|access| stream::readers(access, answer.rows, answer.end))?;
        Ok(Ok((answer.columns, rows, end)))
    }

    async fn execute_async<T: Send>(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        statement: String,
        params: Vec<ParameterValue>,
    ) -> Outcome<u64> {
        let begun = accessor.with(|mut access| begin(access.get(), &connection, &statement))?;
        Ok(execute(begun, &statement, params).await)
    }
}

/// The pool for an address, when the component may connect to it.
fn reach(guest: &Guest, address: &str) -> Result<Arc<Pool>, Error> {
    let shared = &guest.shared;
    let pool = shared.postgres.get(address).map_err(Error::ConnectionFailed)?;
    for (host, port) in &pool.targets {
        if !shared.allowed_hosts.allows("postgres", host, *port) {
            tracing::warn!(
                component = shared.id,
                "connection to postgres://{host}:{port} denied; allow it in allowed_outbound_hosts"
            );
            return Err(Error::ConnectionFailed(format!("address postgres://{host}:{port} is not permitted")));
        }
    }
    Ok(pool)
}

/// A statement's session, and its span when the request is traced.
type Begun = (Arc<Session>, Option<telemetry::Span>);

fn begin(guest: &Guest, connection: &Resource<Connection>, statement: &str) -> wasmtime::Result<Begun> {
    guest.shared.metrics.pg_statements.inc();
    let span = guest.trace.as_ref().map(|trace| trace.child(&telemetry::sql_name(statement)));
    Ok((guest.table.get(connection)?.0.clone(), span))
}

async fn query((session, span): Begun, statement: &str, params: Vec<ParameterValue>) -> Result<Answer, Error> {
    let result = match convert(params) {
        Ok(params) => session.query(statement, &params).await,
        Err(error) => Err(error),
    };
    end(span, result.as_ref().err());
    result
}

async fn execute((session, span): Begun, statement: &str, params: Vec<ParameterValue>) -> Result<u64, Error> {
    let result = match convert(params) {
        Ok(params) => session.execute(statement, &params).await,
        Err(error) => Err(error),
    };
    end(span, result.as_ref().err());
    result
}

fn end(span: Option<telemetry::Span>, error: Option<&Error>) {
    if let Some(span) = span {
        // The error's text may quote values, so only its kind is recorded.
        span.end(error.map(|error| match error {
            Error::QueryFailed(postgres::QueryError::DbError(db)) => format!("SQLSTATE {}", db.code),
            Error::ConnectionFailed(_) => "connection failed".to_owned(),
            _ => "failed".to_owned(),
        }));
    }
}

fn convert(params: Vec<ParameterValue>) -> Result<Vec<Param>, Error> {
    params.into_iter().map(Param::from_guest).collect::<Result<_, _>>().map_err(Error::BadParameter)
}
