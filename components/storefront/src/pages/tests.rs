use super::*;
use crate::assets::ASSETS;
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

const PEOPLE: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

fn asked(path: &str) -> Asked<'_> {
    Asked { reads: true, path, accept: PEOPLE, ..Asked::default() }
}

fn get(path: &str) -> Page {
    answer(&asked(path))
}

fn header<'a>(page: &'a Page, name: &str) -> &'a str {
    page.headers.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
}

fn text(page: &Page) -> &str {
    std::str::from_utf8(&page.body).unwrap()
}

fn a_script() -> &'static Asset {
    ASSETS.iter().find(|asset| asset.path.starts_with("/assets/") && asset.path.ends_with(".js")).unwrap()
}

#[test]
fn the_shop_is_at_all_of_its_addresses_and_asked_about_each_time() {
    for path in ["/", "/c/ceramics", "/products/a", "/checkout", "/admin/orders"] {
        let page = get(path);
        assert_eq!(
            (page.status, header(&page, "content-type"), header(&page, "cache-control")),
            (200, HTML, "no-cache")
        );
        assert!(text(&page).contains("<div id=\"root\">"), "{path}");
    }
}

#[test]
fn an_address_without_a_page_is_not_found_in_the_shops_own_words() {
    let page = get("/nowhere");
    assert_eq!((page.status, header(&page, "cache-control")), (404, "no-store"));
    assert!(text(&page).contains("<div id=\"root\">"));
    assert!(header(&page, "etag").is_empty());
}

#[test]
fn files_with_a_hash_in_their_name_are_kept_for_good_and_missing_ones_are_missing() {
    let script = get(a_script().path);
    assert_eq!((script.status, header(&script, "content-type")), (200, "text/javascript; charset=utf-8"));
    assert_eq!(header(&script, "cache-control"), "public, max-age=31536000, immutable");
    for accept in [PEOPLE, "*/*"] {
        let missing = answer(&Asked { accept, ..asked("/assets/gone-12345678.js") });
        assert_eq!(missing.status, 404);
        assert!(!text(&missing).contains("<div id=\"root\">"));
    }
    assert!(header(&get("/favicon.svg"), "cache-control").contains("max-age=3600"));
}

#[test]
fn what_was_compressed_at_build_time_is_sent_to_whoever_takes_it() {
    let script = a_script().path;
    let mut sizes = Vec::new();
    for (accept_encoding, encoding) in [("", ""), ("gzip, deflate", "gzip"), ("gzip, deflate, br, zstd", "br")] {
        let page = answer(&Asked { accept_encoding, ..asked(script) });
        assert_eq!(header(&page, "content-encoding"), encoding);
        assert_eq!(header(&page, "vary"), "accept-encoding");
        sizes.push(page.body.len());
    }
    assert!(sizes.is_sorted_by(|a, b| a > b), "{sizes:?}");
}

#[test]
fn what_a_browser_holds_is_not_sent_again() {
    let encoded = Asked { accept_encoding: "br", ..asked("/") };
    let tag = header(&answer(&encoded), "etag").to_owned();
    for held in [tag.as_str(), &format!("W/{tag}"), &format!("\"x\", {tag}")] {
        let again = answer(&Asked { if_none_match: held, ..encoded });
        assert_eq!((again.status, again.body.len(), header(&again, "etag")), (304, 0, tag.as_str()));
    }
    assert_eq!(answer(&Asked { if_none_match: &tag, ..asked("/") }).status, 200, "the tag is of another encoding");
}

#[test]
fn the_policy_admits_no_inline_script_or_style_and_the_page_needs_none() {
    let page = get("/");
    let policy = header(&page, "content-security-policy");
    assert!(policy.contains("script-src 'self';") && policy.contains("style-src 'self';"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("data:") && !policy.contains("  "), "{policy}");
    for tag in text(&page).split('<') {
        let tag = tag.split('>').next().unwrap_or_default();
        assert!(!tag.starts_with("style") && !tag.contains(" style=") && !tag.contains(" on"), "{tag}");
        assert!(!tag.starts_with("script") || tag.contains(" src=\"/assets/"), "{tag}");
    }
}

#[test]
fn the_policy_of_the_plain_pages_admits_exactly_their_style() {
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    assert_eq!(hash, STYLE_HASH.trim(), "write the left hash into pages/style.css.sha256");
    for (path, status) in [("/about-this-shop", 200), ("/api/nowhere", 404)] {
        let response = get(path);
        assert_eq!(response.status, status);
        let (_, rest) = text(&response).split_once("<style>").unwrap();
        assert_eq!(rest.split_once("</style>").unwrap().0, STYLE);
        assert!(header(&response, "content-security-policy").contains(&format!("style-src 'sha256-{hash}'")));
    }
}

#[test]
fn the_plain_pages_need_no_more_than_the_policy_allows() {
    for page in [ABOUT, NOT_FOUND] {
        for forbidden in ["<script", " style=", " on", "<form", "http-equiv", "<base", "<iframe"] {
            let found = page
                .split('<')
                .any(|tag| format!("<{}", tag.split('>').next().unwrap_or_default()).contains(forbidden));
            assert!(!found, "{forbidden}");
        }
        assert!(!page.contains("href=\"http://localhost:9080"), "links within the shop are relative");
    }
    assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
}

#[test]
fn every_service_has_its_documents_on_the_page_about_the_shop() {
    for api in ["users", "catalog", "inventory", "orders", "payments", "notifications", "analytics"] {
        for link in ["openapi.json", "healthz", "readyz"] {
            assert!(ABOUT.contains(&format!("href=\"/api/{api}/{link}\"")), "{api} {link}");
        }
    }
    assert!(ABOUT.contains("http://localhost:9083"));
}

#[test]
fn people_get_a_page_and_programs_a_problem_where_nothing_is() {
    let page = get("/api/nothing");
    assert_eq!((page.status, header(&page, "content-type")), (404, HTML));
    let problem = answer(&Asked { accept: "*/*", ..asked("/api/nothing") });
    assert_eq!((problem.status, header(&problem, "content-type")), (404, "application/problem+json"));
    assert!(text(&problem).starts_with(r#"{"type":"urn:souk:problem:no-such-route","title":"Not found","status":404"#));
    assert_eq!(header(&problem, "vary"), "accept");
}

#[test]
fn a_path_never_comes_back_in_a_page() {
    for accept in [PEOPLE, "*/*"] {
        let page = answer(&Asked { accept, ..asked("/<script>alert(1)</script>") });
        assert!(!text(&page).contains("alert(1)"));
    }
}

#[test]
fn pages_and_files_can_only_be_read() {
    for path in ["/", "/about-this-shop", a_script().path] {
        let posted = answer(&Asked { reads: false, ..asked(path) });
        assert_eq!((posted.status, header(&posted, "allow")), (405, "GET, HEAD"));
    }
}

#[test]
fn every_answer_carries_the_security_headers() {
    for path in ["/", "/favicon.svg", "/nowhere", "/api/nothing", "/about-this-shop", a_script().path] {
        let response = get(path);
        for name in [
            "content-security-policy",
            "x-content-type-options",
            "referrer-policy",
            "cross-origin-opener-policy",
            "cache-control",
            "vary",
        ] {
            assert_eq!(response.headers.iter().filter(|(known, _)| *known == name).count(), 1, "{path} {name}");
        }
    }
}
