//! Reads entries and hands them on, as fast as they are taken: first what this consumer left unfinished, then new
//! ones, and now and then what another consumer left behind.

use crate::queue::{Entry, Queue, STALE};
use std::time::Instant;
use tokio::sync::mpsc::Sender;

/// Reads until nobody takes entries any more. Aborting it loses nothing: what was read and not handed on stays pending.
pub async fn read(queue: Queue, to: Sender<Entry>) {
    let mut after = "0".to_owned();
    loop {
        let unfinished = queue.read_unfinished(&after).await;
        let Some(last) = unfinished.last() else { break };
        after.clone_from(&last.id);
        if hand_on(unfinished, &to).await.is_err() {
            return;
        }
    }
    let mut claimed_at: Option<Instant> = None;
    loop {
        if claimed_at.is_none_or(|at| at.elapsed() > STALE / 4) {
            if hand_on(queue.claim_stale().await, &to).await.is_err() {
                return;
            }
            claimed_at = Some(Instant::now());
        }
        if hand_on(queue.read_new().await, &to).await.is_err() {
            return;
        }
    }
}

async fn hand_on(entries: Vec<Entry>, to: &Sender<Entry>) -> Result<(), ()> {
    for entry in entries {
        to.send(entry).await.map_err(drop)?;
    }
    Ok(())
}
