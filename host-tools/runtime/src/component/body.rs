//! The response body on its way to the caller: what was there when the head was sent, then what the guest still writes.

use super::slot::{GuestBody, Slot, Taken};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::oneshot;

/// The response for the caller out of what was taken from the slot.
pub fn response(taken: Taken, slot: Arc<Slot>) -> http::Response<Body> {
    match taken {
        Taken::Whole(head, chunks) => http::Response::from_parts(head, Body { chunks: chunks.into(), rest: None }),
        Taken::Stream(head, chunks, body, done) => {
            let rest = Some(Rest { body, slot, _done: done });
            http::Response::from_parts(head, Body { chunks: chunks.into(), rest })
        }
    }
}

/// A response body: what was there when the head was sent, then what the guest still writes.
pub struct Body {
    chunks: VecDeque<Bytes>,
    rest: Option<Rest>,
}

struct Rest {
    body: GuestBody,
    slot: Arc<Slot>,
    /// Dropped with the body, which tells the guest's side that it is done with.
    _done: oneshot::Sender<()>,
}

impl Body {
    /// A body that is all there.
    pub fn whole(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self { chunks: if bytes.is_empty() { VecDeque::new() } else { [bytes].into() }, rest: None }
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<std::io::Result<Frame<Bytes>>>> {
        if let Some(chunk) = self.chunks.pop_front() {
            return Poll::Ready(Some(Ok(Frame::data(chunk))));
        }
        let Some(rest) = self.rest.as_mut() else { return Poll::Ready(None) };
        let frame = std::task::ready!(Pin::new(&mut rest.body).poll_frame(cx));
        let result = match frame {
            Some(Ok(frame)) => return Poll::Ready(Some(Ok(frame))),
            Some(Err(error)) => Some(Err(std::io::Error::other(format!("{error:?}")))),
            None if rest.slot.failed() => Some(Err(std::io::Error::other("the component failed"))),
            None => None,
        };
        self.rest = None;
        Poll::Ready(result)
    }

    fn is_end_stream(&self) -> bool {
        self.chunks.is_empty() && self.rest.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        if self.rest.is_some() {
            return SizeHint::default();
        }
        SizeHint::with_exact(self.chunks.iter().map(|chunk| chunk.len() as u64).sum())
    }
}
