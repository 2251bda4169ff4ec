//! Renders every mail with sample data into a folder, to look at in a browser:
//! `cargo run --release -p souk-notification --example preview -- target/mail-preview`

#![allow(clippy::indexing_slicing, reason = "sample data that is written right here")]

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};
use souk_core::event::Event;
use souk_notification::domain::Shop;
use souk_notification::domain::effect::Effect;
use souk_notification::domain::plan::Batch;
use std::fs;
use std::path::PathBuf;
use uuid::Uuid;

fn main() -> Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).context("name the folder to write into")?);
    fs::create_dir_all(&folder)?;
    for effect in effects()? {
        let mail = effect.message.context("every sample makes a mail")?.mail;
        fs::write(folder.join(format!("{}.html", mail.template)), mail.html)?;
        fs::write(folder.join(format!("{}.txt", mail.template)), mail.text)?;
    }
    Ok(())
}

fn effects() -> Result<Vec<Effect>> {
    let user = json!({"user_id": Uuid::now_v7(), "email": "ines@souk.example", "name": "Inês Carvalho"});
    let mut declined = order()?;
    declined.insert("reason".to_owned(), json!("payment_declined"));
    declined.insert("detail".to_owned(), json!("The card was declined."));
    let (order_id, amount) = (declined.get("order_id"), declined.get("total"));
    let refund = json!({"order_id": order_id, "payment_id": Uuid::now_v7(), "amount": amount});
    let samples = [
        ("user.registered", user),
        ("order.confirmed", order()?.into()),
        ("order.rejected", order()?.into()),
        ("order.cancelled", declined.into()),
        ("payment.refunded", refund),
    ];
    let events = samples.into_iter().map(|(type_, data)| event(type_, &data)).collect::<Result<Vec<_>>>()?;
    Ok(Batch::read(&events)?.plan([], &Shop::new("http://localhost:9080"), Uuid::now_v7)?)
}

fn event(type_: &str, data: &Value) -> Result<Event> {
    let envelope = json!({
        "id": Uuid::now_v7(), "type": type_, "version": 1, "key": "", "occurred_at": "2026-01-01T00:00:00.000Z",
        "traceparent": null, "data": data
    });
    Ok(Event::parse(&envelope.to_string())?)
}

fn order() -> Result<Map<String, Value>> {
    Ok(serde_json::from_str(
        r#"{
        "order_id": "01890a5d-ac96-774b-bcce-b302099a8001", "number": "SK-10423",
        "user_id": "01890a5d-ac96-774b-bcce-b302099a8002", "email": "ines@souk.example", "name": "Inês Carvalho",
        "lines": [
            {"sku": "GLASS-GRN-6", "title": "Mint tea glasses, green, set of six", "quantity": 2,
             "unit_price": {"amount_minor": 2490, "currency": "EUR"}},
            {"sku": "RUG-BENI-200", "title": "Beni rug, undyed wool, 200 x 300 cm", "quantity": 1,
             "unit_price": {"amount_minor": 124000, "currency": "EUR"}},
            {"sku": "SAFFRON-5", "title": "Saffron threads, 5 g", "quantity": 3,
             "unit_price": {"amount_minor": 1890, "currency": "EUR"}}
        ],
        "subtotal": {"amount_minor": 134650, "currency": "EUR"}, "discount": {"amount_minor": 5000, "currency": "EUR"},
        "shipping": {"amount_minor": 1490, "currency": "EUR"}, "tax": {"amount_minor": 30162, "currency": "EUR"},
        "total": {"amount_minor": 161302, "currency": "EUR"},
        "shipping_address": {"name": "Inês Carvalho", "line1": "Rua das Flores 7", "line2": "3.º esq.",
                             "city": "Lisboa", "postal_code": "1200-192", "country": "PT"}
        }"#,
    )?)
}
