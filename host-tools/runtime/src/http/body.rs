//! The request body on its way to the guest, cut off at the size limit. What nobody reads of it is read and thrown away,
//! within bounds: a connection that is closed while the caller still writes loses the answer that says why.

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use wasmtime_wasi_http::p3::bindings::http::types::ErrorCode;

/// How much of an unread body is read to its end, and for how long; a caller that sends more sees the connection close.
const DISCARD: (u64, Duration) = (16 << 20, Duration::from_secs(5));

/// A body of at most so many bytes; past that the guest gets an error and the flag is set.
pub struct LimitedBody {
    body: Option<Incoming>,
    left: u64,
    limit: u64,
    too_large: Arc<AtomicBool>,
}

impl LimitedBody {
    /// Limits `body` to `limit` bytes.
    pub fn new(body: Incoming, limit: u64) -> Self {
        Self { body: Some(body), left: limit, limit, too_large: Arc::default() }
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
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let frame = match ready!(Pin::new(body).poll_frame(cx)) {
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
        self.body.as_ref().is_none_or(Incoming::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map(Incoming::size_hint).unwrap_or_default()
    }
}

impl Drop for LimitedBody {
    fn drop(&mut self) {
        if let Some(body) = self.body.take().filter(|body| !body.is_end_stream())
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(tokio::time::timeout(DISCARD.1, discard(body)));
        }
    }
}

async fn discard(mut body: Incoming) {
    let mut left = DISCARD.0;
    while let Some(Ok(frame)) = body.frame().await {
        let size = frame.data_ref().map_or(0, |data| data.len() as u64);
        match left.checked_sub(size) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}
