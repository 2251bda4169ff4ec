//! GET /api/catalog/products: one page of a list, searched, filtered and sorted; public ones from the cache.

use super::{PRIVATE, send, send_list};
use crate::cache::Answer;
use crate::domain::compact::compact;
use crate::domain::listing::{Listing, ListingError, Shelf};
use crate::domain::position::Match;
use crate::{store, views::ProductPage};
use axum::extract::{FromRequestParts, Request};
use axum::response::Response;
use http::HeaderMap;
use souk_core::problem::Problem;
use souk_host::ApiError;
use souk_host::db::DbError;
use souk_host::http::Identity;

/// A page of products. Without `q` the newest come first; with it the best matches.
#[utoipa::path(
    get, path = "/api/catalog/products", tag = "products", operation_id = "list_products",
    params(
        ("q" = Option<String>, Query, description = "Words to search for: \"quoted phrase\", -without, or. Misspelt words find similar titles", max_length = 200),
        ("category" = Option<String>, Query, description = "Slug of a category; products in the categories below it are listed, too", max_length = 128, pattern = "^[a-z0-9-]*$"),
        ("min_price" = Option<i64>, Query, description = "Cheapest variant costs at least this, in minor units", minimum = 0, maximum = 1000000000000_i64),
        ("max_price" = Option<i64>, Query, description = "Cheapest variant costs at most this, in minor units", minimum = 0, maximum = 1000000000000_i64),
        ("in_stock" = Option<bool>, Query, description = "true: only what can be bought now"),
        ("vendor" = Option<Vec<String>>, Query, description = "Maker or brand, exactly; given several times: one of them"),
        ("tag" = Option<Vec<String>>, Query, description = "A tag, exactly; given several times: all of them"),
        ("option" = Option<Vec<String>>, Query, description = "What a variant is, as in Colour:Indigo; given several times: one of the values of each name"),
        ("facets" = Option<bool>, Query, description = "true: with counts of what each filter would find"),
        ("sort" = Option<String>, Query, description = "relevance, newest, price_asc, price_desc or title", pattern = "^(relevance|newest|price_asc|price_desc|title)?$"),
        ("cursor" = Option<String>, Query, description = "next_cursor of the page before"),
        ("limit" = Option<i64>, Query, description = "Items on a page, 20 unless given", minimum = 1, maximum = 100),
        ("status" = Option<String>, Query, description = "active; for merchants also draft, archived or all", pattern = "^(active|draft|archived|all)?$"),
        ("if-none-match" = Option<String>, Header, description = "ETag that the caller holds"),
    ),
    security((), ("bearer" = [])), responses(
        (status = 200, description = "A page, with an ETag", body = ProductPage),
        (status = 304, description = "The caller's ETag still stands"),
        (status = 400, description = "A parameter cannot be used; `detail` names it"),
        (status = 403, description = "Only merchants see what is not active"),
    )
)]
pub async fn get(request: Request) -> Result<Response, ApiError> {
    let (mut parts, _) = request.into_parts();
    let listing = parse(parts.uri.query().unwrap_or_default())?;
    if listing.shelf == Shelf::Public {
        return public(&listing, &parts.headers).await;
    }
    super::require_merchant(&Identity::from_request_parts(&mut parts, &()).await?)?;
    Ok(send(made(&listing).await?, &parts.headers, PRIVATE))
}

/// Reads the query string.
pub fn parse(query: &str) -> Result<Listing, ApiError> {
    Listing::parse(query).map_err(|error| {
        let slug = match error {
            ListingError::Page(_) => "invalid-page",
            _ => "invalid-query",
        };
        Problem::bad_request(slug, format!("{error}.")).into()
    })
}

/// The answer for everybody. Nothing in it depends on who asks.
pub async fn public(listing: &Listing, headers: &HeaderMap) -> Result<Response, ApiError> {
    send_list(&listing.canonical(), headers, made(listing)).await
}

async fn made(listing: &Listing) -> Result<Answer, DbError> {
    let found = store::page(listing).await?;
    let facets = if listing.facets { Some(store::facets(listing, found.found_by).await?) } else { None };
    Ok(render(&found, facets.as_deref()))
}

/// The JSON of a [`ProductPage`]; a cursor has no character that JSON would escape.
fn render(found: &store::Found, facets: Option<&str>) -> Answer {
    let cursor = found.next.as_ref().map_or("null".to_owned(), |next| format!("\"{}\"", next.encode()));
    let approximate = found.found_by == Match::Similar && !found.is_empty;
    let items = compact(&found.items);
    let facets = facets.map_or_else(String::new, |facets| format!(",\"facets\":{}", compact(facets)));
    Answer::hashed(format!("{{\"items\":{items},\"next_cursor\":{cursor},\"approximate\":{approximate}{facets}}}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::position::{Position, Sort, SortKey};
    use uuid::Uuid;

    #[test]
    fn a_page_is_written_as_its_type_says() {
        let next = Position { sort: Sort::Newest, found_by: Match::Similar, key: SortKey::None, id: Uuid::nil() };
        let cursor = next.encode();
        let found =
            store::Found { items: "[]".to_owned(), next: Some(next), found_by: Match::Similar, is_empty: false };
        let read = |found: &store::Found| serde_json::from_slice::<ProductPage>(&render(found, None).body).unwrap();
        let page = read(&found);
        assert_eq!((page.items.len(), page.next_cursor, page.approximate), (0, Some(cursor), true));
        let page = read(&store::Found { next: None, is_empty: true, ..found });
        assert_eq!((page.next_cursor, page.approximate), (None, false));
    }
}
