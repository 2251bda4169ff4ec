//! Rows as the component model's streams: at once when they are all there, as they arrive otherwise.

use super::statement::{End, Rest};
use crate::bindings::spin::postgres::postgres::{Error, Row};
use crate::guest::Host;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::oneshot;
use wasmtime::StoreContextMut;
use wasmtime::component::{Access, Destination, FutureReader, StreamProducer, StreamReader, StreamResult, VecBuffer};

/// Rows given to the guest in one go.
const BATCH: usize = 64;

/// The stream of rows and the future that tells how the query ended.
pub type Readers = (StreamReader<Row>, FutureReader<Result<(), Error>>);

/// Makes both out of a query's answer.
pub fn readers<T: Send>(mut access: Access<'_, T, Host>, rows: Vec<Row>, end: End) -> wasmtime::Result<Readers> {
    match end {
        End::Done(end) => {
            let rows = StreamReader::new(&mut access, rows)?;
            let end = FutureReader::new(&mut access, async move { wasmtime::error::Ok(end) })?;
            Ok((rows, end))
        }
        End::More(rest) => {
            let (sender, receiver) = oneshot::channel();
            let rows = StreamReader::new(&mut access, Producer { first: rows, rest, end: Some(sender) })?;
            let end =
                FutureReader::new(&mut access, async move {
                    wasmtime::error::Ok(receiver.await.unwrap_or_else(|_| {
                        Err(Error::Other("the rows were dropped before they were read".to_owned()))
                    }))
                })?;
            Ok((rows, end))
        }
    }
}

struct Producer {
    first: Vec<Row>,
    rest: Rest,
    end: Option<oneshot::Sender<Result<(), Error>>>,
}

impl Producer {
    /// Collects what is there; `true` when it was the end.
    fn collect(&mut self, cx: &mut Context<'_>, out: &mut Vec<Row>) -> bool {
        while out.len() < BATCH {
            let end = match self.rest.poll_next(cx) {
                Poll::Ready(Some(Ok(row))) => {
                    out.push(row);
                    continue;
                }
                Poll::Ready(Some(Err(error))) => Err(error),
                Poll::Ready(None) => Ok(()),
                Poll::Pending => return false,
            };
            if let Some(sender) = self.end.take() {
                // The guest may have dropped the future; then nobody asks how it ended.
                let _ = sender.send(end);
            }
            return true;
        }
        false
    }
}

impl<D> StreamProducer<D> for Producer {
    type Item = Row;
    type Buffer = VecBuffer<Row>;

    fn poll_produce<'a>(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        store: StoreContextMut<'a, D>,
        mut destination: Destination<'a, Row, VecBuffer<Row>>,
        finish: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        if destination.remaining(store) == Some(0) {
            return Poll::Ready(Ok(StreamResult::Completed));
        }
        let mut rows = std::mem::take(&mut self.first);
        let ended = rows.is_empty() && self.collect(cx, &mut rows);
        if rows.is_empty() && !ended {
            return if finish { Poll::Ready(Ok(StreamResult::Cancelled)) } else { Poll::Pending };
        }
        if !rows.is_empty() {
            destination.set_buffer(rows.into());
        }
        Poll::Ready(Ok(if ended { StreamResult::Dropped } else { StreamResult::Completed }))
    }
}
