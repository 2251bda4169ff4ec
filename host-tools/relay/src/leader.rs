//! Leadership of one database: a Postgres session that holds an advisory lock, and is the only one to read and
//! delete outbox rows. When the session ends, so does leadership.

use std::time::Duration;
use tokio_postgres::{Client, Config, NoTls, Row, Statement};
use tokio_util::sync::CancellationToken;

/// "soukrlay" in ASCII. Advisory locks are local to a database.
const LOCK: i64 = 0x736f_756b_726c_6179;
const TRY_EVERY: Duration = Duration::from_millis(500);
/// A statement that takes longer means that the server or the way to it is gone.
const STATEMENT_DEADLINE: Duration = Duration::from_secs(10);

/// Why a session ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SessionError {
    #[error("{}", database_message(.0))]
    Database(#[from] tokio_postgres::Error),
    #[error("the database did not answer within {} s", STATEMENT_DEADLINE.as_secs())]
    Silent,
    #[error("the connection to the database ended, and leadership with it")]
    Lost,
}

/// Postgres's own message is in the source, not in the error's text.
fn database_message(error: &tokio_postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// A session with one database, not yet or already its leader.
pub(crate) struct Session {
    client: Client,
    ended: CancellationToken,
}

impl Session {
    pub(crate) async fn open(url: &str) -> Result<Self, SessionError> {
        let mut config: Config = url.parse()?;
        config.application_name("souk-relay").connect_timeout(Duration::from_secs(3));
        config.keepalives_idle(Duration::from_secs(5));
        let (client, connection) = config.connect(NoTls).await?;
        let ended = CancellationToken::new();
        let guard = ended.clone().drop_guard();
        tokio::spawn(async move {
            // The reason reaches the statement that fails with it.
            let _ = connection.await;
            drop(guard);
        });
        // Deletes need not survive a crash of Postgres (the rows would be published again), so commits do not wait for
        // the disk. A relay whose machine vanished must not hold the lock for the system's two hours.
        client
            .batch_execute(
                "SET synchronous_commit = off; SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; \
                 SET tcp_keepalives_count = 3; SET statement_timeout = '10s'",
            )
            .await?;
        Ok(Self { client, ended })
    }

    /// Waits for the lock.
    pub(crate) async fn lead(self) -> Result<Leader, SessionError> {
        let try_lock = self.client.prepare("SELECT pg_try_advisory_lock($1)").await?;
        loop {
            let row = timely(self.client.query_one(&try_lock, &[&LOCK])).await?;
            if row.try_get::<_, bool>(0)? {
                break;
            }
            tokio::select! {
                () = self.ended.cancelled() => return Err(SessionError::Lost),
                () = tokio::time::sleep(TRY_EVERY) => {}
            }
        }
        let select = self.client.prepare("SELECT id, stream, event::text FROM outbox ORDER BY id LIMIT $1").await?;
        let delete = self.client.prepare("DELETE FROM outbox WHERE id = ANY($1)").await?;
        // Bounded, so that a look at a large backlog stays cheap.
        let depth = self
            .client
            .prepare(
                "SELECT (SELECT count(*) FROM (SELECT FROM outbox LIMIT 100000) AS bounded), \
                 (SELECT extract(epoch FROM clock_timestamp() - created_at)::float8 FROM outbox ORDER BY id LIMIT 1)",
            )
            .await?;
        Ok(Leader { session: self, select, delete, depth })
    }
}

/// One event on its way.
#[derive(Debug)]
pub(crate) struct OutboxRow {
    pub(crate) id: i64,
    pub(crate) stream: String,
    pub(crate) event: String,
}

/// How much waits in an outbox.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Depth {
    pub(crate) rows: i64,
    pub(crate) oldest_age_s: f64,
}

/// A session that holds the lock.
pub(crate) struct Leader {
    session: Session,
    select: Statement,
    delete: Statement,
    depth: Statement,
}

impl Leader {
    /// Ends when the connection, and with it leadership, has ended.
    pub(crate) async fn lost(&self) {
        self.session.ended.cancelled().await;
    }

    /// The oldest `limit` rows, oldest first.
    pub(crate) async fn read(&self, limit: u32) -> Result<Vec<OutboxRow>, SessionError> {
        let rows = timely(self.session.client.query(&self.select, &[&i64::from(limit)])).await?;
        rows.iter().map(outbox_row).collect::<Result<_, _>>().map_err(SessionError::from)
    }

    /// Deletes published rows.
    pub(crate) async fn delete(&self, ids: &[i64]) -> Result<(), SessionError> {
        timely(self.session.client.execute(&self.delete, &[&ids])).await.map(|_| ())
    }

    pub(crate) async fn depth(&self) -> Result<Depth, SessionError> {
        let row = timely(self.session.client.query_one(&self.depth, &[])).await?;
        let oldest_age_s: Option<f64> = row.try_get(1)?;
        Ok(Depth { rows: row.try_get(0)?, oldest_age_s: oldest_age_s.unwrap_or(0.0).max(0.0) })
    }
}

fn outbox_row(row: &Row) -> Result<OutboxRow, tokio_postgres::Error> {
    Ok(OutboxRow { id: row.try_get(0)?, stream: row.try_get(1)?, event: row.try_get(2)? })
}

async fn timely<T>(statement: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Result<T, SessionError> {
    match tokio::time::timeout(STATEMENT_DEADLINE, statement).await {
        Ok(result) => result.map_err(SessionError::from),
        Err(_) => Err(SessionError::Silent),
    }
}
