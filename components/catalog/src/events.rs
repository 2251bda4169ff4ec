//! What the catalog listens to: stock, to say what can be bought, and its own events, which make sure that cached pages go
//! away even when the instance that wrote a change died right after it.

use crate::{
    cache::{self, Lists},
    store,
};
use souk_core::event::{Event, batch_json};
use souk_host::consumer::{ApplyError, Consumer};

/// The catalog's consumer group.
#[derive(Debug, Clone, Copy)]
pub struct Catalog;

impl Consumer for Catalog {
    fn service(&self) -> &'static str {
        "catalog"
    }

    fn wants(&self, event_type: &str) -> bool {
        matches!(event_type, "stock.changed" | "product.changed" | "product.removed")
    }

    /// An event is done only when the cache has been told, too: if Redis is away it comes again.
    async fn apply(&self, batch: &[Event]) -> Result<(), ApplyError> {
        let changed = store::apply_events(&batch_json(batch)).await?;
        Ok(cache::invalidate(&changed, Lists::Soon).await?)
    }

    async fn tick(&self) -> Result<(), ApplyError> {
        Ok(())
    }
}
