//! The request body on its way to the guest, cut off at the size limit.

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use wasmtime_wasi_http::p3::bindings::http::types::ErrorCode;

/// A body of at most so many bytes; past that the guest gets an error and the flag is set.
pub struct LimitedBody {
    body: Incoming,
    left: u64,
    limit: u64,
    too_large: Arc<AtomicBool>,
}

impl LimitedBody {
    /// Limits `body` to `limit` bytes.
    pub fn new(body: Incoming, limit: u64) -> Self {
        Self { body, left: limit, limit, too_large: Arc::default() }
    }

    /// Set once the body has turned out to be too large.
    pub fn too_large(&self) -> Arc<AtomicBool> {
        self.too_large.clone()
    }
}

impl Body for LimitedBody {
    type Data = Bytes;
    type Error = ErrorCode;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, ErrorCode>>> {
        let frame = match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
            None => return Poll::Ready(None),
            Some(Err(error)) => return Poll::Ready(Some(Err(ErrorCode::from_hyper_request_error(error)))),
            Some(Ok(frame)) => frame,
        };
        let size = frame.data_ref().map_or(0, |data| data.len() as u64);
        match self.left.checked_sub(size) {
            Some(left) => {
                self.left = left;
                Poll::Ready(Some(Ok(frame)))
            }
            None => {
                self.too_large.store(true, Ordering::Release);
                Poll::Ready(Some(Err(ErrorCode::HttpRequestBodySize(Some(self.limit)))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
