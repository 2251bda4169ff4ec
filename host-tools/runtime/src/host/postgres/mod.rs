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

    fn drop(&mut self, builder: Resource<ConnectionBuilder>) -> wasmtime::Result<()> {
        self.table.delete(builder)?;
        Ok(())
    }
}

impl postgres::HostConnectionBuilderWithStore for Host {
    async fn build<T: Send>(
        accessor: &Accessor<T, Self>,
        builder: Resource<ConnectionBuilder>,
    ) -> Outcome<Resource<Connection>> {
        let (address, ca_root) = accessor.with(|mut access| {
            let builder = access.get().table.get(&builder)?;
            wasmtime::error::Ok((builder.address.clone(), builder.ca_root))
        })?;
        if ca_root {
            let message = "TLS to Postgres is not supported by this runtime";
            return Ok(Err(Error::ConnectionFailed(message.to_owned())));
        }
        open(accessor, address).await
    }

    async fn build_async<T: Send>(
        accessor: &Accessor<T, Self>,
        builder: Resource<ConnectionBuilder>,
    ) -> Outcome<Resource<Connection>> {
        <Self as postgres::HostConnectionBuilderWithStore>::build(accessor, builder).await
    }
}

impl postgres::HostConnectionWithStore for Host {
    async fn open<T: Send>(accessor: &Accessor<T, Self>, address: String) -> Outcome<Resource<Connection>> {
        open(accessor, address).await
    }

    async fn open_async<T: Send>(accessor: &Accessor<T, Self>, address: String) -> Outcome<Resource<Connection>> {
        open(accessor, address).await
    }

    async fn query<T: Send>(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        statement: String,
        params: Vec<ParameterValue>,
    ) -> Outcome<RowSet> {
        let answer = match run_query(accessor, connection, statement, params).await? {
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

    async fn query_async<T: Send>(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        statement: String,
        params: Vec<ParameterValue>,
    ) -> Outcome<(Vec<Column>, StreamReader<Row>, FutureReader<Result<(), Error>>)> {
        let answer = match run_query(accessor, connection, statement, params).await? {
            Ok(answer) => answer,
            Err(error) => return Ok(Err(error)),
        };
        let (rows, end) = accessor.with(|access| stream::readers(access, answer.rows, answer.end))?;
        Ok(Ok((answer.columns, rows, end)))
    }

    async fn execute<T: Send>(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        statement: String,
        params: Vec<ParameterValue>,
    ) -> Outcome<u64> {
        let (session, span) = begin(accessor, &connection, &statement)?;
        let result = match convert(params) {
            Ok(params) => session.execute(&statement, &params).await,
            Err(error) => Err(error),
        };
        end(span, result.as_ref().err());
        Ok(result)
    }

    async fn execute_async<T: Send>(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        statement: String,
        params: Vec<ParameterValue>,
    ) -> Outcome<u64> {
        <Self as postgres::HostConnectionWithStore>::execute(accessor, connection, statement, params).await
    }
}

async fn open<T: Send>(accessor: &Accessor<T, Host>, address: String) -> Outcome<Resource<Connection>> {
    let pool = accessor.with(|mut access| {
        let shared = access.get().shared.clone();
        let pool = shared.postgres.get(&address).map_err(Error::ConnectionFailed)?;
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
    });
    let pool = match pool {
        Ok(pool) => pool,
        Err(error) => return Ok(Err(error)),
    };
    if let Err(error) = pool.check().await {
        return Ok(Err(error));
    }
    let connection = Connection(Arc::new(Session::new(pool)));
    Ok(Ok(accessor.with(|mut access| access.get().table.push(connection))?))
}

/// The session behind the guest's resource, and a span for the statement when the request is traced.
fn begin<T: Send>(
    accessor: &Accessor<T, Host>,
    connection: &Resource<Connection>,
    statement: &str,
) -> wasmtime::Result<(Arc<Session>, Option<telemetry::Span>)> {
    accessor.with(|mut access| {
        let guest = access.get();
        guest.shared.metrics.pg_statements.inc();
        let span = guest.trace.as_ref().map(|trace| trace.child(&telemetry::sql_name(statement)));
        Ok((guest.table.get(connection)?.0.clone(), span))
    })
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

async fn run_query<T: Send>(
    accessor: &Accessor<T, Host>,
    connection: Resource<Connection>,
    statement: String,
    params: Vec<ParameterValue>,
) -> Outcome<Answer> {
    let (session, span) = begin(accessor, &connection, &statement)?;
    let result = match convert(params) {
        Ok(params) => session.query(&statement, &params).await,
        Err(error) => Err(error),
    };
    end(span, result.as_ref().err());
    Ok(result)
}

fn convert(params: Vec<ParameterValue>) -> Result<Vec<Param>, Error> {
    params.into_iter().map(Param::from_guest).collect::<Result<_, _>>().map_err(Error::BadParameter)
}
