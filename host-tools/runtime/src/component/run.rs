//! Running a component: one request or message on one instance, from the call to the end of all work it started. The
//! instance goes back only when everything is quiet, so a trap or an endless loop harms nobody else.

use super::Component;
use super::body::{Body, response};
use super::instances::{Instance, Instances, Unavailable};
use super::slot::Slot;
use crate::telemetry;
use bytes::Bytes;
use http_body::Body as HttpBody;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use wasmtime_wasi_http::p3;
use wasmtime_wasi_http::p3::bindings::http::types::ErrorCode;

/// How a request ended.
pub enum Answer {
    /// The component's response.
    Response(http::Response<Body>),
    /// The handler returned an error, trapped or could not be started; the details are in the log.
    Failed,
    /// The handler took too long.
    TimedOut,
    /// A dependency of the component trapped or computed for too long.
    DependencyFailed(String),
    /// There are too many requests.
    Overloaded,
}

impl Component {
    /// Handles an HTTP request.
    pub async fn handle<B>(&self, request: http::Request<B>, trace: Option<telemetry::Context>) -> Answer
    where
        B: HttpBody<Data = Bytes, Error = ErrorCode> + Send + 'static,
    {
        let instance = match self.instances.take().await {
            Ok(instance) => instance,
            Err(Unavailable::Overloaded) => return Answer::Overloaded,
            Err(Unavailable::Broken(error)) => {
                if let Some(dependency) = self.shared.dependency_failed(&error) {
                    return Answer::DependencyFailed(dependency);
                }
                tracing::error!(component = self.shared.id, "cannot be instantiated: {error:#}");
                return Answer::Failed;
            }
        };
        let interrupts = instance.interrupts.clone();
        let slot = Arc::new(Slot::new(Instant::now() + self.instances.limits().request_timeout));
        let work = http_work(instance, request, trace, slot.clone(), self.instances.clone());
        let mut running = self.run(Box::pin(work), slot.clone(), interrupts);
        let outcome = std::future::poll_fn(|cx| match running.poll(cx) {
            // Nothing of an incomplete response has been sent yet, so a failure can still be told as one.
            Poll::Ready(outcome) => Poll::Ready((Some(outcome), slot.take_complete())),
            Poll::Pending => slot.take().map_or(Poll::Pending, |taken| Poll::Ready((None, Some(taken)))),
        })
        .await;
        // What is still running goes on by itself when `running` is dropped.
        drop(running);
        match outcome {
            (_, Some(taken)) => Answer::Response(response(taken, slot)),
            (Some(Outcome::TimedOut), None) => Answer::TimedOut,
            (Some(Outcome::DependencyFailed(dependency)), None) => Answer::DependencyFailed(dependency),
            (_, None) => {
                if let Some(error) = slot.take_error() {
                    tracing::error!(component = self.shared.id, "the handler returned an error: {error:?}");
                }
                Answer::Failed
            }
        }
    }

    /// Handles a message; the error is for the log.
    pub async fn handle_message(&self, payload: Vec<u8>, trace: Option<telemetry::Context>) -> Result<(), String> {
        let instance = match self.instances.take().await {
            Ok(instance) => instance,
            Err(Unavailable::Overloaded) => return Err("no instance became free".to_owned()),
            Err(Unavailable::Broken(error)) => return Err(format!("cannot be instantiated: {error:#}")),
        };
        let interrupts = instance.interrupts.clone();
        let slot = Arc::new(Slot::new(Instant::now() + self.instances.limits().request_timeout));
        let (sender, receiver) = oneshot::channel();
        let work = message_work(instance, payload, trace, slot.clone(), self.instances.clone(), sender);
        let mut running = self.run(Box::pin(work), slot, interrupts);
        let mut receiver = receiver;
        let outcome = std::future::poll_fn(|cx| {
            let outcome = running.poll(cx);
            match (Pin::new(&mut receiver).poll(cx), outcome) {
                (Poll::Ready(Ok(result)), _) => Poll::Ready(result),
                (_, Poll::Ready(Outcome::TimedOut)) => Poll::Ready(Err("took too long and was stopped".to_owned())),
                (_, Poll::Ready(Outcome::DependencyFailed(name))) => {
                    Poll::Ready(Err(format!("its dependency {name} failed")))
                }
                (_, Poll::Ready(_)) => Poll::Ready(Err("trapped".to_owned())),
                (_, Poll::Pending) => Poll::Pending,
            }
        })
        .await;
        drop(running);
        outcome
    }

    fn run(&self, work: Work, slot: Arc<Slot>, interrupts: Arc<AtomicU64>) -> Running {
        let limits = self.instances.limits();
        Running(Some(Driven {
            work,
            slot,
            seen: interrupts.load(Ordering::Relaxed),
            interrupts,
            busy_since: None,
            busy_limit: limits.request_timeout,
            sleep: None,
            component: self.shared.clone(),
        }))
    }
}

type Work = Pin<Box<dyn Future<Output = wasmtime::Result<()>> + Send>>;

/// How the work on an instance ended.
#[derive(Debug)]
enum Outcome {
    Done,
    Trapped,
    /// Trapped, or ran out of time, in this dependency.
    DependencyFailed(String),
    TimedOut,
}

/// Work with its time limits: past the slot's deadline, or busy for too long, it is dropped and the instance with it.
struct Driven {
    work: Work,
    slot: Arc<Slot>,
    interrupts: Arc<AtomicU64>,
    seen: u64,
    busy_since: Option<Instant>,
    busy_limit: Duration,
    sleep: Option<Pin<Box<tokio::time::Sleep>>>,
    component: Arc<super::Shared>,
}

impl Driven {
    fn over_time(&mut self, cx: &mut Context<'_>) -> bool {
        let deadline = self.slot.deadline();
        let now = Instant::now();
        if now >= deadline || self.busy_for_too_long(now) {
            return true;
        }
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline.into())));
        if sleep.deadline() != deadline.into() {
            sleep.as_mut().reset(deadline.into());
        }
        sleep.as_mut().poll(cx).is_ready()
    }

    /// Whether nothing is left of what the guest started, once the response is complete. The engine's event loop polls
    /// the work exactly twice per round when it holds no pending call and has nothing to run (the second time in case
    /// the first unblocked something), and once when a call is pending. Two such rounds in a row rule out that a call
    /// was completing just then.
    fn is_quiet(&mut self, cx: &mut Context<'_>, poll: &mut Poll<wasmtime::Result<()>>) -> bool {
        for _ in 0..2 {
            if !self.slot.start_probe() {
                return false;
            }
            *poll = self.work.as_mut().poll(cx);
            if poll.is_ready() || self.slot.probe_polls() != 2 {
                return false;
            }
        }
        true
    }

    /// A guest that uses up slice after slice computes; one that waits does not.
    fn busy_for_too_long(&mut self, now: Instant) -> bool {
        let count = self.interrupts.load(Ordering::Relaxed);
        if count == self.seen {
            self.busy_since = None;
            return false;
        }
        self.seen = count;
        now.duration_since(*self.busy_since.get_or_insert(now)) > self.busy_limit
    }
}

impl Future for Driven {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        let mut poll = self.work.as_mut().poll(cx);
        if poll.is_pending() && self.is_quiet(cx, &mut poll) {
            self.slot.finish();
            poll = self.work.as_mut().poll(cx);
        }
        match poll {
            Poll::Ready(Ok(())) => Poll::Ready(Outcome::Done),
            Poll::Ready(Err(error)) => {
                self.component.metrics.traps.inc();
                if let Some(dependency) = self.component.dependency_failed(&error) {
                    return Poll::Ready(Outcome::DependencyFailed(dependency));
                }
                tracing::error!(component = self.component.id, "the component trapped: {}", error.root_cause());
                tracing::debug!(component = self.component.id, "{error:?}");
                Poll::Ready(Outcome::Trapped)
            }
            Poll::Pending if self.over_time(cx) => {
                self.component.metrics.timeouts.inc();
                self.slot.set_failed();
                tracing::error!(component = self.component.id, "the component took too long and was stopped");
                Poll::Ready(Outcome::TimedOut)
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

/// Work that its caller drives as long as it cares; after that it goes on as a task of its own.
struct Running(Option<Driven>);

impl Running {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Outcome> {
        let Some(driven) = self.0.as_mut() else { return Poll::Ready(Outcome::Done) };
        let outcome = std::task::ready!(Pin::new(driven).poll(cx));
        self.0 = None;
        Poll::Ready(outcome)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let (Some(driven), Ok(runtime)) = (self.0.take(), tokio::runtime::Handle::try_current()) {
            driven.slot.abandon();
            runtime.spawn(driven);
        }
    }
}

async fn http_work<B>(
    mut instance: Instance,
    request: http::Request<B>,
    trace: Option<telemetry::Context>,
    slot: Arc<Slot>,
    instances: Instances,
) -> wasmtime::Result<()>
where
    B: HttpBody<Data = Bytes, Error = ErrorCode> + Send + 'static,
{
    let Some(service) = instance.http.clone() else { wasmtime::bail!("the component has no HTTP handler") };
    instance.store.data_mut().begin(trace);
    let limits = *instances.limits();
    let result = instance
        .store
        .run_concurrent(async |accessor| {
            let (request, _sent) = p3::Request::from_http(request);
            match service.handle(accessor, request).await? {
                Err(error) => slot.set_error(error),
                Ok(response) => {
                    let response = accessor.with(|store| response.into_http(store, async { Ok(()) }))?;
                    slot.set_response(response);
                    slot.set_deadline(Instant::now() + limits.stream_timeout);
                    std::future::poll_fn(|cx| slot.poll_body(cx)).await;
                }
            }
            slot.set_deadline(Instant::now() + limits.request_timeout);
            std::future::poll_fn(|_| slot.poll_quiet()).await;
            wasmtime::error::Ok(())
        })
        .await;
    finish(result, instance, &slot, &instances)
}

async fn message_work(
    mut instance: Instance,
    payload: Vec<u8>,
    trace: Option<telemetry::Context>,
    slot: Arc<Slot>,
    instances: Instances,
    sender: oneshot::Sender<Result<(), String>>,
) -> wasmtime::Result<()> {
    let Some(function) = instance.redis else { wasmtime::bail!("the component has no Redis handler") };
    instance.store.data_mut().begin(trace);
    let request_timeout = instances.limits().request_timeout;
    let result = instance
        .store
        .run_concurrent(async |accessor| {
            let (result,) = function.call_concurrent(accessor, (payload,)).await?;
            // The receiver is gone when the runtime is shutting down.
            let _ = sender.send(result.map_err(|error| format!("the handler returned an error: {error:?}")));
            slot.set_deadline(Instant::now() + request_timeout);
            std::future::poll_fn(|_| slot.poll_quiet()).await;
            wasmtime::error::Ok(())
        })
        .await;
    finish(result, instance, &slot, &instances)
}

fn finish(
    result: wasmtime::Result<wasmtime::Result<()>>,
    mut instance: Instance,
    slot: &Slot,
    instances: &Instances,
) -> wasmtime::Result<()> {
    match result.and_then(|result| result) {
        Ok(()) => {
            instance.store.data_mut().begin(None);
            instances.put_back(instance);
            Ok(())
        }
        Err(error) => {
            slot.set_failed();
            Err(error)
        }
    }
}
