//! All SQL of the service. Reads return the shapes that leave the service; writes are one call of a function from the
//! migrations each, and tell which products' cached pages are old now.

mod list;
mod write;

pub use list::{Found, page};
pub use write::{Changed, Written, apply_events, archive, create, patch, upsert};

use crate::domain::reference::Reference;
use crate::views::{CategoryCount, ProductDetail};
use serde::de::DeserializeOwned;
use souk_host::db::{Db, DbError, p};

/// A product as it stands in the database.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Grows with everything a shopper can see of it.
    pub revision: u64,
    /// All of it.
    pub detail: ProductDetail,
}

/// The product of that name, whatever its status.
pub async fn product(reference: &Reference) -> Result<Option<Stored>, DbError> {
    let (sql, name) = match reference {
        Reference::Id(id) => ("SELECT p.revision, product_detail(p) FROM products p WHERE p.id = $1", p::uuid(*id)),
        Reference::Slug(slug) => {
            ("SELECT p.revision, product_detail(p) FROM products p WHERE p.slug = $1", p::text(slug))
        }
    };
    let Some(row) = Db::connect().await?.one(sql, vec![name]).await? else { return Ok(None) };
    let revision = u64::try_from(row.int(0)?).unwrap_or_default();
    Ok(Some(Stored { revision, detail: read(&row.json(1)?)? }))
}

/// All categories that have active products, by title.
pub async fn categories() -> Result<Vec<CategoryCount>, DbError> {
    let sql = "SELECT coalesce(jsonb_agg(jsonb_build_object('slug', c.slug, 'title', c.title, 'products', n.products) \
                                         ORDER BY lower(c.title), c.slug), '[]') \
               FROM categories c \
               JOIN (SELECT category, count(*) AS products FROM products WHERE status = 'active' GROUP BY category) n \
                 ON n.category = c.slug";
    read(&Db::connect().await?.json(sql, vec![]).await?.unwrap_or_else(|| "[]".to_owned()))
}

/// Reads JSON that our own SQL made; a mismatch is a defect.
fn read<T: DeserializeOwned>(json: &str) -> Result<T, DbError> {
    serde_json::from_str(json).map_err(|error| DbError::Other(format!("unexpected JSON from the database: {error}")))
}
