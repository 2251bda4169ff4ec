//! Delivery into a folder: a batch of files, then one pipeline of reports.

use super::{read, report};
use crate::event::{Ending, Queued};
use crate::folder::{Folder, Put};
use crate::message::build;
use crate::metrics::Metrics;
use crate::queue::{Entry, Queue};
use crate::stopped;
use lettre::message::Mailbox;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use tokio::sync::{mpsc::Receiver, watch};

/// Mails written before their reports are sent.
const BATCH: usize = 256;

/// What became of one entry.
enum Outcome {
    /// Finished, with the report to send, if it was a mail at all.
    Done(Option<String>),
    /// It can never be read.
    Unreadable(String),
    /// The disk did not take it; the entry stays pending and comes again.
    DiskFailed,
}

/// Delivers until there is nothing more to come, or until it is time to stop.
pub async fn into_folder(
    folder: Arc<Folder>,
    from: &Mailbox,
    queue: Queue,
    mut entries: Receiver<Entry>,
    shutdown: watch::Receiver<bool>,
) {
    loop {
        let mut batch = Vec::with_capacity(BATCH);
        tokio::select! {
            biased;
            () = stopped(shutdown.clone()) => return,
            read = entries.recv_many(&mut batch, BATCH) => if read == 0 { return },
        }
        let in_flight = i64::try_from(batch.len()).unwrap_or(0);
        queue.metrics().in_flight.fetch_add(in_flight, Relaxed);
        let (writer, from, counting) = (Arc::clone(&folder), from.clone(), queue.clone());
        let write = move || {
            let put = |entry: Entry| {
                let outcome = deliver(&entry, &writer, &from, &counting);
                (entry, outcome)
            };
            batch.into_iter().map(put).collect::<Vec<_>>()
        };
        if let Ok(outcomes) = tokio::task::spawn_blocking(write).await {
            finish(&queue, outcomes).await;
        }
        queue.metrics().in_flight.fetch_sub(in_flight, Relaxed);
    }
}

fn deliver(entry: &Entry, folder: &Folder, from: &Mailbox, queue: &Queue) -> Outcome {
    match read(queue, entry) {
        Ok(Some(queued)) => put(&queued, folder, from, queue),
        Ok(None) => Outcome::Done(None),
        Err(error) => Outcome::Unreadable(error.to_string()),
    }
}

fn put(queued: &Queued, folder: &Folder, from: &Mailbox, queue: &Queue) -> Outcome {
    let metrics = queue.metrics();
    let message = match build(queued, from) {
        Ok(message) => message,
        Err(error) => {
            Metrics::add(&metrics.failed, 1);
            let ending = Ending::Failed { error: &error.to_string(), permanent: true };
            return Outcome::Done(Some(report(queue, queued, ending)));
        }
    };
    match folder.put(queued.message_id, &message) {
        Ok(put) => {
            Metrics::add(if put == Put::New { &metrics.delivered } else { &metrics.repeated }, 1);
            Outcome::Done(Some(report(queue, queued, Ending::Delivered)))
        }
        Err(error) => {
            tracing::error!(message_id = %queued.message_id, %error, "the mail folder did not take a mail; it comes again");
            Outcome::DiskFailed
        }
    }
}

async fn finish(queue: &Queue, outcomes: Vec<(Entry, Outcome)>) {
    let mut done = Vec::with_capacity(outcomes.len());
    let mut disk_failed = 0;
    for (entry, outcome) in outcomes {
        match outcome {
            Outcome::Done(report) => done.push((entry.id, report)),
            Outcome::Unreadable(error) => queue.park(&entry, &error).await,
            Outcome::DiskFailed => disk_failed += 1,
        }
    }
    queue.finish(&done).await;
    if disk_failed > 0 {
        Metrics::add(&queue.metrics().deferred, disk_failed);
        // A full disk does not empty itself in a millisecond.
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
