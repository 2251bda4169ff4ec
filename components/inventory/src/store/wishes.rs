//! Who wants to be told when a SKU is back.

use super::answer;
use souk_core::{sku::Sku, token::Claims};
use souk_host::db::{Db, DbError, p};
use uuid::Uuid;

/// Notes the wish. Returns the SQL function's answer as JSON text (see `subscribe`).
pub async fn add(sku: &Sku, who: &Claims) -> Result<String, DbError> {
    let params = vec![p::text(sku.as_str()), p::uuid(who.sub), p::text(&who.email), p::text(&who.name)];
    answer("SELECT subscribe($1, $2, $3, $4)", params).await
}

/// Ends the wish, if there is one; false when the SKU is not known.
pub async fn remove(sku: &Sku, user: Uuid) -> Result<bool, DbError> {
    let row =
        Db::connect().await?.one("SELECT unsubscribe($1, $2)", vec![p::text(sku.as_str()), p::uuid(user)]).await?;
    row.ok_or_else(|| DbError::Other("unsubscribe gave no row".to_owned()))?.bool(0)
}
