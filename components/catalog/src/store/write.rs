//! Changes of products, and the events that the catalog applies.

use super::{State, defect};
use crate::domain::product::Content;
use crate::domain::reference::Reference;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
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

/// A change that was made, with its events.
#[derive(Debug, Clone)]
pub struct Done {
    /// How many products were created.
    pub created: i64,
    /// How many differed and are now as given.
    pub updated: i64,
    /// How many already were as given.
    pub unchanged: i64,
    /// The products that changed.
    pub changed: Vec<Changed>,
    /// The product in full as JSON and its state, when only one was concerned.
    pub product: Option<(Box<RawValue>, State)>,
}

/// Why a change was not made. Nothing was written.
#[derive(Debug, Clone)]
pub enum Refused {
    /// SKUs that other products have: a JSON array that names each.
    SkuConflict(Box<RawValue>),
    /// The slug is taken.
    SlugConflict,
    /// No such product.
    NotFound,
    /// The product has this version by now.
    VersionConflict(i64),
}

/// What the functions return; which members are there depends on the outcome.
#[derive(Deserialize)]
struct Outcome {
    outcome: String,
    created: Option<i64>,
    updated: Option<i64>,
    unchanged: Option<i64>,
    changed: Option<Vec<Changed>>,
    product: Option<Box<RawValue>>,
    conflicts: Option<Box<RawValue>>,
    id: Option<Uuid>,
    version: Option<i64>,
    revision: Option<u64>,
}

impl Outcome {
    fn product(self) -> Option<(Box<RawValue>, State)> {
        Some((self.product?, State { id: self.id?, version: self.version?, revision: self.revision? }))
    }
}

/// What became of a change.
pub type Written = Result<Done, Refused>;

/// Creates or updates products by slug; each of `products` is a [`Content`].
pub async fn upsert<T: Serialize>(products: &[T], traceparent: &str) -> Result<Written, DbError> {
    write("SELECT write_products($1, $2)", vec![p::json(&products), p::text(traceparent)]).await
}

/// Creates one product.
pub async fn create(product: &Content, traceparent: &str) -> Result<Written, DbError> {
    write("SELECT create_product($1, $2)", vec![p::json(product), p::text(traceparent)]).await
}

/// Changes one product, when it has one of the expected versions (`None`: whatever it has).
pub async fn patch(
    reference: &Reference,
    patch: &Content,
    expected: Option<&[i64]>,
    traceparent: &str,
) -> Result<Written, DbError> {
    let params = vec![
        p::opt_uuid(reference.id()),
        p::opt_text(reference.slug()),
        p::json(patch),
        expected_versions(expected),
        p::text(traceparent),
    ];
    write("SELECT patch_product($1, $2, $3, $4, $5)", params).await
}

/// Takes one product out of the shop, when it has one of the expected versions.
pub async fn archive(reference: &Reference, expected: Option<&[i64]>, traceparent: &str) -> Result<Written, DbError> {
    let params = vec![
        p::opt_uuid(reference.id()),
        p::opt_text(reference.slug()),
        expected_versions(expected),
        p::text(traceparent),
    ];
    write("SELECT archive_product($1, $2, $3, $4)", params).await
}

/// An array of versions, or null for any.
pub(super) fn expected_versions(expected: Option<&[i64]>) -> p::ParameterValue {
    expected.map_or(p::null(), |versions| p::int_array(versions.iter().copied()))
}

/// Applies a batch of events (an array of envelopes) and tells which products' cached pages may be old.
pub async fn apply_events(batch: &str) -> Result<Vec<Changed>, DbError> {
    let json = Db::connect().await?.json("SELECT apply_events($1)", vec![p::raw_json(batch)]).await?;
    serde_json::from_slice(json.as_deref().unwrap_or("[]").as_bytes()).map_err(|error| defect(&error.to_string()))
}

async fn write(sql: &str, params: Vec<p::ParameterValue>) -> Result<Written, DbError> {
    let json = Db::connect().await?.json(sql, params).await?;
    understand(json.as_deref().unwrap_or("null"))
}

fn understand(json: &str) -> Result<Written, DbError> {
    let it: Outcome = serde_json::from_slice(json.as_bytes()).map_err(|error| defect(&error.to_string()))?;
    Ok(match it.outcome.as_str() {
        "ok" => Ok(Done {
            created: it.created.unwrap_or_default(),
            updated: it.updated.unwrap_or_default(),
            unchanged: it.unchanged.unwrap_or_default(),
            changed: it.changed.clone().unwrap_or_default(),
            product: it.product(),
        }),
        "sku_conflict" => Err(Refused::SkuConflict(it.conflicts.ok_or_else(|| defect("a conflict names no SKU"))?)),
        "slug_conflict" => Err(Refused::SlugConflict),
        "not_found" => Err(Refused::NotFound),
        "version_conflict" => Err(Refused::VersionConflict(it.version.unwrap_or_default())),
        other => return Err(defect(&format!("outcome {other} of a change is not known"))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_of_the_functions_is_understood() {
        let read = |json: &str| understand(json).unwrap();
        let ok = r#"{"outcome":"ok","created":1,"updated":0,"unchanged":2,"changed":[{"id":"01890a5d-ac96-774b-bcce-b302099a8057","slug":"a","revision":3}],"product":{"a": 1},"id":"01890a5d-ac96-774b-bcce-b302099a8057","version":2,"revision":3}"#;
        let done = read(ok).unwrap();
        assert_eq!((done.created, done.unchanged, done.changed[0].revision), (1, 2, 3));
        let (product, state) = done.product.unwrap();
        assert_eq!((product.get(), state.version, state.revision), (r#"{"a": 1}"#, 2, 3));
        assert!(read(r#"{"outcome":"ok","changed":[]}"#).unwrap().product.is_none());
        let conflict = r#"{"outcome":"sku_conflict","conflicts":[{"sku":"A","slug":"b","owner":"a"}]}"#;
        assert!(matches!(read(conflict), Err(Refused::SkuConflict(all)) if all.get().contains("\"A\"")));
        assert!(matches!(read(r#"{"outcome":"slug_conflict"}"#), Err(Refused::SlugConflict)));
        assert!(matches!(read(r#"{"outcome":"not_found"}"#), Err(Refused::NotFound)));
        assert!(matches!(read(r#"{"outcome":"version_conflict","version":4}"#), Err(Refused::VersionConflict(4))));
        assert!(understand(r#"{"outcome":"?"}"#).is_err());
        assert!(understand("null").is_err());
    }
}
