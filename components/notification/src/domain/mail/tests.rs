use super::*;
use crate::domain::events::Incoming;
use serde_json::{Value, json};
use souk_core::event::Event;
use std::sync::LazyLock;

static SHOP: LazyLock<Shop<'static>> = LazyLock::new(|| Shop::new("https://shop.example"));

fn event(type_: &str, data: Value) -> Event {
    let envelope = json!({
        "id": "01890a5d-ac96-774b-bcce-b302099a8057", "type": type_, "version": 1, "key": "k",
        "occurred_at": "2026-01-01T00:00:00.000Z", "traceparent": null, "data": data
    });
    Event::parse(&envelope.to_string()).unwrap()
}

fn eur(amount_minor: i64) -> Value {
    json!({"amount_minor": amount_minor, "currency": "EUR"})
}

fn order(name: &str, title: &str) -> Value {
    json!({
        "order_id": "01890a5d-ac96-774b-bcce-b302099a8001", "number": "SK-1042",
        "user_id": "01890a5d-ac96-774b-bcce-b302099a8002", "email": "ana@souk.example", "name": name,
        "lines": [
            {"sku": "TEA-1", "title": title, "quantity": 2, "unit_price": eur(61_725)},
            {"sku": "RUG-9", "title": "", "quantity": 1, "unit_price": eur(500)}
        ],
        "subtotal": eur(123_950), "discount": eur(1000), "shipping": eur(490), "tax": eur(0), "total": eur(123_440),
        "shipping_address": {
            "name": name, "line1": "Rua das Flores 7", "line2": null, "city": "Lisboa", "postal_code": "1200-192",
            "country": "PT"
        }
    })
}

/// The mail for an event about an order.
fn rendered(type_: &str, data: Value) -> Mail {
    let event = event(type_, data);
    match Incoming::read(&event).unwrap().unwrap() {
        Incoming::Registered(account) => welcome(&account, &SHOP),
        Incoming::Confirmed(order) => order_confirmed(&order, &SHOP),
        Incoming::Rejected(order) => order_rejected(&order, &SHOP),
        Incoming::Cancelled(order) => order_cancelled(&order, &SHOP),
        other => panic!("no order mail for {other:?}"),
    }
    .unwrap()
}

fn cancelled(reason: &str, detail: Value) -> Mail {
    let mut data = order("Ana", "Tea glass");
    data["reason"] = json!(reason);
    data["detail"] = detail;
    rendered("order.cancelled", data)
}

fn refund(name: &str) -> Mail {
    let to = Contact {
        order_id: "01890a5d-ac96-774b-bcce-b302099a8001".parse().unwrap(),
        number: "SK-1042".into(),
        user_id: "01890a5d-ac96-774b-bcce-b302099a8002".parse().unwrap(),
        email: "ana@souk.example".into(),
        name: name.into(),
    };
    payment_refunded(&to, serde_json::from_value(eur(123_440)).unwrap(), &SHOP).unwrap()
}

fn registered(name: &str) -> Mail {
    let data = json!({"user_id": "01890a5d-ac96-774b-bcce-b302099a8002", "email": "ana@souk.example", "name": name});
    rendered("user.registered", data)
}

/// Every mail that there is, about one shopper and one product.
fn all(name: &str, title: &str) -> Vec<Mail> {
    let mut declined = order(name, title);
    declined["reason"] = json!("payment_declined");
    declined["detail"] = json!(title);
    vec![
        registered(name),
        rendered("order.confirmed", order(name, title)),
        rendered("order.rejected", order(name, title)),
        rendered("order.cancelled", declined),
        refund(name),
    ]
}

#[test]
fn the_confirmation_as_text_says_everything() {
    let mail = rendered("order.confirmed", order("Ana", "Mint tea glass, green"));
    assert_eq!(mail.subject, "Your order SK-1042 is confirmed");
    assert_eq!(mail.to, "ana@souk.example");
    assert_eq!(
        mail.text,
        "Thank you, Ana.

Your order SK-1042 is paid, and your things are set aside for you.

2 x Mint tea glass, green                       1,234.50 EUR
1 x RUG-9                                           5.00 EUR

Goods                                           1,239.50 EUR
Discount                                          −10.00 EUR
Shipping                                            4.90 EUR
Tax                                                 0.00 EUR
Total                                           1,234.40 EUR

It goes to:
  Ana
  Rua das Flores 7
  1200-192 Lisboa
  PT

See your order: https://shop.example/orders/01890a5d-ac96-774b-bcce-b302099a8001

--
Souk, the market hall
https://shop.example/"
    );
}

#[test]
fn the_confirmation_as_html_says_the_same() {
    let mail = rendered("order.confirmed", order("Ana", "Mint tea glass"));
    for said in [
        "Thank you, Ana.",
        "SK-1042",
        "Mint tea glass",
        "2 &times; 617.25 EUR",
        "1,234.50 EUR",
        "Discount",
        "−10.00 EUR",
        "1,234.40 EUR",
        "Rua das Flores 7",
        "1200-192 Lisboa",
        "Paid and confirmed",
        r#"href="https://shop.example/orders/01890a5d-ac96-774b-bcce-b302099a8001""#,
    ] {
        assert!(mail.html.contains(said), "{said} is missing in {}", mail.html);
    }
}

#[test]
fn a_rejection_says_that_nothing_was_charged() {
    let mut data = order("Ana", "Tea glass");
    data["lines"] = json!([{"sku": "TEA-1", "title": "Tea glass", "quantity": 2}]);
    data["reason"] = json!("insufficient_stock");
    let mail = rendered("order.rejected", data);
    assert_eq!(mail.subject, "We could not fill your order SK-1042");
    for part in [&mail.html, &mail.text] {
        assert!(part.contains("Nothing was charged.") && part.contains("Tea glass"), "{part}");
    }
    assert!(mail.html.contains("2 pieces"));
}

#[test]
fn every_reason_for_a_cancellation_has_its_own_plain_words() {
    let reasons = [
        ("by_shopper", "You asked us to cancel it"),
        ("payment_declined", "did not go through"),
        ("payment_timeout", "no answer came in time"),
        ("stock_expired", "that time ran out"),
        ("stock_commit_failed", "the last pieces were gone"),
        ("something_new", "could not be completed"),
    ];
    for (reason, words) in reasons {
        let mail = cancelled(reason, Value::Null);
        assert!(mail.html.contains(words) && mail.text.contains(words), "{reason}: {}", mail.text);
        assert!(!mail.html.contains(reason) && !mail.text.contains(reason), "{reason} is shown raw");
    }
}

#[test]
fn a_declined_card_is_explained_and_other_details_stay_inside() {
    assert!(cancelled("payment_declined", json!("Insufficient funds.")).text.contains("\"Insufficient funds.\""));
    assert!(!cancelled("payment_timeout", json!("gateway 10.0.0.7: EOF")).text.contains("10.0.0.7"));
}

#[test]
fn a_refund_names_the_sum_and_the_order() {
    let mail = refund("Ana");
    assert_eq!(mail.subject, "1,234.40 EUR on the way back to you");
    for part in [&mail.html, &mail.text] {
        assert!(part.contains("1,234.40 EUR") && part.contains("SK-1042") && part.contains("Ana"), "{part}");
    }
}

#[test]
fn a_welcome_greets_by_name() {
    let mail = registered("Ana");
    assert_eq!(mail.subject, "Welcome to Souk");
    assert!(mail.text.starts_with("Welcome, Ana.\n") && mail.html.contains("Welcome, Ana."));
}

#[test]
fn no_name_breaks_out_of_its_place_in_html() {
    let evil = r#"<script>alert(1)</script>"><img src=x onerror=y>&amp;'"#;
    for mail in all(evil, evil) {
        for raw in ["<script", "<img", "\"><i", "&amp;'"] {
            assert!(!mail.html.contains(raw), "{} lets {raw} through: {}", mail.template, mail.html);
        }
    }
}

#[test]
fn no_name_adds_a_line_or_turns_the_text_around() {
    let evil = "Ana\r\nBcc: eve@x.example\u{202e}\u{2028}\0";
    for mail in all(evil, evil) {
        let turned = ['\0', '\r', '\u{202e}', '\u{2028}'];
        assert!(!mail.text.contains(turned) && !mail.html.contains(turned), "{}", mail.template);
        assert!(!mail.text.contains("\nBcc:"), "{}: {}", mail.template, mail.text);
        assert!(!mail.subject.contains(char::is_control), "{}: {:?}", mail.template, mail.subject);
    }
}

#[test]
fn no_template_leaves_a_hole() {
    for mail in all("Ana", "Tea glass") {
        for part in [&mail.html, &mail.text] {
            assert!(!part.contains("{{") && !part.contains("{%") && !part.contains("None"), "{part}");
            assert!(part.contains("https://shop.example/"), "{}: no link to the shop", mail.template);
        }
        assert!(mail.html.len() < 9000, "{} is {} bytes", mail.template, mail.html.len());
        assert!(!mail.text.contains("\n\n\n"), "{:?}", mail.text);
    }
}
