//! What the gateway tells by itself. Only what it signed, and signed just now, is believed.

use crate::{
    config,
    domain::{
        signature::{self, SignatureError},
        webhook::WebhookEvent,
    },
    store,
};
use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use souk_core::problem::Problem;
use souk_host::{
    ApiError,
    extract::parse_json,
    identity::now_s,
    reply::{Json, json_text},
};
use utoipa::ToSchema;

/// What became of an event.
#[derive(Debug, Serialize, ToSchema)]
pub struct Receipt {
    /// What it did.
    pub outcome: ReceiptOutcome,
    /// Why it was put aside, when it was: unknown_key, amount_mismatch, reference_taken, not_booked, was_captured or
    /// was_refunded.
    pub reason: Option<String>,
}

/// What an event did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptOutcome {
    /// Something changed.
    Applied,
    /// Nothing: what it says was known.
    Known,
    /// Nothing: this event was received before.
    Replayed,
    /// Nothing: its type is none that matters here.
    Ignored,
    /// Nothing: what it says cannot be booked, and waits for a person.
    Parked,
}

impl ReceiptOutcome {
    /// From its name in the database.
    pub fn parse(name: &str) -> Option<Self> {
        [
            ("applied", Self::Applied),
            ("known", Self::Known),
            ("replayed", Self::Replayed),
            ("ignored", Self::Ignored),
            ("parked", Self::Parked),
        ]
        .into_iter()
        .find_map(|(known, outcome)| (known == name).then_some(outcome))
    }
}

/// An event of the payment provider. Its signature covers the body's bytes and the time, and is believed for five
/// minutes; an event is applied once, however often it is sent. An event that names a key or an amount that we know
/// nothing of, or takes back what an earlier one said, is accepted and put aside, so that the provider need not send it
/// again.
#[utoipa::path(post, path = "/api/payments/webhooks/gateway", tag = "webhooks", operation_id = "receive_gateway_webhook", security(()),
    params(("Souk-Signature" = String, Header, description = "`t=<unix seconds>,v1=<hex of HMAC-SHA256 over \"<t>.<body>\">`; several v1 may stand in it")),
    request_body = WebhookEvent,
    responses(
        (status = 200, description = "Received", body = Receipt),
        (status = 202, description = "Received and put aside for a person", body = Receipt),
        (status = 400, description = "signature-unreadable: the header is missing or of another form; malformed-json"),
        (status = 401, description = "signature-invalid, or signature-stale: signed more than five minutes ago")))]
pub async fn receive(headers: HeaderMap, body: Bytes) -> Result<Response, ApiError> {
    let header = headers.get("souk-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    signature::verify(&config::webhook_secrets().await?, header, &body, now_s()).map_err(refuse)?;
    let event: WebhookEvent = parse_json(&body)?;
    let received = event.check().map_err(ApiError::fields)?;
    let receipt = store::receive_webhook(&received).await?;
    if receipt.outcome != ReceiptOutcome::Parked {
        return Ok(Json(receipt).into_response());
    }
    let body = serde_json::to_string(&receipt).unwrap_or_default();
    let line = serde_json::json!({"level": "warn", "service": "payment", "message": "a webhook was put aside",
        "key": received.key(), "why": receipt.reason});
    eprintln!("{line}");
    Ok(json_text(StatusCode::ACCEPTED, body))
}

fn refuse(error: SignatureError) -> Problem {
    match error {
        SignatureError::Unreadable => Problem::bad_request(
            "signature-unreadable",
            "Sign the body: `Souk-Signature: t=<unix seconds>,v1=<hex of HMAC-SHA256>`.",
        ),
        SignatureError::Forged => Problem::unauthorized(
            "signature-invalid",
            "The signature is not of this body with a secret that is valid here.",
        ),
        SignatureError::Stale => Problem::unauthorized(
            "signature-stale",
            "The signature's time is more than five minutes off. Sign the event again and check the clock.",
        ),
    }
}
