//! Brings each service's database to the schema that this build knows. The shared part (outbox, inbox) comes first and
//! has a history table of its own, so that a service's version numbers are its own business.

use refinery::error::Kind;
use refinery::{Migration, Runner};
use serde::Serialize;
use tokio_postgres::Client;

use crate::databases::database_of;
use crate::error::{LocalError, Result, postgres_message};

/// `(service or "platform", [(file name without .sql, text)])`, made by build.rs.
const EMBEDDED: &[(&str, &[(&str, &str)])] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));
/// Two commands that migrate at once take turns.
const LOCK: &str = "SELECT pg_advisory_lock(hashtext('souk migrate'))";

/// One migration that was applied.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Migrated {
    /// In whose database.
    pub service: String,
    /// The file's name without `.sql`; those of the shared part begin with `platform/`.
    pub migration: String,
}

/// Applies what is missing to one service's database, as its owner.
pub(crate) async fn apply(client: &mut Client, service: &str) -> Result<Vec<Migrated>> {
    client
        .batch_execute(LOCK)
        .await
        .map_err(|e| LocalError::Database { database: database_of(service), message: postgres_message(&e) })?;
    let mut applied = run(client, service, "platform", "refinery_platform").await?;
    applied.append(&mut run(client, service, service, "refinery_schema_history").await?);
    Ok(applied)
}

async fn run(client: &mut Client, service: &str, part: &str, history: &str) -> Result<Vec<Migrated>> {
    let files = EMBEDDED.iter().find(|(name, _)| *name == part).map(|(_, files)| *files).unwrap_or_default();
    let migrations = files
        .iter()
        .map(|(name, sql)| Migration::unapplied(name, sql))
        .collect::<std::result::Result<Vec<_>, _>>()
        .map_err(|e| explain(service, part, &e))?;
    let mut runner = Runner::new(&migrations);
    runner.set_migration_table_name(history);
    let report = runner.run_async(client).await.map_err(|e| explain(service, part, &e))?;
    Ok(report
        .applied_migrations()
        .iter()
        .map(|m| Migrated { service: service.to_owned(), migration: label(service, part, m) })
        .collect())
}

fn explain(service: &str, part: &str, error: &refinery::Error) -> LocalError {
    let service_name = service.to_owned();
    match error.kind() {
        Kind::DivergentVersion(applied, _) => {
            LocalError::MigrationEdited { service: service_name, migration: label(service, part, applied) }
        }
        Kind::MissingVersion(applied) => {
            LocalError::MigrationUnknown { service: service_name, migration: label(service, part, applied) }
        }
        Kind::Connection(what, source) => {
            let detail = source.downcast_ref().map_or_else(|| source.to_string(), postgres_message);
            LocalError::Database { database: database_of(service), message: format!("{what}: {detail}") }
        }
        _ => LocalError::Database { database: database_of(service), message: error.to_string() },
    }
}

fn label(service: &str, part: &str, migration: &Migration) -> String {
    let name = format!("V{}__{}", migration.version(), migration.name());
    if part == service { name } else { format!("{part}/{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_migration_has_a_name_that_orders_it() {
        assert_eq!(EMBEDDED.first().unwrap().0, "platform");
        assert!(!EMBEDDED.first().unwrap().1.is_empty());
        for (part, files) in EMBEDDED {
            for (name, sql) in *files {
                let parsed = Migration::unapplied(name, sql);
                assert!(parsed.is_ok(), "{part}/{name} is not named V<number>__<what>.sql");
            }
        }
    }

    #[test]
    fn an_edited_migration_is_explained_with_its_name() {
        let edited = Migration::unapplied("V2__prices", "SELECT 1").unwrap();
        assert_eq!(label("order", "order", &edited), "V2__prices");
        assert_eq!(label("order", "platform", &edited), "platform/V2__prices");
    }
}
