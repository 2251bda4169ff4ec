//! A shopper: signs in, fills a cart, checks out, follows the order.

use crate::{
    api::{Answer, Api, int, text},
    wait,
};
use anyhow::{Result, bail};
use serde_json::{Value, json};

/// Somebody with an account.
#[derive(Clone)]
pub struct Shopper {
    /// Calls in the shopper's name.
    pub api: Api,
    /// The account's address.
    pub email: String,
}

/// Order states that do not change by themselves.
const SETTLED: [&str; 4] = ["confirmed", "rejected", "cancelled", "refunded"];

/// Where the test parcels go.
pub fn address() -> Value {
    json!({"name": "Ana Souk", "line1": "Rua das Flores 7", "city": "Lisboa", "postal_code": "1200-192", "country": "PT"})
}

/// A checkout body.
pub fn checkout_body(payment_token: &str, total: &Value) -> Value {
    json!({"shipping_address": address(), "payment_token": payment_token, "expected_total": total})
}

impl Shopper {
    /// Puts `quantity` pieces of `sku` into the cart.
    pub async fn put(&self, sku: &str, quantity: i64) -> Result<Value> {
        let path = format!("/api/orders/cart/items/{sku}");
        self.api.json("PUT", &path, &json!({"quantity": quantity})).await?.expect(200)
    }

    /// What the cart costs, sent to [`address`].
    pub async fn quote(&self) -> Result<Value> {
        self.api.post("/api/orders/cart/quote", &json!({"shipping_address": address()})).await?.expect(200)
    }

    /// One press of the button, at the total that the quote showed.
    pub async fn press(&self, key: &str, payment_token: &str) -> Result<Answer> {
        let quote = self.quote().await?;
        let total = quote.get("total").cloned().unwrap_or_default();
        self.api.post_once("/api/orders/checkout", key, &checkout_body(payment_token, &total)).await
    }

    /// Buys `quantity` pieces of `sku` and returns the accepted order.
    pub async fn buy(&self, sku: &str, quantity: i64, payment_token: &str) -> Result<Value> {
        self.put(sku, quantity).await?;
        self.press(&uuid::Uuid::now_v7().to_string(), payment_token).await?.expect(202)
    }

    /// The order as it is now.
    pub async fn order(&self, id: &str) -> Result<Value> {
        self.api.get(&format!("/api/orders/{id}")).await?.expect(200)
    }

    /// The order, once its status is `status`; fails at once when it settles elsewhere.
    pub async fn order_reaches(&self, id: &str, status: &str) -> Result<Value> {
        let reached = wait::until(&format!("order {id} to be {status}"), || async {
            let order = self.order(id).await?;
            let now = text(&order, "/status")?;
            let is_over = SETTLED.contains(&now.as_str()) && !(now == "cancelled" && status == "refunded");
            Ok((now == status || is_over).then_some(order))
        })
        .await?;
        match text(&reached, "/status")? {
            now if now == status => Ok(reached),
            now => bail!("order {id} ended {now}, not {status}: {reached}"),
        }
    }

    /// The order, once it does not change any more.
    pub async fn order_settles(&self, id: &str) -> Result<Value> {
        wait::until(&format!("order {id} to settle"), || async {
            let order = self.order(id).await?;
            Ok(SETTLED.contains(&text(&order, "/status")?.as_str()).then_some(order))
        })
        .await
    }
}

/// The statuses of an order's timeline, in order.
pub fn timeline(order: &Value) -> Vec<String> {
    let entries = order.get("timeline").and_then(Value::as_array).cloned().unwrap_or_default();
    entries.iter().filter_map(|entry| text(entry, "/status").ok()).collect()
}

/// What can be bought of `sku` right now.
pub async fn available(api: &Api, sku: &str) -> Result<i64> {
    int(&api.get(&format!("/api/inventory/stock/{sku}")).await?.expect(200)?, "/available")
}
