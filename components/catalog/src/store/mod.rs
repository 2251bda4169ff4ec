//! All SQL of the service. Reads return the shapes that leave the service; writes are one call of a function from the
//! migrations each, and tell which products' cached pages are old now.

mod collections;
mod export;
mod facets;
mod list;
mod shelves;
mod write;

pub use collections::{
    CollectionFound, CollectionRefused, change_collection, collection, collections, create_collection,
    delete_collection,
};
pub use export::{EXPORTED_AT_ONCE, export};
pub use facets::facets;
pub use list::{Found, page};
pub use shelves::{CategoryRefused, categories, change_category, create_category, delete_category, suggestions};
pub use write::{Changed, Done, Refused, Written, apply_events, archive, create, patch, upsert};

use crate::domain::reference::Reference;
use souk_host::db::{Db, DbError, p};
use uuid::Uuid;

/// A product as it stands in the database.
#[derive(Debug, Clone)]
pub struct Stored {
    /// What its ETag is made of.
    pub state: State,
    /// Whether it is for everybody to see.
    pub active: bool,
    /// All of it, as JSON.
    pub detail: String,
}

/// Which state of a product something is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// The product's id.
    pub id: Uuid,
    /// Grows with every change by the merchant.
    pub version: i64,
    /// Grows with everything a shopper can see of it.
    pub revision: u64,
}

/// The product of that name, whatever its status.
pub async fn product(reference: &Reference) -> Result<Option<Stored>, DbError> {
    const SELECT: &str =
        "SELECT p.id, p.version, p.revision, p.status = 'active', product_detail(p) FROM products p WHERE ";
    let (condition, name) = match reference {
        Reference::Id(id) => ("p.id = $1", p::uuid(*id)),
        Reference::Slug(slug) => ("p.slug = $1", p::text(slug)),
    };
    let row = Db::connect().await?.one(&format!("{SELECT}{condition}"), vec![name]).await?;
    let Some(row) = row else { return Ok(None) };
    let revision = u64::try_from(row.int(2)?).unwrap_or_default();
    let state = State { id: row.uuid(0)?, version: row.int(1)?, revision };
    Ok(Some(Stored { state, active: row.bool(3)?, detail: row.json(4)? }))
}

fn defect(what: &str) -> DbError {
    DbError::Other(what.to_owned())
}
