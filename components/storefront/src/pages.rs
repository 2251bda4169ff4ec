//! What is answered to a request, as plain data: the built shop with its files, one page that can be read without it, and a
//! problem or a page where nothing is.
//!
//! No answer may run or load anything that is not the shop's own: the policy names neither an inline script nor an inline
//! style. The plain page has its style sheet in it, admitted by its hash; a test keeps the hash right.

use crate::assets::Asset;
use crate::routes::has_page;
use std::borrow::Cow;

const STYLE: &str = include_str!("../pages/style.css");
const STYLE_HASH: &str = include_str!("../pages/style.css.sha256");
const ABOUT: &str = include_str!("../pages/about.html");
const NOT_FOUND: &str = include_str!("../pages/not-found.html");

const HTML: &str = "text/html; charset=utf-8";
/// What the shop in the browser may do: its own scripts and styles, its own API, and pictures from wherever a merchant has
/// them.
const SHOP_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
    img-src 'self' https:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'";

/// What a caller sent that decides the answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// Whether the method only reads.
    pub reads: bool,
    /// The path, without a query.
    pub path: &'a str,
    /// `Accept`.
    pub accept: &'a str,
    /// `Accept-Encoding`.
    pub accept_encoding: &'a str,
    /// `If-None-Match`.
    pub if_none_match: &'a str,
}

/// A response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body; the host leaves it out for HEAD.
    pub body: Cow<'static, [u8]>,
}

/// The answer to a request.
pub fn answer(asked: &Asked<'_>) -> Page {
    let wants_html = asked.accept.contains("text/html");
    let mut page = match (asked.path, Asset::find(asked.path)) {
        // The page of the application is served at its addresses, not by its file's name.
        (path, Some(asset)) if path != "/index.html" => read_only(asked, || file(asset, asked, keep_of(asset), 200)),
        (path, _) if has_page(path) => read_only(asked, || shop(asked, 200)),
        ("/about-this-shop", _) => read_only(asked, || plain_page(200, ABOUT)),
        // A file that is gone must not come back as a page: a browser would take it for a script.
        (path, _) if wants_html && !path.starts_with("/api/") && !path.starts_with("/assets/") => shop(asked, 404),
        _ if wants_html => plain_page(404, NOT_FOUND),
        _ => problem(404, "no-such-route", "Not found", "There is nothing at this address."),
    };
    page.headers.extend([
        ("x-content-type-options", "nosniff".to_owned()),
        ("referrer-policy", "strict-origin-when-cross-origin".to_owned()),
        ("cross-origin-opener-policy", "same-origin".to_owned()),
        ("cross-origin-resource-policy", "same-origin".to_owned()),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()".to_owned()),
    ]);
    page
}

fn read_only(asked: &Asked<'_>, page: impl FnOnce() -> Page) -> Page {
    if asked.reads { page() } else { not_allowed() }
}

/// The page of the application. It is asked about each time, so that a new release is seen at once.
fn shop(asked: &Asked<'_>, status: u16) -> Page {
    Asset::find("/index.html")
        .map_or_else(|| plain_page(404, NOT_FOUND), |asset| file(asset, asked, "no-cache", status))
}

fn keep_of(asset: &Asset) -> &'static str {
    if asset.is_hashed() { "public, max-age=31536000, immutable" } else { "public, max-age=3600" }
}

fn file(asset: &'static Asset, asked: &Asked<'_>, keep: &str, status: u16) -> Page {
    let (encoding, body) = asset.body(asked.accept_encoding);
    let tag = asset.entity_tag(encoding);
    let mut headers = vec![
        ("cache-control", if status == 200 { keep } else { "no-store" }.to_owned()),
        ("vary", "accept-encoding".to_owned()),
        ("content-security-policy", SHOP_POLICY.to_owned()),
    ];
    if status == 200 {
        headers.push(("etag", tag.clone()));
        if matches(asked.if_none_match, &tag) {
            return Page { status: 304, headers, body: Cow::Borrowed(&[]) };
        }
    }
    headers.push(("content-type", asset.content_type.to_owned()));
    headers.extend(encoding.name().map(|name| ("content-encoding", name.to_owned())));
    Page { status, headers, body: Cow::Borrowed(body) }
}

/// Whether an `If-None-Match` names this version; proxies may have made the tag a weak one.
fn matches(if_none_match: &str, tag: &str) -> bool {
    if_none_match.split(',').map(str::trim).any(|held| held == "*" || held.strip_prefix("W/").unwrap_or(held) == tag)
}

/// A page that needs nothing else, with the style sheet in the place that it keeps for it.
fn plain_page(status: u16, page: &str) -> Page {
    let (head, body) = page.split_once("/* style.css */").unwrap_or((page, ""));
    let mut page = typed(status, HTML, [head, STYLE, body].concat());
    page.headers.push((
        "content-security-policy",
        format!(
            "default-src 'none'; style-src 'sha256-{}'; img-src 'self'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'",
            STYLE_HASH.trim()
        ),
    ));
    page
}

fn not_allowed() -> Page {
    let mut page = problem(405, "method-not-allowed", "Method not allowed", "This address can only be read.");
    page.headers.push(("allow", "GET, HEAD".to_owned()));
    page
}

fn problem(status: u16, slug: &str, title: &str, detail: &str) -> Page {
    let body =
        format!(r#"{{"type":"urn:souk:problem:{slug}","title":"{title}","status":{status},"detail":"{detail}"}}"#);
    let mut page = typed(status, "application/problem+json", body);
    page.headers.push(("content-security-policy", "default-src 'none'; frame-ancestors 'none'".to_owned()));
    page
}

fn typed(status: u16, content_type: &str, body: String) -> Page {
    let keep = if status == 200 { "public, max-age=300" } else { "no-store" };
    let headers = vec![
        ("content-type", content_type.to_owned()),
        ("cache-control", keep.to_owned()),
        ("vary", "accept".to_owned()),
    ];
    Page { status, headers, body: Cow::Owned(body.into_bytes()) }
}

#[cfg(test)]
mod tests;
