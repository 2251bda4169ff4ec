//! Checkouts: carts are filled beforehand, so that the measured part is the POST and what follows from it.

use crate::load::{self, Outcome, Pace, Prepared};
use anyhow::{Context, Result, ensure};
use serde_json::json;
use souk_tests::{
    api::text,
    shop::Shop,
    shopper::{address, checkout_body},
    wait,
};
use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use tokio_postgres::Client;
use uuid::Uuid;

/// Products that the orders are spread over.
const PRODUCTS: usize = 50;
const STOCK: i64 = 1_000_000;
/// Settling may take this long before the run counts as failed.
const PATIENCE: Duration = Duration::from_secs(300);

/// A shop with something to sell.
pub struct Market {
    address: String,
    skus: Vec<String>,
    total: serde_json::Value,
}

/// What a run of orders came to.
pub struct Sold {
    /// The POSTs.
    pub posts: Outcome,
    /// From the first POST until the last order was confirmed, stock committed and its mail delivered.
    pub settled_after: Duration,
    /// POST to confirmed, in milliseconds, sorted.
    pub to_confirmed_ms: Vec<f64>,
}

impl Market {
    /// Puts products on the shelf and asks what one piece costs.
    pub async fn open(shop: &Shop) -> Result<Self> {
        let mut skus = Vec::new();
        for _ in 0..PRODUCTS {
            skus.push(shop.product(1000, STOCK).await?);
        }
        let buyer = shop.shoppers(1).await?.into_iter().next().context("no buyer")?;
        buyer.put(skus.first().context("no product")?, 1).await?;
        let total = buyer.quote().await?.get("total").cloned().context("no total")?;
        let address = shop.environment.gateway_url().trim_start_matches("http://").to_owned();
        Ok(Self { address, skus, total })
    }

    /// `count` filled carts, and the POST that turns each into an order.
    pub async fn carts(&self, shop: &Shop, count: usize) -> Result<Arc<Vec<Prepared>>> {
        let (mut fills, mut checkouts) = (Vec::new(), Vec::new());
        let body = checkout_body("tok_success", &self.total).to_string();
        debug_assert!(body.contains(&address().to_string()));
        for (shopper, sku) in shop.shoppers(count).await?.into_iter().zip(self.skus.iter().cycle()) {
            let bearer = format!("Bearer {}", shopper.api.token().context("no token")?);
            let headers = vec![("content-type", "application/json".to_owned()), ("authorization", bearer)];
            fills.push(Prepared {
                method: http::Method::PUT,
                path: format!("/api/orders/cart/items/{sku}"),
                headers: headers.clone(),
                body: json!({"quantity": 1}).to_string().into(),
            });
            let key = [("idempotency-key", Uuid::now_v7().to_string())];
            checkouts.push(Prepared {
                method: http::Method::POST,
                path: "/api/orders/checkout".to_owned(),
                headers: headers.into_iter().chain(key).collect(),
                body: body.clone().into(),
            });
        }
        load::send(&self.address, 32, Pace::Closed, Arc::new(fills), false).await?.all(200)?;
        Ok(Arc::new(checkouts))
    }

    /// Sends the checkouts.
    pub async fn post(&self, carts: Arc<Vec<Prepared>>, connections: usize, pace: Pace) -> Result<Outcome> {
        let posts = load::send(&self.address, connections, pace, carts, true).await?;
        posts.all(202)?;
        Ok(posts)
    }

    /// Waits until every order that was placed is settled.
    pub async fn rest(&self, shop: &Shop) -> Result<()> {
        let databases = Databases::connect(shop).await?;
        wait::until_within(PATIENCE, "all orders to settle", || async {
            Ok((databases.settled().await? >= databases.placed().await?).then_some(()))
        })
        .await
    }

    /// Sends the checkouts and waits until everything that follows is done.
    pub async fn sell(&self, shop: &Shop, carts: Arc<Vec<Prepared>>, connections: usize, pace: Pace) -> Result<Sold> {
        let databases = Databases::connect(shop).await?;
        let before = databases.settled().await?;
        let wanted = i64::try_from(carts.len())?;
        let started = Instant::now();
        let posts = self.post(carts, connections, pace).await?;
        wait::until_within(PATIENCE, "all orders to settle", || async {
            Ok((databases.settled().await? >= before + wanted).then_some(()))
        })
        .await?;
        let settled_after = started.elapsed();
        let to_confirmed_ms = databases.latencies(&posts).await?;
        ensure!(to_confirmed_ms.len() == posts.answers.len(), "some orders were never confirmed");
        Ok(Sold { posts, settled_after, to_confirmed_ms })
    }
}

impl Sold {
    /// A percentile of POST to confirmed, in milliseconds.
    pub fn percentile_ms(&self, percentile: f64) -> f64 {
        let last = self.to_confirmed_ms.len().saturating_sub(1);
        let index = (last as f64 * percentile / 100.0).round() as usize;
        self.to_confirmed_ms.get(index).copied().unwrap_or(f64::NAN)
    }
}

struct Databases {
    order: Client,
    inventory: Client,
    notification: Client,
}

impl Databases {
    async fn connect(shop: &Shop) -> Result<Self> {
        let environment = &shop.environment;
        Ok(Self {
            order: environment.connect("order").await?,
            inventory: environment.connect("inventory").await?,
            notification: environment.connect("notification").await?,
        })
    }

    /// Orders that are confirmed, with their stock committed and their mail delivered.
    async fn settled(&self) -> Result<i64> {
        let counts = [
            (&self.order, "SELECT count(*) FROM orders WHERE status = 'confirmed'"),
            (&self.inventory, "SELECT count(*) FROM reservations WHERE status = 'committed'"),
            (
                &self.notification,
                "SELECT count(*) FROM messages WHERE template = 'order_confirmed' AND status = 'delivered'",
            ),
        ];
        let mut least = i64::MAX;
        for (client, sql) in counts {
            least = least.min(client.query_one(sql, &[]).await?.try_get(0)?);
        }
        Ok(least)
    }

    async fn placed(&self) -> Result<i64> {
        Ok(self.order.query_one("SELECT count(*) FROM orders", &[]).await?.try_get(0)?)
    }

    /// For each answered POST the time until its order was confirmed, by the wall clock that both sides share.
    async fn latencies(&self, posts: &Outcome) -> Result<Vec<f64>> {
        let sql = "SELECT order_id::text, (extract(epoch FROM at) * 1000)::float8 FROM order_timeline WHERE status = 'confirmed'";
        let mut confirmed: HashMap<String, f64> = HashMap::new();
        for row in self.order.query(sql, &[]).await? {
            confirmed.insert(row.try_get(0)?, row.try_get(1)?);
        }
        let mut latencies = Vec::new();
        for answer in &posts.answers {
            let id = text(&serde_json::from_slice(&answer.body)?, "/id")?;
            if let Some(at) = confirmed.get(&id) {
                latencies.push(at - unix_ms(answer.begun)?);
            }
        }
        latencies.sort_by(f64::total_cmp);
        Ok(latencies)
    }
}

fn unix_ms(at: SystemTime) -> Result<f64> {
    Ok(at.duration_since(UNIX_EPOCH)?.as_secs_f64() * 1000.0)
}
