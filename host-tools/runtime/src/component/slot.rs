//! Where the response grows: the guest's task fills it, the connection's task takes it. A response that is complete by
//! the time the guest has nothing more to do at once is sent whole; otherwise it streams.

use bytes::Bytes;
use http_body::Body as _;
use http_body_util::combinators::UnsyncBoxBody;
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;
use tokio::sync::oneshot;
use wasmtime_wasi_http::p3::bindings::http::types::ErrorCode;

/// Bytes of a body that are collected before it streams in any case.
const WHOLE_BYTES: usize = 256 * 1024;

/// The guest's body as it comes out of the engine.
pub type GuestBody = UnsyncBoxBody<Bytes, ErrorCode>;

/// The response of one request.
pub struct Slot {
    state: Mutex<State>,
    /// How often the work was polled since the probe started; meaningful once the response is complete.
    polls: AtomicU32,
    phase: AtomicU8,
}

/// The handler is at work, or its response is going out.
const WORKING: u8 = 0;
/// The response is complete; what the guest started beside it may still run.
const ENDING: u8 = 1;
/// Nothing is left.
const QUIET: u8 = 2;

struct State {
    head: Option<http::response::Parts>,
    body: Option<GuestBody>,
    chunks: Vec<Bytes>,
    collected: usize,
    complete: bool,
    failed: bool,
    abandoned: bool,
    error: Option<ErrorCode>,
    deadline: Instant,
    streamed: Option<oneshot::Receiver<()>>,
}

/// What can be taken out of a slot.
pub enum Taken {
    /// The whole response.
    Whole(http::response::Parts, Vec<Bytes>),
    /// Its head and what there is of the body; dropping the sender tells the guest's side that the body is done with.
    Stream(http::response::Parts, Vec<Bytes>, GuestBody, oneshot::Sender<()>),
}

impl Slot {
    pub fn new(deadline: Instant) -> Self {
        let state = State {
            head: None,
            body: None,
            chunks: Vec::new(),
            collected: 0,
            complete: false,
            failed: false,
            abandoned: false,
            error: None,
            deadline,
            streamed: None,
        };
        Self { state: Mutex::new(state), polls: AtomicU32::new(0), phase: AtomicU8::new(WORKING) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn deadline(&self) -> Instant {
        self.state().deadline
    }

    pub fn set_deadline(&self, deadline: Instant) {
        self.state().deadline = deadline;
    }

    /// The handler answered with an error.
    pub fn set_error(&self, error: ErrorCode) {
        self.state().error = Some(error);
    }

    pub fn take_error(&self) -> Option<ErrorCode> {
        self.state().error.take()
    }

    /// The instance is lost: a response that is still streaming must not look complete.
    pub fn set_failed(&self) {
        self.state().failed = true;
    }

    pub fn failed(&self) -> bool {
        self.state().failed
    }

    /// The handler answered.
    pub fn set_response(&self, response: http::Response<GuestBody>) {
        let (head, body) = response.into_parts();
        let mut state = self.state();
        state.head = Some(head);
        state.body = (!state.abandoned).then_some(body);
    }

    /// Nobody waits for the response any more; the guest's writes to its body fail from now on.
    pub fn abandon(&self) {
        let mut state = self.state();
        state.abandoned = true;
        state.body = None;
    }

    /// Collects the body until it is complete; once the body was taken to be streamed, waits until it is done with.
    pub fn poll_body(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut guard = self.state();
        let state = &mut *guard;
        if let Some(streamed) = state.streamed.as_mut() {
            return Pin::new(streamed).poll(cx).map(drop);
        }
        let Some(body) = state.body.as_mut() else { return Poll::Ready(()) };
        loop {
            if state.collected > WHOLE_BYTES {
                // The connection's task takes what there is as soon as this round is over.
                return Poll::Pending;
            }
            match std::task::ready!(Pin::new(&mut *body).poll_frame(cx)) {
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        state.collected += data.len();
                        state.chunks.push(data);
                    }
                }
                Some(Err(error)) => {
                    state.error = Some(error);
                    state.head = None;
                    break;
                }
                None => break,
            }
        }
        state.body = None;
        state.complete = true;
        Poll::Ready(())
    }

    /// Counts a poll of work whose response is complete; ready once nothing else is left.
    pub fn poll_quiet(&self) -> Poll<()> {
        self.polls.fetch_add(1, Ordering::Relaxed);
        if self.phase.load(Ordering::Relaxed) == QUIET {
            return Poll::Ready(());
        }
        self.phase.store(ENDING, Ordering::Relaxed);
        Poll::Pending
    }

    /// Starts counting polls; `false` while the response is not complete.
    pub fn start_probe(&self) -> bool {
        self.polls.store(0, Ordering::Relaxed);
        self.phase.load(Ordering::Relaxed) == ENDING
    }

    pub fn probe_polls(&self) -> u32 {
        self.polls.load(Ordering::Relaxed)
    }

    /// Lets the work end.
    pub fn finish(&self) {
        self.phase.store(QUIET, Ordering::Relaxed);
    }

    /// Takes the response if it is complete.
    pub fn take_complete(&self) -> Option<Taken> {
        if self.state().complete { self.take() } else { None }
    }

    /// Takes what there is of the response, if its head is there.
    pub fn take(&self) -> Option<Taken> {
        let mut state = self.state();
        let head = state.head.take()?;
        let chunks = std::mem::take(&mut state.chunks);
        match state.body.take() {
            Some(body) if !state.complete => {
                let (sender, receiver) = oneshot::channel();
                state.streamed = Some(receiver);
                Some(Taken::Stream(head, chunks, body, sender))
            }
            _ => Some(Taken::Whole(head, chunks)),
        }
    }
}
