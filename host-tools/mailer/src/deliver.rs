//! Takes entries from the reader, delivers their mails, and finishes them: report and acknowledgement together.

mod by_smtp;
mod into_folder;

pub use by_smtp::by_smtp;
pub use into_folder::into_folder;

use crate::event::{self, Ending, Queued};
use mail_parser::DateTime;
use std::time::{SystemTime, UNIX_EPOCH};

/// The report about a mail, as of now.
fn report(queued: &Queued, ending: Ending<'_>) -> String {
    let now_s = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_secs());
    let now = DateTime::from_timestamp(i64::try_from(now_s).unwrap_or_default());
    event::report(queued, ending, now.to_rfc3339())
}
