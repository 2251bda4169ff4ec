//! Identifiers: UUIDv7, so that primary keys grow with time and indexes stay dense.

use uuid::Uuid;

/// A new UUIDv7 of this moment.
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}
