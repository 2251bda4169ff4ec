//! Read-only connections to every database, and to Redis.

use anyhow::{Context, Result};
use redis::aio::MultiplexedConnection;
use souk_local::{Environment, SERVICES, Topology};
use tokio_postgres::{Client, Row};

use super::outcome::Outcome;
use crate::drained::Pipes;

pub struct Sources {
    pub topology: Topology,
    pub redis: MultiplexedConnection,
    pub pipes: Pipes,
    databases: Vec<(&'static str, Client)>,
}

impl Sources {
    pub async fn open(environment: &Environment) -> Result<Self> {
        let mut databases = Vec::new();
        for service in SERVICES {
            let client = environment
                .connect(service)
                .await
                .map_err(|error| anyhow::anyhow!("{error}: is the shop up? (`souk up`)"))?;
            client.batch_execute("SET default_transaction_read_only = on").await?;
            databases.push((service, client));
        }
        Ok(Self {
            topology: Topology::load(&environment.settings().project)?,
            redis: environment.connect_redis().await?,
            pipes: Pipes::open(environment).await?,
            databases,
        })
    }

    pub async fn rows(&self, service: &str, sql: &str) -> Result<Vec<Row>> {
        let (_, client) = self
            .databases
            .iter()
            .find(|(name, _)| *name == service)
            .with_context(|| format!("no database of {service}"))?;
        client.query(sql, &[]).await.with_context(|| format!("reading the database of {service}"))
    }

    /// The first column of the only row.
    pub async fn count(&self, service: &str, sql: &str) -> Result<i64> {
        let rows = self.rows(service, sql).await?;
        Ok(rows.first().context("no row")?.try_get(0)?)
    }

    /// Runs a statement that yields `checked`, `keys` and `details`.
    pub async fn outcome(&self, service: &str, sql: &str) -> Result<Outcome> {
        let rows = self.rows(service, sql).await?;
        let row = rows.first().context("no row")?;
        let (keys, details): (Vec<String>, Vec<String>) = (row.try_get("keys")?, row.try_get("details")?);
        let checked = u64::try_from(row.try_get::<_, i64>("checked")?)?;
        Ok(Outcome { checked, offenders: keys.into_iter().zip(details).collect() })
    }
}
