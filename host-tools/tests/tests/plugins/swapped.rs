//! What the shopper sees is what the plug-ins in the manifest say.

use crate::{Market, OTHERS};
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use souk_tests::{
    api::{int, text},
    run::Suite,
};
use std::sync::Arc;

pub fn add(suite: &mut Suite<Market>) {
    suite.test("sales_tax_and_a_flat_rate_are_charged_as_the_plug_ins_say", other_tax_and_shipping);
    suite.test("an_address_without_a_state_is_refused_with_the_plug_in_s_words", no_state);
}

fn address(region: Option<&str>) -> Value {
    json!({"name": "Ana Souk", "line1": "7 Flower St", "city": "Springfield", "postal_code": "55401",
        "region": region, "country": "US"})
}

async fn other_tax_and_shipping(market: Arc<Market>) -> Result<()> {
    market.swap(&OTHERS).await?;
    let (cheap, dear) = (market.shop.product(1_000, 9).await?, market.shop.product(4_000, 9).await?);
    let ana = market.shop.shopper().await?;
    let quote = async || {
        ana.api.post("/api/orders/cart/quote", &json!({"shipping_address": address(Some("mn"))})).await?.expect(200)
    };
    ana.put(&cheap, 1).await?;
    let below = quote().await?;
    ensure!(int(&below, "/shipping/amount_minor")? == 490, "{below}");
    ensure!(int(&below, "/tax/amount_minor")? == 102, "6.875 % of 14.90 is 1.024: {below}");
    ana.put(&dear, 1).await?;
    let above = quote().await?;
    ensure!(int(&above, "/shipping/amount_minor")? == 0, "free from 50.00 on: {above}");
    ensure!(int(&above, "/tax/amount_minor")? == 344, "6.875 % of 50.00 is 3.4375: {above}");
    Ok(())
}

async fn no_state(market: Arc<Market>) -> Result<()> {
    let sku = market.shop.product(1_000, 9).await?;
    let ana = market.shop.shopper().await?;
    ana.put(&sku, 1).await?;
    let body = json!({"shipping_address": address(None)});
    let problem = ana.api.post("/api/orders/cart/quote", &body).await?.problem(422, "state-unknown")?;
    ensure!(text(&problem, "/detail")?.contains("California"), "{problem}");
    Ok(())
}
