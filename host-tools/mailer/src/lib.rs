//! The mailer: takes queued mails from the notification stream and delivers each of them, by SMTP or into a folder.
//!
//! It guarantees that a mail that was queued is delivered or reported as failed or bounced, whatever restarts in between: an entry
//! is acknowledged only after its mail was handed over, together with the report about it. In a folder a mail appears
//! exactly once; over SMTP it may arrive twice when the process dies between the server's "250" and the note of it.

pub mod config;
pub mod connection;
pub mod deliver;
pub mod event;
pub mod folder;
pub mod mailbox;
pub mod message;
pub mod metrics;
pub mod queue;
pub mod reader;
pub mod smtp;
pub mod unsubscribe;
pub mod verdict;

use crate::config::{Config, Delivery};
use crate::folder::Folder;
use crate::metrics::Metrics;
use crate::queue::Queue;
use crate::smtp::Smtp;
use anyhow::{Context, Error, Result};
use souk_otlp::Tracer;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

/// Entries that were read and are not being delivered yet, at most.
const READ_AHEAD: usize = 512;

/// What is under way when it is time to stop gets this long to end.
const GRACE: Duration = Duration::from_secs(10);

/// How mails go out.
enum Way {
    Folder(Arc<Folder>),
    Smtp(Smtp),
}

/// Runs until `shutdown` turns true or its sender is gone. What is under way by then is finished, what has not begun
/// stays in the stream.
pub async fn run(config: Config, listener: TcpListener, shutdown: watch::Receiver<bool>) -> Result<()> {
    let metrics = Arc::new(Metrics::default());
    let way = match &config.delivery {
        Delivery::Folder(path) => Way::Folder(Arc::new(Folder::open(path).context("opening the mail folder")?)),
        Delivery::Smtp(url) => Way::Smtp(Smtp::new(url, config.retry)?),
    };
    let folder = match &way {
        Way::Folder(folder) => Some(Arc::clone(folder)),
        Way::Smtp(_) => None,
    };
    let tracer = Tracer::start("souk-mailer").map_err(Error::msg)?.map(Arc::new);
    let queue = Queue::new(&config, Arc::clone(&metrics), tracer.clone())?;
    let (sender, entries) = mpsc::channel(READ_AHEAD);
    let reader = reader::read(queue.clone(), sender);
    let pages = mailbox::router(folder, Arc::clone(&metrics));
    let server = axum::serve(listener, pages).with_graceful_shutdown(stopped(shutdown.clone()));
    let server = tokio::spawn(server.into_future());

    let deliveries = async {
        match way {
            Way::Folder(folder) => deliver::into_folder(folder, &config.from, queue, entries, shutdown.clone()).await,
            Way::Smtp(smtp) => deliver::by_smtp(smtp, &config.from, queue, entries, shutdown.clone()).await,
        }
    };
    tokio::select! {
        () = deliveries => {}
        // Ends only after the deliveries did. Not a task of its own: it must never outlive them.
        () = reader => {}
        // Redis or the mail server may be away for good; what is cut off here stays pending.
        () = async { stopped(shutdown.clone()).await; tokio::time::sleep(GRACE).await } => {}
    }
    // An open page must not hold up the end.
    let _ = tokio::time::timeout(Duration::from_secs(2), server).await;
    Tracer::shutdown(tracer).await;
    Ok(())
}

/// Resolves when it is time to stop.
pub(crate) async fn stopped(mut shutdown: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is as good as a signal.
    let _ = shutdown.wait_for(|stop| *stop).await;
}
