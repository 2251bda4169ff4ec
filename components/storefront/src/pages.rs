//! What is answered to a request, as plain data. Every page may load nothing and run nothing: the style sheet stands in the
//! page and is admitted by its hash, and a test keeps the hash right.

const STYLE: &str = include_str!("../pages/style.css");
const STYLE_HASH: &str = include_str!("../pages/style.css.sha256");
const INDEX: &str = include_str!("../pages/index.html");
const NOT_FOUND: &str = include_str!("../pages/not-found.html");
const FAVICON: &str = include_str!("../pages/favicon.svg");

const HTML: &str = "text/html; charset=utf-8";

/// A response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body; the host leaves it out for HEAD.
    pub body: String,
}

/// The answer to a request: whether its method only reads, its path, and whether it asks for HTML.
pub fn answer(reads: bool, path: &str, wants_html: bool) -> Page {
    let mut page = match path {
        "/" | "/favicon.svg" if !reads => not_allowed(),
        "/" => html(200, INDEX),
        "/favicon.svg" => typed(200, "image/svg+xml", FAVICON.to_owned()),
        // A page for people, a problem document for programs.
        _ if wants_html => html(404, NOT_FOUND),
        _ => problem(404, "no-such-route", "Not found", "There is nothing at this address."),
    };
    let keep = if page.status == 200 { "public, max-age=300" } else { "no-store" };
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        STYLE_HASH.trim()
    );
    page.headers.extend([
        ("cache-control", keep.to_owned()),
        ("vary", "accept".to_owned()),
        ("content-security-policy", policy),
        ("x-content-type-options", "nosniff".to_owned()),
        ("referrer-policy", "strict-origin-when-cross-origin".to_owned()),
        ("cross-origin-opener-policy", "same-origin".to_owned()),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()".to_owned()),
    ]);
    page
}

/// A page with the style sheet in the place that it keeps for it.
fn html(status: u16, page: &str) -> Page {
    let (head, body) = page.split_once("/* style.css */").unwrap_or((page, ""));
    typed(status, HTML, [head, STYLE, body].concat())
}

fn not_allowed() -> Page {
    let mut page = problem(405, "method-not-allowed", "Method not allowed", "This address can only be read.");
    page.headers.push(("allow", "GET, HEAD".to_owned()));
    page
}

fn problem(status: u16, slug: &str, title: &str, detail: &str) -> Page {
    let body =
        format!(r#"{{"type":"urn:souk:problem:{slug}","title":"{title}","status":{status},"detail":"{detail}"}}"#);
    typed(status, "application/problem+json", body)
}

fn typed(status: u16, content_type: &str, body: String) -> Page {
    Page { status, headers: vec![("content-type", content_type.to_owned())], body }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, engine::general_purpose::STANDARD};
    use sha2::{Digest, Sha256};

    fn get(path: &str) -> Page {
        answer(true, path, true)
    }

    fn header<'a>(page: &'a Page, name: &str) -> &'a str {
        page.headers.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    #[test]
    fn the_policy_admits_exactly_the_style_of_the_page() {
        let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
        assert_eq!(hash, STYLE_HASH.trim(), "write the left hash into pages/style.css.sha256");
        for (path, status) in [("/", 200), ("/nowhere", 404)] {
            let response = get(path);
            assert_eq!(response.status, status);
            let (_, rest) = response.body.split_once("<style>").unwrap();
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
        let page = answer(true, "/api/nothing", true);
        assert_eq!((page.status, header(&page, "content-type")), (404, HTML));
        let problem = answer(true, "/api/nothing", false);
        assert_eq!((problem.status, header(&problem, "content-type")), (404, "application/problem+json"));
        assert!(
            problem.body.starts_with(r#"{"type":"urn:souk:problem:no-such-route","title":"Not found","status":404"#)
        );
        assert_eq!(header(&problem, "vary"), "accept");
    }

    #[test]
    fn a_path_never_comes_back_in_a_page() {
        for wants_html in [true, false] {
            assert!(!answer(true, "/<script>alert(1)</script>", wants_html).body.contains("alert(1)"));
        }
    }

    #[test]
    fn the_page_can_only_be_read() {
        let posted = answer(false, "/", true);
        assert_eq!((posted.status, header(&posted, "allow")), (405, "GET, HEAD"));
        assert_eq!(answer(false, "/nowhere", true).status, 404);
    }

    #[test]
    fn every_answer_carries_the_security_headers() {
        for path in ["/", "/favicon.svg", "/nowhere"] {
            let response = get(path);
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
