//! One database and one login role for each service, and the relay's role, which may empty outboxes and nothing else.

use std::collections::HashSet;

use tokio_postgres::{Client, Config, NoTls};

use crate::error::{LocalError, Result, postgres_message};
use crate::secrets::Secrets;
use crate::server_url::PostgresServer;

include!("services.rs");

/// The relay's login role.
pub(crate) const RELAY_ROLE: &str = "souk_relay";

/// The database of a service; its login role has the same name.
pub(crate) fn database_of(service: &str) -> String {
    format!("souk_{service}")
}

/// Opens a connection; its task ends with the client.
pub(crate) async fn connect(server: &PostgresServer, user: &str, password: &str, database: &str) -> Result<Client> {
    try_connect(server, user, password, database).await.map_err(|e| LocalError::Database {
        database: format!("{database} at {}", server.address()),
        message: postgres_message(&e),
    })
}

/// [`connect`] with Postgres' own error, for callers that wait for a server to come up.
pub(crate) async fn try_connect(
    server: &PostgresServer,
    user: &str,
    password: &str,
    database: &str,
) -> std::result::Result<Client, tokio_postgres::Error> {
    let mut config = Config::new();
    config.host(&server.host).port(server.port).user(user).password(password).dbname(database);
    config.application_name("souk").connect_timeout(std::time::Duration::from_secs(5));
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// Creates what is missing of databases and roles, and sets every password to the one in `secrets`.
pub(crate) async fn ensure(server: &PostgresServer, secrets: &Secrets) -> Result<()> {
    let client = connect(server, &server.user, &server.password, &server.database).await?;
    let failed = |e: tokio_postgres::Error| LocalError::Database {
        database: server.database.clone(),
        message: format!("{} (as {}, who needs CREATEDB and CREATEROLE)", postgres_message(&e), server.user),
    };
    let names = |sql: &'static str| {
        let client = &client;
        async move {
            let rows = client.query(sql, &[]).await.map_err(failed)?;
            Ok::<HashSet<String>, LocalError>(rows.iter().filter_map(|row| row.try_get(0).ok()).collect())
        }
    };
    let roles = names("SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'souk\\_%'").await?;
    let databases = names("SELECT datname::text FROM pg_database WHERE datname LIKE 'souk\\_%'").await?;
    let superuser = names("SELECT rolname::text FROM pg_roles WHERE rolname = current_user AND rolsuper").await?;

    let logins = SERVICES.iter().map(|service| (database_of(service), secrets.service(service)));
    for (role, password) in logins.chain([(RELAY_ROLE.to_owned(), secrets.relay.as_str())]) {
        let verb = if roles.contains(&role) { "ALTER" } else { "CREATE" };
        client.batch_execute(&format!("{verb} ROLE {role} LOGIN PASSWORD '{password}'")).await.map_err(failed)?;
    }
    for name in SERVICES.map(database_of) {
        if databases.contains(&name) {
            continue;
        }
        if superuser.is_empty() {
            // Only a member of a role can make it the owner of something.
            client.batch_execute(&format!("GRANT {name} TO CURRENT_USER")).await.map_err(failed)?;
        }
        client
            .batch_execute(&format!("CREATE DATABASE {name} OWNER {name} TEMPLATE template0 ENCODING 'UTF8'"))
            .await
            .map_err(failed)?;
    }
    Ok(())
}

/// As the owner of its database: UTC, nobody else may connect, and the relay may read and empty the outbox.
pub(crate) async fn restrict(client: &Client, service: &str) -> Result<()> {
    let name = database_of(service);
    let sql = format!(
        "ALTER DATABASE {name} SET timezone TO 'UTC';
         REVOKE ALL ON DATABASE {name} FROM PUBLIC;
         GRANT CONNECT ON DATABASE {name} TO {RELAY_ROLE};
         GRANT USAGE ON SCHEMA public TO {RELAY_ROLE};
         GRANT SELECT, DELETE ON outbox TO {RELAY_ROLE};"
    );
    client.batch_execute(&sql).await.map_err(|e| LocalError::Database { database: name, message: postgres_message(&e) })
}
