//! GET /api/catalog/collections/{slug}: a collection and a page of its products.

use super::super::{BRIEFLY, send};
use super::{no_such_collection, slug, version};
use crate::cache::{self, Answer, KnownList};
use crate::domain::compact::compact;
use crate::domain::query_string::{self, QueryStringError};
use crate::store::{self, CollectionFound};
use crate::views::CollectionPage;
use axum::response::Response;
use http::{HeaderMap, Uri};
use souk_core::page::{self, PageError};
use souk_core::problem::Problem;
use souk_host::ApiError;
use souk_host::http::ApiPath;
use uuid::Uuid;

/// A collection with its active products, in the merchant's order. Pages go on behind the last product shown, wherever it
/// stands by then.
#[utoipa::path(
    get, path = "/api/catalog/collections/{slug}", tag = "products", operation_id = "get_collection",
    params(
        ("slug" = String, Path, description = "Slug of the collection"),
        ("cursor" = Option<String>, Query, description = "next_cursor of the page before"),
        ("limit" = Option<i64>, Query, description = "Items on a page, 20 unless given", minimum = 1, maximum = 100),
        ("if-none-match" = Option<String>, Header, description = "ETag that the caller holds"),
    ),
    security(()), responses(
        (status = 200, description = "The collection, with an ETag that `If-Match` takes", body = CollectionPage),
        (status = 304, description = "The caller's ETag still stands"),
        (status = 400, description = "A parameter cannot be used; `detail` names it"),
        (status = 404, description = "no-such-collection"),
    )
)]
pub async fn get(ApiPath(segment): ApiPath<String>, uri: Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    let slug = slug(&segment)?;
    let (limit, after) = window(uri.query().unwrap_or_default())?;
    let name = format!("collection|{slug}|{limit}|{}", after.as_ref().map_or("", |(cursor, ..)| cursor));
    let known = cache::list(&name).await;
    if let KnownList::Answer(answer) = known {
        return Ok(send(answer, &headers, BRIEFLY));
    }
    let after = after.map(|(_, position, id)| (position, id));
    let found = store::collection(slug, after, limit).await?.ok_or_else(no_such_collection)?;
    let answer = render(&found);
    if let KnownList::Nothing { generation } = known {
        cache::fill_list(&name, generation, &answer).await;
    }
    Ok(send(answer, &headers, BRIEFLY))
}

type Window = (u32, Option<(String, i32, Uuid)>);

/// Page size, and the cursor with what it says: position and product of the last item.
fn window(query: &str) -> Result<Window, Problem> {
    let (mut limit, mut after) = (Ok(page::DEFAULT_LIMIT), Ok(None));
    query_string::visit(query, &["limit", "cursor"], &[], |name, value| {
        match name {
            _ if value.is_empty() => {}
            "limit" => limit = value.parse().map_err(|_| PageError::Limit).and_then(|asked| page::limit(Some(asked))),
            _ => {
                let last = page::decode_cursor::<(i32, Uuid)>(&value);
                after = last.map(|(position, id)| Some((value.into_owned(), position, id)));
            }
        }
        Ok::<(), QueryStringError>(())
    })
    .map_err(|error| Problem::bad_request("invalid-query", format!("{error}.")))?;
    let invalid = |error: PageError| Problem::bad_request("invalid-page", format!("{error}."));
    Ok((limit.map_err(invalid)?, after.map_err(invalid)?))
}

/// The JSON of a [`CollectionPage`]. The ETag begins with the version, which is what `If-Match` compares.
fn render(found: &CollectionFound) -> Answer {
    let cursor = found.last.map(|last| page::encode_cursor(&(last.position, last.id)));
    let cursor = cursor.map_or("null".to_owned(), |cursor| format!("\"{cursor}\""));
    let (collection, items) = (compact(found.collection.get()), compact(found.items.get()));
    let mut answer =
        Answer::hashed(format!("{{\"collection\":{collection},\"items\":{items},\"next_cursor\":{cursor}}}"));
    answer.etag = format!("\"c{}-{}\"", version(&found.collection), answer.etag.trim_matches('"'));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::conditional;

    #[test]
    fn a_page_carries_its_cursor_and_a_tag_that_a_change_may_name() {
        let found = r#"{"collection": {"slug":"a","title":"A","description_html":"","image_url":"","image_alt":"","position":0,
            "version":7,"products":3}, "items": [], "last": {"position": 4, "id": "01890a5d-ac96-774b-bcce-b302099a8057"}}"#;
        let answer = render(&serde_json::from_str(found).unwrap());
        assert_eq!(conditional::versions(&answer.etag), Some(vec![7]));
        let page: CollectionPage = serde_json::from_slice(&answer.body).unwrap();
        let query = format!("limit=3&cursor={}", page.next_cursor.unwrap());
        let (limit, after) = window(&query).unwrap();
        assert_eq!((limit, after.unwrap().1), (3, 4));
        for bad in ["limit=0", "limit=x", "cursor=AAAA", "cursor=%", "limit=1&limit=1"] {
            assert_eq!(window(bad).unwrap_err().status, 400, "{bad}");
        }
    }
}
