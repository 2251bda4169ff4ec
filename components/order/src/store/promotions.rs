//! Promotion codes, for those who run the shop.

use super::{Answer, int4, one, parsed};
use crate::domain::{
    moment::Moment,
    promotion_request::{NewPromotion, PromotionChange},
};
use souk_host::db::{DbError, p};

/// Makes a code.
pub async fn promotion_create(new: &NewPromotion) -> Result<Answer, DbError> {
    Answer::of("SELECT outcome, body FROM promotion_create($1)", vec![p::json(new)]).await
}

/// Changes what `change` names.
pub async fn promotion_change(code: &str, change: &PromotionChange) -> Result<Answer, DbError> {
    Answer::of("SELECT outcome, body FROM promotion_change($1, $2)", vec![p::text(code), p::json(change)]).await
}

/// Deletes a code that no order uses: ok, not_found or used.
pub async fn promotion_delete(code: &str) -> Result<String, DbError> {
    one("SELECT promotion_delete($1)", vec![p::text(code)]).await?.text(0)
}

/// Where a code stands among all: when it was made, and its name.
pub type PromotionKey = (Moment, String);

/// A page of codes, newest first, as JSON text, and the position of its last one when there are more.
pub async fn promotions(after: Option<&PromotionKey>, limit: u32) -> Result<(String, Option<PromotionKey>), DbError> {
    let (at, code) = after.map(|(at, code)| (at.as_str(), code.as_str())).unzip();
    let params = vec![p::opt_text(at), p::opt_text(code), int4(limit)?];
    let row = one("SELECT items, next FROM promotion_page($1::text::timestamptz, $2, $3)", params).await?;
    Ok((row.json(0)?, row.json_opt(1)?.as_deref().map(parsed).transpose()?))
}
