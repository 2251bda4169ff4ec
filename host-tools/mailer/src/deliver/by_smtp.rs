//! Delivery by SMTP: several mails at a time, each tried until it is taken, refused for good, or too old.
//!
//! A mail that waits for its next try holds up no other. What waits when the process ends is taken up by the next.

use super::{read, report};
use crate::event::{Ending, Queued};
use crate::message::{build, queued_at};
use crate::metrics::Metrics;
use crate::queue::{Entry, Hold, Queue, STALE};
use crate::smtp::Smtp;
use crate::stopped;
use crate::verdict::Verdict;
use lettre::Message;
use lettre::message::Mailbox;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, SystemTime};
use tokio::sync::{Semaphore, mpsc::Receiver, watch};
use tokio::task::JoinSet;

/// Mails that are being sent or wait for another try, at most. Beyond it reading stops.
const IN_FLIGHT: usize = 500;
/// Mails that are being sent at one moment.
const SENDING: usize = 8;
/// How often to look whether another process is done with a mail.
const ELSEWHERE: Duration = Duration::from_secs(5);

/// What all deliveries share.
struct Office {
    smtp: Smtp,
    from: Mailbox,
    queue: Queue,
    desks: Semaphore,
    shutdown: watch::Receiver<bool>,
}

/// Delivers until there is nothing more to come, or until it is time to stop; then mails that are just being sent are
/// finished.
pub async fn by_smtp(
    smtp: Smtp,
    from: &Mailbox,
    queue: Queue,
    mut entries: Receiver<Entry>,
    shutdown: watch::Receiver<bool>,
) {
    let desks = Semaphore::new(SENDING);
    let office = Arc::new(Office { smtp, from: from.clone(), queue, desks, shutdown: shutdown.clone() });
    let mut deliveries: JoinSet<String> = JoinSet::new();
    let mut under_way: HashSet<String> = HashSet::new();
    let mut heartbeat = tokio::time::interval(STALE / 3);
    loop {
        office.queue.metrics().in_flight.store(i64::try_from(under_way.len()).unwrap_or(0), Relaxed);
        tokio::select! {
            biased;
            () = stopped(shutdown.clone()) => break,
            Some(done) = deliveries.join_next() => {
                if let Ok(entry_id) = done {
                    under_way.remove(&entry_id);
                }
            }
            _ = heartbeat.tick() => office.queue.touch(&under_way.iter().cloned().collect::<Vec<_>>()).await,
            entry = entries.recv(), if under_way.len() < IN_FLIGHT => match entry {
                Some(entry) => {
                    // Claimed as stale while it is still here: one delivery of it is enough.
                    if under_way.insert(entry.id.clone()) {
                        deliveries.spawn(deliver(Arc::clone(&office), entry));
                    }
                }
                None => break,
            },
        }
    }
    while deliveries.join_next().await.is_some() {}
}

/// Delivers one entry and returns its id.
async fn deliver(office: Arc<Office>, entry: Entry) -> String {
    match read(&office.queue, &entry) {
        Ok(Some(queued)) => match build(&queued, &office.from) {
            Ok(message) => office.send(&entry.id, &queued, message).await,
            Err(error) => {
                let ending = Ending::Failed { error: &error.to_string(), permanent: true };
                office.give_up(&entry.id, &queued, ending).await;
            }
        },
        Ok(None) => office.queue.finish(&[(entry.id.clone(), None)]).await,
        Err(error) => office.queue.park(&entry, &error.to_string()).await,
    }
    entry.id
}

impl Office {
    async fn send(&self, entry_id: &str, queued: &Queued, message: Message) {
        let mut attempt = 0;
        loop {
            let wait = match self.attempt(queued, &message).await {
                Attempt::Elsewhere => ELSEWHERE,
                Attempt::Repeated => {
                    Metrics::add(&self.queue.metrics().repeated, 1);
                    return self.finish(entry_id, queued, Ending::Delivered).await;
                }
                Attempt::Made(Verdict::Sent) => {
                    Metrics::add(&self.queue.metrics().delivered, 1);
                    return self.finish(entry_id, queued, Ending::Delivered).await;
                }
                Attempt::Made(Verdict::Never(error)) => {
                    return self.give_up(entry_id, queued, Ending::Failed { error: &error, permanent: true }).await;
                }
                Attempt::Made(Verdict::NoSuchAddress(error)) => {
                    return self.give_up(entry_id, queued, Ending::Bounced { error: &error }).await;
                }
                Attempt::Made(Verdict::Later(error)) => {
                    attempt += 1;
                    match self.smtp.wait(attempt, queued_at(queued), SystemTime::now()) {
                        None => {
                            let ending = Ending::Failed { error: &format!("given up: {error}"), permanent: false };
                            return self.give_up(entry_id, queued, ending).await;
                        }
                        Some(wait) => {
                            Metrics::add(&self.queue.metrics().deferred, 1);
                            tracing::warn!(message_id = %queued.message_id, attempt, error, "not sent; trying again");
                            wait
                        }
                    }
                }
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                // The entry stays pending: the next process goes on with it.
                () = stopped(self.shutdown.clone()) => return,
            }
        }
    }

    /// One attempt, unless somebody else makes or made it.
    async fn attempt(&self, queued: &Queued, message: &Message) -> Attempt {
        let Ok(_desk) = self.desks.acquire().await else { return Attempt::Elsewhere };
        match self.queue.hold(queued.message_id).await {
            Hold::Elsewhere => return Attempt::Elsewhere,
            Hold::Sent => return Attempt::Repeated,
            Hold::Ours => {}
        }
        let verdict = self.smtp.attempt(message.clone()).await;
        if verdict == Verdict::Sent {
            self.queue.note_sent(queued.message_id).await;
        } else {
            self.queue.release(queued.message_id).await;
        }
        Attempt::Made(verdict)
    }

    async fn give_up(&self, entry_id: &str, queued: &Queued, ending: Ending<'_>) {
        tracing::warn!(message_id = %queued.message_id, ?ending, "a mail was given up");
        let metrics = self.queue.metrics();
        let counter = if matches!(ending, Ending::Bounced { .. }) { &metrics.bounced } else { &metrics.failed };
        Metrics::add(counter, 1);
        self.finish(entry_id, queued, ending).await;
    }

    async fn finish(&self, entry_id: &str, queued: &Queued, ending: Ending<'_>) {
        self.queue.finish(&[(entry_id.to_owned(), Some(report(&self.queue, queued, ending)))]).await;
    }
}

/// What an attempt came to, or why there was none.
enum Attempt {
    Made(Verdict),
    Elsewhere,
    Repeated,
}
