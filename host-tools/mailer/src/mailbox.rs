//! The pages of the mailer: the mailbox (when mails are kept in a folder), /metrics and /healthz.
//!
//! A mail is shown in a frame without scripts, forms or outside content: what stands in it can do nothing.

mod view;

use crate::folder::Folder;
use crate::metrics::Metrics;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use std::sync::Arc;
use uuid::Uuid;
use view::{Letter, LetterPage, ListPage, NotFoundPage, SentPage, Summary};

/// Mails on a page.
const PAGE: usize = 40;

const CSP: HeaderName = header::CONTENT_SECURITY_POLICY;
const FOR_PAGES: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; base-uri 'none'; \
                         form-action 'none'; frame-ancestors 'none'";
const FOR_MAILS: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; \
                         style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
                         frame-ancestors 'self'";

#[derive(Clone)]
struct Pages {
    folder: Option<Arc<Folder>>,
    metrics: Arc<Metrics>,
}

/// The routes. Without a folder there is no mailbox to show.
pub fn router(folder: Option<Arc<Folder>>, metrics: Arc<Metrics>) -> Router {
    Router::new()
        .route("/", get(list))
        .route("/mails/{id}", get(letter))
        .route("/mails/{id}/html", get(html))
        .route("/mails/{id}/text", get(text))
        .route("/mails/{id}/raw", get(raw))
        .route("/metrics", get(render_metrics))
        .route("/healthz", get(async || r#"{"status":"alive"}"#))
        .fallback(async || not_found())
        .with_state(Pages { folder, metrics })
}

#[derive(Deserialize)]
struct Ask {
    before: Option<Uuid>,
}

async fn list(State(pages): State<Pages>, Query(ask): Query<Ask>) -> Response {
    let Some(folder) = pages.folder else { return page(StatusCode::OK, &SentPage) };
    let read = move || {
        let mut ids = folder.newest(ask.before, PAGE + 1);
        let older = (ids.len() > PAGE).then(|| ids.get(PAGE - 1).copied()).flatten();
        ids.truncate(PAGE);
        let summaries = ids.into_iter().filter_map(|id| Some(Summary::read(id, &folder.get(id).ok()??))).collect();
        ListPage { mails: summaries, total: folder.len(), first: ask.before.is_none(), older }
    };
    match tokio::task::spawn_blocking(read).await {
        Ok(list) => page(StatusCode::OK, &list),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn letter(State(pages): State<Pages>, Path(id): Path<String>) -> Response {
    match pages.mail(&id).await {
        Some((id, bytes)) => page(StatusCode::OK, &LetterPage { summary: Summary::read(id, &bytes) }),
        None => not_found(),
    }
}

async fn html(State(pages): State<Pages>, Path(id): Path<String>) -> Response {
    match pages.mail(&id).await {
        Some((_, bytes)) => {
            ([(CSP, HeaderValue::from_static(FOR_MAILS))], Html(Letter::read(&bytes).html)).into_response()
        }
        None => not_found(),
    }
}

async fn text(State(pages): State<Pages>, Path(id): Path<String>) -> Response {
    match pages.mail(&id).await {
        Some((_, bytes)) => plain(Letter::read(&bytes).text.into_bytes()),
        None => not_found(),
    }
}

async fn raw(State(pages): State<Pages>, Path(id): Path<String>) -> Response {
    match pages.mail(&id).await {
        Some((_, bytes)) => plain(bytes),
        None => not_found(),
    }
}

async fn render_metrics(State(pages): State<Pages>) -> Response {
    let format = HeaderValue::from_static("text/plain; version=0.0.4");
    ([(header::CONTENT_TYPE, format)], pages.metrics.render()).into_response()
}

impl Pages {
    /// A mail of the folder, by the id in an address.
    async fn mail(self, id: &str) -> Option<(Uuid, Vec<u8>)> {
        let (id, folder) = (Uuid::parse_str(id).ok()?, self.folder?);
        let bytes = tokio::task::spawn_blocking(move || folder.get(id)).await.ok()?.ok()??;
        Some((id, bytes))
    }
}

fn plain(bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (CSP, HeaderValue::from_static(FOR_MAILS)),
    ];
    (headers, bytes).into_response()
}

fn not_found() -> Response {
    page(StatusCode::NOT_FOUND, &NotFoundPage)
}

fn page(status: StatusCode, template: &impl Template) -> Response {
    let headers = [
        (CSP, HeaderValue::from_static(FOR_PAGES)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    match template.render() {
        Ok(html) => (status, headers, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
