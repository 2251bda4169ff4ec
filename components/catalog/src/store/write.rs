//! Changes of products, and the events that the catalog applies.

use super::read;
use crate::domain::product::Content;
use crate::domain::reference::Reference;
use crate::views::{BatchOutcome, ProductDetail, SkuConflict};
use serde::Deserialize;
use souk_host::db::{Db, DbError, p};
use uuid::Uuid;

/// A product whose cached pages are older than `revision`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Changed {
    /// Its id.
    pub id: Uuid,
    /// Its slug.
    pub slug: String,
    /// What it is at now.
    pub revision: u64,
}

/// What became of a change. Everything but `Ok` wrote nothing.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Written {
    /// Done, with its events.
    Ok {
        /// How many products were created, updated or left alone.
        #[serde(flatten)]
        counts: Option<BatchOutcome>,
        /// The products that changed.
        changed: Vec<Changed>,
        /// The product in full, when only one was concerned.
        product: Option<Box<ProductDetail>>,
    },
    /// SKUs that other products have.
    SkuConflict {
        /// Each of them.
        conflicts: Vec<SkuConflict>,
    },
    /// The slug is taken.
    SlugConflict,
    /// No such product.
    NotFound,
    /// The product has another version by now.
    VersionConflict {
        /// The version it has.
        version: i64,
    },
}

/// Creates or updates products by slug.
pub async fn upsert(products: &[Content], traceparent: &str) -> Result<Written, DbError> {
    write("SELECT write_products($1, $2)", vec![p::json(&products), p::text(traceparent)]).await
}

/// Creates one product.
pub async fn create(product: &Content, traceparent: &str) -> Result<Written, DbError> {
    write("SELECT create_product($1, $2)", vec![p::json(product), p::text(traceparent)]).await
}

/// Changes one product; with a version only when it still has that one.
pub async fn patch(
    reference: &Reference,
    patch: &Content,
    version: Option<i64>,
    traceparent: &str,
) -> Result<Written, DbError> {
    let params = vec![
        p::opt_uuid(reference.id()),
        p::opt_text(reference.slug()),
        p::json(patch),
        p::opt_int(version),
        p::text(traceparent),
    ];
    write("SELECT patch_product($1, $2, $3, $4, $5)", params).await
}

/// Takes one product out of the shop.
pub async fn archive(reference: &Reference, traceparent: &str) -> Result<Written, DbError> {
    let params = vec![p::opt_uuid(reference.id()), p::opt_text(reference.slug()), p::text(traceparent)];
    write("SELECT archive_product($1, $2, $3)", params).await
}

/// Applies a batch of events (an array of envelopes) and tells which products' cached pages may be old.
pub async fn apply_events(batch: &str) -> Result<Vec<Changed>, DbError> {
    let json = Db::connect().await?.json("SELECT apply_events($1)", vec![p::raw_json(batch)]).await?;
    read(json.as_deref().unwrap_or("[]"))
}

async fn write(sql: &str, params: Vec<p::ParameterValue>) -> Result<Written, DbError> {
    match Db::connect().await?.json(sql, params).await? {
        Some(json) => read(&json),
        None => Err(DbError::Other(format!("{sql} returned nothing"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_of_the_functions_is_understood() {
        let read = |json: &str| serde_json::from_str::<Written>(json).unwrap();
        let ok = r#"{"outcome":"ok","created":1,"updated":0,"unchanged":2,"changed":[{"id":"01890a5d-ac96-774b-bcce-b302099a8057","slug":"a","revision":3}]}"#;
        assert!(matches!(
            read(ok),
            Written::Ok { counts: Some(BatchOutcome { created: 1, unchanged: 2, .. }), changed, product: None } if changed.len() == 1
        ));
        assert!(matches!(read(r#"{"outcome":"ok","changed":[]}"#), Written::Ok { counts: None, .. }));
        let conflict = r#"{"outcome":"sku_conflict","conflicts":[{"sku":"A","slug":"b","owner":"a"}]}"#;
        assert!(matches!(read(conflict), Written::SkuConflict { conflicts } if conflicts.len() == 1));
        assert!(matches!(read(r#"{"outcome":"slug_conflict"}"#), Written::SlugConflict));
        assert!(matches!(read(r#"{"outcome":"not_found"}"#), Written::NotFound));
        assert!(matches!(
            read(r#"{"outcome":"version_conflict","version":4}"#),
            Written::VersionConflict { version: 4 }
        ));
    }
}
