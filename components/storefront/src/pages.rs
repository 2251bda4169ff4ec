//! What is answered to a request, as plain data. Every page may load nothing and run nothing: the style sheet stands in the
//! page and is admitted by its hash, and a test keeps the hash right.

use http::{
    HeaderMap, HeaderValue, Method, Response, StatusCode,
    header::{
        ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, VARY,
        X_CONTENT_TYPE_OPTIONS,
    },
};

const STYLE: &str = include_str!("../pages/style.css");
const STYLE_HASH: &str = include_str!("../pages/style.css.sha256");
const INDEX: &str = include_str!("../pages/index.html");
const NOT_FOUND: &str = include_str!("../pages/not-found.html");
const FAVICON: &str = include_str!("../pages/favicon.svg");

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const PROBLEM: HeaderValue = HeaderValue::from_static("application/problem+json");

/// The answer to a request. A body is given to HEAD, too: the host leaves it out.
pub fn answer(method: &Method, path: &str, headers: &HeaderMap) -> Response<String> {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    let mut response = match path {
        "/" | "/favicon.svg" if !reads => not_allowed(),
        "/" => page(StatusCode::OK, INDEX),
        "/favicon.svg" => with_type(StatusCode::OK, HeaderValue::from_static("image/svg+xml"), FAVICON.to_owned()),
        _ => not_found(headers),
    };
    let keep = if response.status() == StatusCode::OK { "public, max-age=300" } else { "no-store" };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers
        .insert("permissions-policy", HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=()"));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        STYLE_HASH.trim()
    );
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// A page with the style sheet in the place that it keeps for it.
fn page(status: StatusCode, html: &str) -> Response<String> {
    let (head, body) = html.split_once("/* style.css */").unwrap_or((html, ""));
    with_type(status, HTML, [head, STYLE, body].concat())
}

/// A page for people, a problem document for programs.
fn not_found(headers: &HeaderMap) -> Response<String> {
    let accepts = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut response = if accepts.into_iter().any(|value| value.contains("text/html")) {
        page(StatusCode::NOT_FOUND, NOT_FOUND)
    } else {
        problem(StatusCode::NOT_FOUND, "no-such-route", "Not found", "There is nothing at this address.")
    };
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
    response
}

fn not_allowed() -> Response<String> {
    let mut response = problem(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "Method not allowed",
        "This address can only be read.",
    );
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}

fn problem(status: StatusCode, slug: &str, title: &str, detail: &str) -> Response<String> {
    let status_code = status.as_u16();
    let body =
        format!(r#"{{"type":"urn:souk:problem:{slug}","title":"{title}","status":{status_code},"detail":"{detail}"}}"#);
    with_type(status, PROBLEM, body)
}

fn with_type(status: StatusCode, content_type: HeaderValue, body: String) -> Response<String> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, engine::general_purpose::STANDARD};
    use sha2::{Digest, Sha256};

    fn get(path: &str, accept: &'static str) -> Response<String> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        answer(&Method::GET, path, &headers)
    }

    fn header<'a>(response: &'a Response<String>, name: &str) -> &'a str {
        response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    #[test]
    fn the_policy_admits_exactly_the_style_of_the_page() {
        let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
        assert_eq!(hash, STYLE_HASH.trim(), "write the left hash into pages/style.css.sha256");
        for (path, status) in [("/", StatusCode::OK), ("/nowhere", StatusCode::NOT_FOUND)] {
            let response = get(path, "text/html");
            assert_eq!(response.status(), status);
            let (_, rest) = response.body().split_once("<style>").unwrap();
            assert_eq!(rest.split_once("</style>").unwrap().0, STYLE);
            assert!(header(&response, "content-security-policy").contains(&format!("style-src 'sha256-{hash}'")));
        }
    }

    #[test]
    fn the_pages_need_no_more_than_the_policy_allows() {
        for page in [INDEX, NOT_FOUND] {
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
    fn every_service_has_its_documents_on_the_page() {
        for api in ["users", "catalog", "inventory", "orders", "payments", "notifications", "analytics"] {
            for link in ["openapi.json", "healthz", "readyz"] {
                assert!(INDEX.contains(&format!("href=\"/api/{api}/{link}\"")), "{api} {link}");
            }
        }
        assert!(INDEX.contains("http://localhost:9083"));
    }

    #[test]
    fn people_get_a_page_and_programs_a_problem_where_nothing_is() {
        let page = get("/api/nothing", "text/html,application/xhtml+xml;q=0.9");
        assert_eq!((page.status().as_u16(), header(&page, "content-type")), (404, "text/html; charset=utf-8"));
        for accept in ["application/json", "*/*", ""] {
            let problem = get("/api/nothing", accept);
            assert_eq!(
                (problem.status().as_u16(), header(&problem, "content-type")),
                (404, "application/problem+json")
            );
            assert!(
                problem
                    .body()
                    .starts_with(r#"{"type":"urn:souk:problem:no-such-route","title":"Not found","status":404"#)
            );
            assert_eq!(header(&problem, "vary"), "accept");
        }
    }

    #[test]
    fn a_path_never_comes_back_in_a_page() {
        let response = get("/<script>alert(1)</script>", "text/html");
        assert!(!response.body().contains("alert(1)"));
    }

    #[test]
    fn the_page_can_only_be_read() {
        let posted = answer(&Method::POST, "/", &HeaderMap::new());
        assert_eq!((posted.status().as_u16(), header(&posted, "allow")), (405, "GET, HEAD"));
        assert_eq!(answer(&Method::HEAD, "/", &HeaderMap::new()).status(), StatusCode::OK);
        assert_eq!(answer(&Method::POST, "/nowhere", &HeaderMap::new()).status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn every_answer_carries_the_security_headers() {
        for path in ["/", "/favicon.svg", "/nowhere"] {
            let response = get(path, "text/html");
            for name in [
                "content-security-policy",
                "x-content-type-options",
                "referrer-policy",
                "cross-origin-opener-policy",
                "cache-control",
            ] {
                assert!(!header(&response, name).is_empty(), "{path} {name}");
            }
        }
    }
}
