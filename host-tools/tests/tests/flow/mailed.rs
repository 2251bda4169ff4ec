//! The events that mails are made from, as they stand in the stream.

use anyhow::Result;
use serde_json::Value;
use souk_tests::{api::text, shop::Shop, wait};

/// The data of the published events of a type that are about this address.
pub async fn mailed(shop: &Shop, event_type: &str, email: &str) -> Result<Vec<Value>> {
    let mut redis = shop.environment.connect_redis().await?;
    let entries: Vec<(String, Vec<String>)> =
        redis::cmd("XRANGE").arg("souk:user").arg("-").arg("+").query_async(&mut redis).await?;
    let events = entries.iter().filter_map(|(_, fields)| serde_json::from_str::<Value>(fields.last()?).ok());
    Ok(events
        .filter(|event| event["type"] == event_type && event["data"]["email"] == email)
        .map(|event| event["data"].clone())
        .collect())
}

/// The token of the latest such event, once there is one.
pub async fn mailed_token(shop: &Shop, event_type: &str, email: &str) -> Result<String> {
    let data = wait::until(&format!("{event_type} for {email}"), || async {
        Ok(mailed(shop, event_type, email).await?.pop())
    })
    .await?;
    text(&data, "/token")
}
