//! Takes entries from the reader, delivers their mails, and finishes them: report and acknowledgement together.

mod by_smtp;
mod into_folder;

pub use by_smtp::by_smtp;
pub use into_folder::into_folder;

use crate::event::{self, Ending, Queued};
use crate::queue::{Entry, Queue};
use mail_parser::DateTime;
use souk_core::event::InvalidEvent;
use std::time::{SystemTime, UNIX_EPOCH};

/// The mail of an entry, `None` when it is about something else.
fn read(queue: &Queue, entry: &Entry) -> Result<Option<Queued>, InvalidEvent> {
    let mut read = event::read(&entry.event)?;
    if let Some(queued) = read.as_mut().filter(|_| queue.tracer().is_some()) {
        queued.begin_hop();
    }
    Ok(read)
}

/// Ends with a mail: the report about it, as of now.
fn report(queue: &Queue, queued: &Queued, ending: Ending<'_>) -> String {
    if let (Some(tracer), Some(hop)) = (queue.tracer(), &queued.hop) {
        tracer.end(hop.clone(), ending.error().map(str::to_owned));
    }
    let now_s = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_secs());
    let now = DateTime::from_timestamp(i64::try_from(now_s).unwrap_or_default());
    event::report(queued, ending, now.to_rfc3339())
}
