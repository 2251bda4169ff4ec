//! Running one statement for a guest: on a pooled connection, or on the one that stays with the guest's resource while
//! it has a transaction open or has changed its session.

use super::error::{query_failed, text};
use super::params::Param;
use super::pool::{Lease, Pool, Prepared};
use super::rows;
use super::session::Effect;
use crate::bindings::spin::postgres::postgres::{Column, DbValue, Error};
use crate::host::{MAX_RESULT_BYTES, result_too_large};
use futures::{StreamExt, TryStreamExt};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio_postgres::RowStream;
use tokio_postgres::error::SqlState;

/// Rows, and their bytes, handed over at once; more than that are streamed.
const ROWS_AT_ONCE: usize = 256;
const BYTES_AT_ONCE: usize = 1 << 20;

/// What a guest's connection resource stands for.
pub struct Session {
    pool: Arc<Pool>,
    /// The connection that stays with this session; locked while a statement runs on it.
    pinned: Arc<Mutex<Option<Lease>>>,
    is_pinned: AtomicBool,
}

/// Held while a statement runs on the pinned connection.
type PinGuard = OwnedMutexGuard<Option<Lease>>;

/// A query's answer: all of it, or its beginning and the rest as a stream.
pub struct Answer {
    /// The columns; none when there are no rows.
    pub columns: Vec<Column>,
    /// The first rows.
    pub rows: Vec<Vec<DbValue>>,
    /// How the query ended, or where the other rows come from.
    pub end: End,
}

/// How an [`Answer`] goes on.
pub enum End {
    /// There are no more rows.
    Done(Result<(), Error>),
    /// More rows follow.
    More(Rest),
}

/// The rows that have not been read yet, with the connection they come over.
pub struct Rest {
    stream: Pin<Box<RowStream>>,
    lease: Option<Lease>,
}

impl Rest {
    /// The next row; after `None` or an error there is nothing left.
    pub fn poll_next(
        &mut self,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Vec<DbValue>, Error>>> {
        let next = std::task::ready!(self.stream.poll_next_unpin(cx));
        std::task::Poll::Ready(match next {
            Some(Ok(row)) => Some(rows::values(&row)),
            Some(Err(error)) => {
                self.finish();
                Some(Err(query_failed(&error)))
            }
            None => {
                self.finish();
                None
            }
        })
    }

    /// Reads all rows into `out`.
    pub async fn drain(&mut self, out: &mut Vec<Vec<DbValue>>) -> Result<(), Error> {
        let mut held = Held::new(out);
        while let Some(row) = std::future::poll_fn(|cx| self.poll_next(cx)).await {
            held.push(row?)?;
        }
        Ok(())
    }

    fn finish(&mut self) {
        if let Some(mut lease) = self.lease.take() {
            lease.set_busy(false);
            lease.give_back();
        }
    }
}

impl Session {
    /// A session over `pool`.
    pub fn new(pool: Arc<Pool>) -> Self {
        Self { pool, pinned: Arc::default(), is_pinned: AtomicBool::new(false) }
    }

    /// Runs a query.
    pub async fn query(&self, sql: &str, params: &[Param]) -> Result<Answer, Error> {
        let (mut lease, pinned) = self.lease().await?;
        lease.set_busy(true);
        let mut outcome = query_once(&mut lease, sql, params).await;
        if outcome.as_ref().is_err_and(|failure| failure.stale) && pinned.is_none() {
            lease.forget(sql);
            outcome = query_once(&mut lease, sql, params).await;
        }
        match outcome {
            Ok((prepared, mut answer, rest)) => {
                if let Some(mut stream) = rest {
                    if prepared.effect == Effect::None && pinned.is_none() {
                        answer.end = End::More(Rest { stream, lease: Some(lease) });
                        return Ok(answer);
                    }
                    answer.end = End::Done(collect_rest(&mut stream, &mut answer.rows).await);
                }
                let failed = matches!(answer.end, End::Done(Err(_)));
                self.settle(lease, pinned, prepared.effect, failed).await;
                Ok(answer)
            }
            Err(failure) => {
                self.settle(lease, pinned, failure.effect, true).await;
                Err(failure.error)
            }
        }
    }

    /// Runs a command and answers with the number of rows it touched.
    pub async fn execute(&self, sql: &str, params: &[Param]) -> Result<u64, Error> {
        let (mut lease, pinned) = self.lease().await?;
        lease.set_busy(true);
        let mut outcome = execute_once(&mut lease, sql, params).await;
        if outcome.as_ref().is_err_and(|failure| failure.stale) && pinned.is_none() {
            lease.forget(sql);
            outcome = execute_once(&mut lease, sql, params).await;
        }
        match outcome {
            Ok((effect, count)) => {
                self.settle(lease, pinned, effect, false).await;
                Ok(count)
            }
            Err(failure) => {
                self.settle(lease, pinned, failure.effect, true).await;
                Err(failure.error)
            }
        }
    }

    /// A connection for one statement; with a guard when it is the pinned one.
    async fn lease(&self) -> Result<(Lease, Option<PinGuard>), Error> {
        if self.is_pinned.load(Ordering::Acquire) {
            let mut guard = self.pinned.clone().lock_owned().await;
            if let Some(lease) = guard.take() {
                return Ok((lease, Some(guard)));
            }
            if self.is_pinned.swap(false, Ordering::AcqRel) {
                return Err(text("the connection with the open transaction was lost".to_owned()));
            }
        }
        Ok((self.pool.lend().await?, None))
    }

    /// Decides where the connection goes once the statement has ended.
    async fn settle(&self, mut lease: Lease, pinned: Option<PinGuard>, effect: Effect, failed: bool) {
        lease.set_busy(false);
        if lease.is_closed() {
            self.is_pinned.store(false, Ordering::Release);
            return;
        }
        match (effect, pinned) {
            (Effect::None, None) => lease.give_back(),
            (Effect::Begin | Effect::Session, None) if failed => lease.give_back(),
            (Effect::End, None) if !failed => lease.give_back(),
            (Effect::End, pinned) => {
                self.is_pinned.store(false, Ordering::Release);
                if pinned.is_some() && !failed {
                    give_back_clean(lease).await;
                }
            }
            (_, pinned) => {
                let mut guard = match pinned {
                    Some(guard) => guard,
                    None => self.pinned.clone().lock_owned().await,
                };
                *guard = Some(lease);
                self.is_pinned.store(true, Ordering::Release);
            }
        }
    }
}

/// What makes a connection as good as new (the transaction has ended already).
const RESET: &str = "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; \
                     SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES";

/// Returns a connection that had been pinned, without what the guest may have set on it.
async fn give_back_clean(lease: Lease) {
    let Some(client) = lease.client() else { return };
    if client.batch_execute(RESET).await.is_ok() {
        lease.give_back();
    }
}

/// A statement that failed.
struct Failure {
    error: Error,
    effect: Effect,
    /// The server refused the prepared form before running anything; preparing again helps.
    stale: bool,
}

impl Failure {
    fn new(error: &tokio_postgres::Error, effect: Effect) -> Self {
        let stale = error.as_db_error().is_some_and(|db| {
            *db.code() == SqlState::INVALID_SQL_STATEMENT_NAME
                || (*db.code() == SqlState::FEATURE_NOT_SUPPORTED
                    && db.message() == "cached plan must not change result type")
        });
        Self { error: query_failed(error), effect, stale }
    }
}

type Stream = Pin<Box<RowStream>>;

async fn query_once(
    lease: &mut Lease,
    sql: &str,
    params: &[Param],
) -> Result<(Prepared, Answer, Option<Stream>), Failure> {
    let prepared = prepare(lease, sql, params).await?;
    let fail = |e: &tokio_postgres::Error| Failure::new(e, prepared.effect);
    let Some(client) = lease.client() else { return Err(closed()) };
    let stream = client.query_raw(&prepared.statement, params).await.map_err(|e| fail(&e))?;
    let mut stream = Box::pin(stream);
    let mut answer = Answer { columns: Vec::new(), rows: Vec::new(), end: End::Done(Ok(())) };
    let mut bytes = 0;
    loop {
        match stream.try_next().await {
            Ok(Some(row)) => {
                if answer.rows.is_empty() {
                    answer.columns = rows::columns(row.columns());
                }
                match rows::values(&row) {
                    Ok(values) => {
                        bytes += rows::size(&values);
                        answer.rows.push(values);
                    }
                    Err(error) => {
                        // The rest is read so that the connection can serve the next statement.
                        while let Ok(Some(_)) = stream.try_next().await {}
                        answer.end = End::Done(Err(error));
                        return Ok((prepared, answer, None));
                    }
                }
                if answer.rows.len() >= ROWS_AT_ONCE || bytes >= BYTES_AT_ONCE {
                    return Ok((prepared, answer, Some(stream)));
                }
            }
            Ok(None) => return Ok((prepared, answer, None)),
            Err(error) => {
                let failure = fail(&error);
                if failure.stale {
                    return Err(failure);
                }
                answer.end = End::Done(Err(failure.error));
                return Ok((prepared, answer, None));
            }
        }
    }
}

async fn execute_once(lease: &mut Lease, sql: &str, params: &[Param]) -> Result<(Effect, u64), Failure> {
    let prepared = prepare(lease, sql, params).await?;
    let Some(client) = lease.client() else { return Err(closed()) };
    match client.execute_raw(&prepared.statement, params).await {
        Ok(count) => Ok((prepared.effect, count)),
        Err(error) => Err(Failure::new(&error, prepared.effect)),
    }
}

/// Prepares the statement and checks the number of parameters, which the driver would otherwise assert.
async fn prepare(lease: &mut Lease, sql: &str, params: &[Param]) -> Result<Prepared, Failure> {
    let prepared = lease.prepare(sql).await.map_err(|e| Failure::new(&e, Effect::None))?.ok_or_else(closed)?;
    let expected = prepared.statement.params().len();
    if expected != params.len() {
        return Err(Failure {
            error: text(format!("expected {expected} parameters but got {}", params.len())),
            effect: Effect::None,
            stale: false,
        });
    }
    Ok(prepared)
}

fn closed() -> Failure {
    let error = Error::ConnectionFailed("the connection to Postgres was closed".to_owned());
    Failure { error, effect: Effect::None, stale: false }
}

async fn collect_rest(stream: &mut Stream, out: &mut Vec<Vec<DbValue>>) -> Result<(), Error> {
    let mut held = Held::new(out);
    while let Some(row) = stream.try_next().await.map_err(|e| query_failed(&e))? {
        held.push(rows::values(&row)?)?;
    }
    Ok(())
}

/// Rows that the host keeps until the query has ended.
struct Held<'a> {
    rows: &'a mut Vec<Vec<DbValue>>,
    bytes: usize,
}

impl<'a> Held<'a> {
    fn new(rows: &'a mut Vec<Vec<DbValue>>) -> Self {
        let bytes = rows.iter().map(|row| rows::size(row)).sum();
        Self { rows, bytes }
    }

    fn push(&mut self, row: Vec<DbValue>) -> Result<(), Error> {
        self.bytes += rows::size(&row);
        if self.bytes > MAX_RESULT_BYTES {
            return Err(text(result_too_large()));
        }
        self.rows.push(row);
        Ok(())
    }
}
