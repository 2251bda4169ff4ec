//! Categories and suggestions. Changes of categories are one call of a function from the migrations each.

use super::defect;
use crate::domain::product::Content;
use crate::domain::shelving::NewCategory;
use serde::Deserialize;
use serde_json::value::RawValue;
use souk_host::db::{Db, DbError, p};

/// The tree of categories as a JSON array; with `with_empty` also those in which nothing is.
pub async fn categories(with_empty: bool) -> Result<String, DbError> {
    let json = Db::connect().await?.json("SELECT list_categories($1)", vec![p::bool(with_empty)]).await?;
    json.ok_or_else(|| defect("the categories are one row"))
}

/// What a shopper may mean who has typed `words` so far, with at most `most` products.
pub async fn suggestions(words: &str, most: i32) -> Result<String, DbError> {
    let json = Db::connect().await?.json("SELECT suggestions($1, $2)", vec![p::text(words), p::int4(most)]).await?;
    json.ok_or_else(|| defect("suggestions are one row"))
}

/// Why a category was not changed. Nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CategoryRefused {
    /// The slug is taken.
    SlugTaken,
    /// No such category.
    NotFound,
    /// The parent is no category.
    NoParent,
    /// It would be within itself.
    Cycle,
    /// Something is in it.
    NotEmpty {
        /// Products of any status.
        products: i64,
        /// Categories right below it.
        children: i64,
    },
}

/// What became of a change: the category as JSON, when there is one.
pub type CategoryWritten = Result<Option<Box<RawValue>>, CategoryRefused>;

#[derive(Deserialize)]
struct Outcome {
    outcome: String,
    category: Option<Box<RawValue>>,
    products: Option<i64>,
    children: Option<i64>,
}

/// Makes a category.
pub async fn create_category(new: &NewCategory) -> Result<CategoryWritten, DbError> {
    let params =
        vec![p::text(&new.slug), p::text(&new.title), p::opt_text(new.parent.as_deref()), p::int4(new.position)];
    write("SELECT create_category($1, $2, $3, $4)", params).await
}

/// Renames or moves a category.
pub async fn change_category(slug: &str, patch: &Content) -> Result<CategoryWritten, DbError> {
    write("SELECT change_category($1, $2)", vec![p::text(slug), p::json(patch)]).await
}

/// Deletes a category in which nothing is.
pub async fn delete_category(slug: &str) -> Result<CategoryWritten, DbError> {
    write("SELECT delete_category($1)", vec![p::text(slug)]).await
}

async fn write(sql: &str, params: Vec<p::ParameterValue>) -> Result<CategoryWritten, DbError> {
    let json = Db::connect().await?.json(sql, params).await?;
    understand(json.as_deref().unwrap_or("null"))
}

fn understand(json: &str) -> Result<CategoryWritten, DbError> {
    let it: Outcome = serde_json::from_slice(json.as_bytes()).map_err(|error| defect(&error.to_string()))?;
    Ok(match it.outcome.as_str() {
        "ok" => Ok(it.category),
        "slug_conflict" => Err(CategoryRefused::SlugTaken),
        "not_found" => Err(CategoryRefused::NotFound),
        "no_parent" => Err(CategoryRefused::NoParent),
        "cycle" => Err(CategoryRefused::Cycle),
        "not_empty" => Err(CategoryRefused::NotEmpty {
            products: it.products.unwrap_or_default(),
            children: it.children.unwrap_or_default(),
        }),
        other => return Err(defect(&format!("outcome {other} of a change is not known"))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_of_the_functions_is_understood() {
        let refused = |json: &str| understand(json).unwrap().unwrap_err();
        assert_eq!(understand(r#"{"outcome":"ok","category":{"a":1}}"#).unwrap().unwrap().unwrap().get(), r#"{"a":1}"#);
        assert!(understand(r#"{"outcome":"ok"}"#).unwrap().unwrap().is_none());
        assert_eq!(refused(r#"{"outcome":"slug_conflict"}"#), CategoryRefused::SlugTaken);
        assert_eq!(refused(r#"{"outcome":"not_found"}"#), CategoryRefused::NotFound);
        assert_eq!(refused(r#"{"outcome":"no_parent"}"#), CategoryRefused::NoParent);
        assert_eq!(refused(r#"{"outcome":"cycle"}"#), CategoryRefused::Cycle);
        let not_empty = CategoryRefused::NotEmpty { products: 2, children: 1 };
        assert_eq!(refused(r#"{"outcome":"not_empty","products":2,"children":1}"#), not_empty);
        assert!(understand(r#"{"outcome":"?"}"#).is_err());
    }
}
