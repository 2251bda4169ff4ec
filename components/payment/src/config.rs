//! The variables of this service.

use souk_host::{ApiError, config};

/// Whether what is held waits for somebody to capture it (`capture_mode` is `manual`) or is captured at once
/// (`automatic`).
pub async fn manual_capture() -> Result<bool, ApiError> {
    match config::get("capture_mode").await?.as_str() {
        "automatic" => Ok(false),
        "manual" => Ok(true),
        _ => Err(ApiError::defect("variable capture_mode is neither automatic nor manual")),
    }
}

/// How long money is held before the hold is given up, in seconds.
pub async fn authorization_ttl_s() -> Result<i64, ApiError> {
    let seconds: u32 = config::number("authorization_ttl_s").await?;
    Ok(i64::from(seconds))
}

/// What the gateway signs its webhooks with; several are separated by commas.
pub async fn webhook_secrets() -> Result<String, ApiError> {
    config::get("gateway_webhook_secret").await
}
