//! Collections. Changes are one call of a function from the migrations each.

use super::defect;
use super::write::expected_versions;
use crate::domain::product::Content;
use serde::Deserialize;
use serde_json::value::RawValue;
use souk_host::db::{Db, DbError, p};
use uuid::Uuid;

/// All collections, in their order, as a JSON array.
pub async fn collections() -> Result<String, DbError> {
    const ALL: &str = "SELECT coalesce(jsonb_agg(collection_head(c) ORDER BY c.position, lower(c.title), c.slug), '[]') FROM collections c";
    let json = Db::connect().await?.json(ALL, vec![]).await?;
    json.ok_or_else(|| defect("the collections are one row"))
}

/// The last item of a page: its position and its product's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Last {
    /// Where it stood.
    pub position: i32,
    /// The product.
    pub id: Uuid,
}

/// One page of a collection, as JSON.
#[derive(Debug, Clone, Deserialize)]
pub struct CollectionFound {
    /// The collection itself.
    pub collection: Box<RawValue>,
    /// A JSON array of product cards.
    pub items: Box<RawValue>,
    /// The last item, when more follow it.
    pub last: Option<Last>,
}

/// One page of the collection of that slug, behind an item of the page before.
pub async fn collection(
    slug: &str,
    after: Option<(i32, Uuid)>,
    limit: u32,
) -> Result<Option<CollectionFound>, DbError> {
    let limit = i32::try_from(limit).unwrap_or(i32::MAX - 1);
    let params = vec![
        p::text(slug),
        after.map_or(p::null(), |(position, _)| p::int4(position)),
        p::opt_uuid(after.map(|(_, id)| id)),
        p::int4(limit),
    ];
    let json = Db::connect().await?.json("SELECT collection_page($1, $2, $3, $4)", params).await?;
    json.map(|json| serde_json::from_slice(json.as_bytes()).map_err(|error| defect(&error.to_string()))).transpose()
}

/// Why a collection was not changed. Nothing was written.
#[derive(Debug, Clone)]
pub enum CollectionRefused {
    /// The slug is taken.
    SlugTaken,
    /// No such collection.
    NotFound,
    /// It has this version by now.
    VersionConflict(i64),
    /// Slugs that no product has: a JSON array.
    UnknownProducts(Box<RawValue>),
}

/// What became of a change: the collection as JSON, when there is one.
pub type CollectionWritten = Result<Option<Box<RawValue>>, CollectionRefused>;

#[derive(Deserialize)]
struct Outcome {
    outcome: String,
    collection: Option<Box<RawValue>>,
    unknown: Option<Box<RawValue>>,
    version: Option<i64>,
}

/// Makes a collection.
pub async fn create_collection(content: &Content) -> Result<CollectionWritten, DbError> {
    write("SELECT create_collection($1)", vec![p::json(content)]).await
}

/// Changes a collection, when it has one of the expected versions (`None`: whatever it has).
pub async fn change_collection(
    slug: &str,
    patch: &Content,
    expected: Option<&[i64]>,
) -> Result<CollectionWritten, DbError> {
    let params = vec![p::text(slug), p::json(patch), expected_versions(expected)];
    write("SELECT change_collection($1, $2, $3)", params).await
}

/// Deletes a collection, when it has one of the expected versions. Its products stay.
pub async fn delete_collection(slug: &str, expected: Option<&[i64]>) -> Result<CollectionWritten, DbError> {
    write("SELECT delete_collection($1, $2)", vec![p::text(slug), expected_versions(expected)]).await
}

async fn write(sql: &str, params: Vec<p::ParameterValue>) -> Result<CollectionWritten, DbError> {
    let json = Db::connect().await?.json(sql, params).await?;
    understand(json.as_deref().unwrap_or("null"))
}

fn understand(json: &str) -> Result<CollectionWritten, DbError> {
    let it: Outcome = serde_json::from_slice(json.as_bytes()).map_err(|error| defect(&error.to_string()))?;
    Ok(match (it.outcome.as_str(), it.unknown) {
        ("ok", _) => Ok(it.collection),
        ("slug_conflict", _) => Err(CollectionRefused::SlugTaken),
        ("not_found", _) => Err(CollectionRefused::NotFound),
        ("version_conflict", _) => Err(CollectionRefused::VersionConflict(it.version.unwrap_or_default())),
        ("unknown_products", Some(unknown)) => Err(CollectionRefused::UnknownProducts(unknown)),
        (other, _) => return Err(defect(&format!("outcome {other} of a change is not known"))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_of_the_functions_is_understood() {
        let read = |json: &str| understand(json).unwrap();
        assert_eq!(read(r#"{"outcome":"ok","collection":{"a":1}}"#).unwrap().unwrap().get(), r#"{"a":1}"#);
        assert!(matches!(read(r#"{"outcome":"slug_conflict"}"#), Err(CollectionRefused::SlugTaken)));
        assert!(matches!(read(r#"{"outcome":"not_found"}"#), Err(CollectionRefused::NotFound)));
        let conflict = read(r#"{"outcome":"version_conflict","version":4}"#);
        assert!(matches!(conflict, Err(CollectionRefused::VersionConflict(4))));
        let unknown = read(r#"{"outcome":"unknown_products","unknown":["x"]}"#);
        assert!(matches!(unknown, Err(CollectionRefused::UnknownProducts(all)) if all.get() == r#"["x"]"#));
        assert!(understand(r#"{"outcome":"?"}"#).is_err());
    }
}
