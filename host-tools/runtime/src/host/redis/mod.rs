//! `spin:redis`: commands over one multiplexed connection per address, shared by all instances. Replies come flattened
//! as Spin gives them, server errors as text. Commands that would change the shared connection for everybody else
//! (SUBSCRIBE, MULTI, blocking reads) are refused.

mod connections;
mod reply;

pub use connections::{Connections, check_address};

use crate::bindings::spin::redis::redis::{self, Error, Payload, RedisParameter, RedisResult};
use crate::guest::{Guest, Host};
use crate::host::{MAX_RESULT_BYTES, result_too_large};
use ::redis::{Cmd, FromRedisValue, Value};
use connections::Shared;
use std::sync::Arc;
use wasmtime::component::{Accessor, Resource};

/// What the guest holds after `open`.
pub struct Connection(Arc<Shared>);

impl redis::Host for Guest {}

impl redis::HostConnection for Guest {
    fn drop(&mut self, connection: Resource<Connection>) -> wasmtime::Result<()> {
        self.table.delete(connection)?;
        Ok(())
    }
}

type Answer<T> = wasmtime::Result<Result<T, Error>>;

fn other(error: impl std::fmt::Display) -> Error {
    Error::Other(error.to_string())
}

/// Sends one command and answers with the reply as `R`.
async fn call<T: Send, R: FromRedisValue>(
    accessor: &Accessor<T, Host>,
    connection: Resource<Connection>,
    command: Cmd,
) -> Answer<R> {
    Ok(match send(accessor, connection, command).await? {
        Ok(value) => ::redis::from_redis_value(value).map_err(other),
        Err(error) => Err(error),
    })
}

async fn send<T: Send>(accessor: &Accessor<T, Host>, connection: Resource<Connection>, command: Cmd) -> Answer<Value> {
    let (shared, span) = accessor.with(|mut access| {
        let guest = access.get();
        guest.shared.metrics.redis_commands.inc();
        let span = guest.trace.as_ref().map(|trace| trace.child(&format!("redis {}", name(&command))));
        wasmtime::error::Ok((guest.table.get(&connection)?.0.clone(), span))
    })?;
    let result = shared.send(&command).await;
    if let Some(span) = span {
        span.end(result.as_ref().err().map(ToString::to_string));
    }
    Ok(match result {
        Ok(value) if reply::size(&value) > MAX_RESULT_BYTES => Err(Error::Other(result_too_large())),
        result => result.map_err(other),
    })
}

/// The command's own name, which is safe to record; its arguments are not.
fn name(command: &Cmd) -> String {
    match command.args_iter().next() {
        Some(::redis::Arg::Simple(bytes)) => String::from_utf8_lossy(bytes).to_ascii_uppercase(),
        _ => String::new(),
    }
}

impl redis::HostConnectionWithStore for Host {
    async fn open<T: Send>(accessor: &Accessor<T, Self>, address: String) -> Answer<Resource<Connection>> {
        let shared = accessor.with(|mut access| {
            let guest = access.get();
            let (host, port) = connections::host_and_port(&address)?;
            if !guest.shared.allowed_hosts.allows("redis", &host, port) {
                tracing::warn!(
                    component = guest.shared.id,
                    "connection to redis://{host}:{port} denied; allow it in allowed_outbound_hosts"
                );
                return None;
            }
            guest.shared.redis.get(&address)
        });
        let Some(shared) = shared else { return Ok(Err(Error::InvalidAddress)) };
        if let Err(error) = shared.connected().await {
            return Ok(Err(other(error)));
        }
        let resource = accessor.with(|mut access| access.get().table.push(Connection(shared)))?;
        Ok(Ok(resource))
    }

    async fn publish<T: Send>(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        channel: String,
        payload: Payload,
    ) -> Answer<()> {
        Ok(send(accessor, connection, Cmd::new().arg("PUBLISH").arg(channel).arg(payload).take()).await?.map(drop))
    }

    async fn get<T: Send>(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        key: String,
    ) -> Answer<Option<Payload>> {
        call(accessor, connection, Cmd::new().arg("GET").arg(key).take()).await
    }

    async fn set<T: Send>(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        key: String,
        value: Payload,
    ) -> Answer<()> {
        Ok(send(accessor, connection, Cmd::new().arg("SET").arg(key).arg(value).take()).await?.map(drop))
    }

    async fn incr<T: Send>(accessor: &Accessor<T, Self>, connection: Resource<Connection>, key: String) -> Answer<i64> {
        call(accessor, connection, Cmd::new().arg("INCRBY").arg(key).arg(1).take()).await
    }

    async fn del<T: Send>(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        keys: Vec<String>,
    ) -> Answer<u32> {
        call(accessor, connection, Cmd::new().arg("DEL").arg(keys).take()).await
    }

    async fn sadd<T: Send>(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        key: String,
        values: Vec<String>,
    ) -> Answer<u32> {
        call(accessor, connection, Cmd::new().arg("SADD").arg(key).arg(values).take()).await
    }

    async fn smembers<T: Send>(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        key: String,
    ) -> Answer<Vec<String>> {
        call(accessor, connection, Cmd::new().arg("SMEMBERS").arg(key).take()).await
    }

    async fn srem<T: Send>(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        key: String,
        values: Vec<String>,
    ) -> Answer<u32> {
        call(accessor, connection, Cmd::new().arg("SREM").arg(key).arg(values).take()).await
    }

    async fn execute<T: Send>(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        command: String,
        arguments: Vec<RedisParameter>,
    ) -> Answer<Vec<RedisResult>> {
        if let Err(why) = reply::check_command(&command, &arguments) {
            return Ok(Err(Error::Other(why)));
        }
        let mut cmd = Cmd::new();
        cmd.arg(command);
        for argument in arguments {
            match argument {
                RedisParameter::Int64(value) => cmd.arg(value),
                RedisParameter::Binary(value) => cmd.arg(value),
            };
        }
        Ok(send(accessor, connection, cmd).await?.and_then(reply::flatten))
    }
}
