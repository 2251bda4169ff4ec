//! The doorbell's side of the service: it listens to no stream, but each tick cleans up what is over.

use crate::store;
use souk_core::event::Event;
use souk_host::consumer::{ApplyError, Consumer};

/// The consumer of the user service.
pub struct Users;

impl Consumer for Users {
    fn service(&self) -> &'static str {
        "user"
    }

    fn wants(&self, _event_type: &str) -> bool {
        false
    }

    async fn apply(&self, _batch: &[Event]) -> Result<(), ApplyError> {
        Ok(())
    }

    async fn tick(&self) -> Result<(), ApplyError> {
        Ok(store::sweep().await?)
    }
}
