//! All SQL of the service. Reads return the shapes that leave the service; writes are one call of a function from the
//! migrations each, and tell which products' cached pages are old now.

mod list;
mod write;

pub use list::{Found, page};
pub use write::{Changed, Done, Refused, Written, apply_events, archive, create, patch, upsert};

use crate::domain::reference::Reference;
use souk_host::db::{Db, DbError, p};
use uuid::Uuid;

/// A product as it stands in the database.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its id.
    pub id: Uuid,
    /// Grows with everything a shopper can see of it.
    pub revision: u64,
    /// Whether it is for everybody to see.
    pub active: bool,
    /// All of it, as JSON.
    pub detail: String,
}

/// The product of that name, whatever its status.
pub async fn product(reference: &Reference) -> Result<Option<Stored>, DbError> {
    const SELECT: &str = "SELECT p.id, p.revision, p.status = 'active', product_detail(p) FROM products p WHERE ";
    let (condition, name) = match reference {
        Reference::Id(id) => ("p.id = $1", p::uuid(*id)),
        Reference::Slug(slug) => ("p.slug = $1", p::text(slug)),
    };
    let row = Db::connect().await?.one(&format!("{SELECT}{condition}"), vec![name]).await?;
    let Some(row) = row else { return Ok(None) };
    let revision = u64::try_from(row.int(1)?).unwrap_or_default();
    Ok(Some(Stored { id: row.uuid(0)?, revision, active: row.bool(2)?, detail: row.json(3)? }))
}

/// A JSON array of all categories that have active products, by title.
pub async fn categories() -> Result<String, DbError> {
    let json = Db::connect().await?.json(CATEGORIES, vec![]).await?;
    json.ok_or_else(|| defect("the categories are one row"))
}

const CATEGORIES: &str = "SELECT coalesce(jsonb_agg(jsonb_build_object('slug', c.slug, 'title', c.title, 'products', n.products) \
                               ORDER BY lower(c.title), c.slug), '[]') \
     FROM categories c \
     JOIN (SELECT category, count(*) AS products FROM products WHERE status = 'active' GROUP BY category) n \
       ON n.category = c.slug";

fn defect(what: &str) -> DbError {
    DbError::Other(what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::CategoryList;
    use anyhow::Result;
    use serde_json::{Value, json};
    use souk_testkit::Postgres;

    #[tokio::test]
    async fn categories_count_active_products_and_hide_empty_shelves() -> Result<()> {
        let db = Postgres::shared().migrated("catalog").await?.connect().await?;
        db.batch_execute(
            "INSERT INTO categories VALUES ('tea', 'tea'), ('lamps', 'Lamps'), ('empty', 'Empty');
             INSERT INTO products (slug, title, category, status, price_from_minor, currency) VALUES
               ('a', 'a', 'tea', 'active', 1, 'EUR'), ('b', 'b', 'tea', 'active', 1, 'EUR'), ('c', 'c', 'lamps', 'active', 1, 'EUR'),
               ('d', 'd', 'tea', 'draft', 1, 'EUR'), ('e', 'e', 'empty', 'archived', 1, 'EUR')",
        )
        .await?;
        let items: Value = db.query_one(CATEGORIES, &[]).await?.get(0);
        let list = json!({"items": items});
        assert_eq!(
            list,
            json!({"items": [{"slug": "lamps", "title": "Lamps", "products": 1}, {"slug": "tea", "title": "tea", "products": 2}]})
        );
        serde_json::from_value::<CategoryList>(list)?;
        Ok(())
    }
}
