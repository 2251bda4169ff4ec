//! The tree of categories.

pub mod create;
pub mod delete;
pub mod list;
pub mod update;

use crate::domain::{compact::compact, shelving};
use crate::store::CategoryRefused;
use axum::response::Response;
use http::StatusCode;
use serde_json::value::RawValue;
use souk_core::problem::Problem;
use souk_host::ApiError;
use souk_host::reply::json_text;

fn no_such_category() -> ApiError {
    Problem::not_found("no-such-category", "There is no category of that name in the shop.").into()
}

/// The slug in a path; what can be none names nothing.
fn slug(segment: &str) -> Result<&str, ApiError> {
    if shelving::is_shelf_slug(segment) { Ok(segment) } else { Err(no_such_category()) }
}

fn category_response(status: StatusCode, category: Option<Box<RawValue>>) -> Result<Response, ApiError> {
    let category = category.ok_or_else(|| ApiError::defect("a changed category was not returned"))?;
    Ok(json_text(status, compact(category.get())))
}

/// The problem that a refused change is answered with.
fn refusal(refused: CategoryRefused) -> ApiError {
    let conflict = |slug: &str, detail: &str| Problem::conflict(slug, detail);
    match refused {
        CategoryRefused::NotFound => return no_such_category(),
        CategoryRefused::SlugTaken => conflict(
            "category-taken",
            "There is a category with this slug already. Change that one, or choose another slug.",
        ),
        CategoryRefused::NoParent => {
            conflict("no-such-parent", "The parent is no category. Make it first, or choose another one.")
        }
        CategoryRefused::Cycle => {
            conflict("category-cycle", "The parent is the category itself or within it. Choose one outside of it.")
        }
        CategoryRefused::NotEmpty { products, children } => conflict(
            "category-not-empty",
            "Products or categories are in it, archived products included. Move them elsewhere first.",
        )
        .with("products", products)
        .with("children", children),
    }
    .into()
}
