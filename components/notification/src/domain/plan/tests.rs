use super::*;
use crate::domain::template::Template;
use serde_json::{Value, json};

const ORDER: &str = "01890a5d-ac96-774b-bcce-b302099a8001";
const USER: &str = "01890a5d-ac96-774b-bcce-b302099a8002";

fn event(n: u8, type_: &str, data: Value) -> Event {
    let envelope = json!({
        "id": format!("01890a5d-ac96-774b-bcce-b302099a80{n:02}"), "type": type_, "version": 1, "key": "k",
        "occurred_at": "2026-01-01T00:00:00.000Z", "traceparent": "00-aa-bb-01", "data": data
    });
    Event::parse(&envelope.to_string()).unwrap()
}

fn total() -> Value {
    json!({"amount_minor": 4820, "currency": "EUR"})
}

fn about_an_order(n: u8, type_: &str) -> Event {
    let data = json!({
        "order_id": ORDER, "number": 1042, "user_id": USER, "email": "ana@souk.example", "name": "Ana",
        "reason": "by_shopper", "lines": [], "total": total()
    });
    event(n, type_, data)
}

fn account(n: u8, type_: &str, locale: &str) -> Event {
    let data = json!({
        "user_id": USER, "email": "ana@souk.example", "name": "Ana", "locale": locale, "token": "t",
        "expires_at": "2026-01-02T00:00:00.000Z"
    });
    event(n, type_, data)
}

fn refund(n: u8) -> Event {
    event(n, "payment.refunded", json!({"order_id": ORDER, "payment_id": USER, "amount": total()}))
}

fn plan(events: &[Event], known: Known) -> Result<Vec<Effect>, PlanError> {
    let shop = Shop::new("http://shop.example/");
    Batch::read(events)?.plan(known, Supplies { shop: &shop, new_id: Uuid::nil, new_token: String::new })
}

fn contact() -> Contact {
    Contact {
        order_id: ORDER.parse().unwrap(),
        number: "1042".into(),
        user_id: USER.parse().unwrap(),
        email: "ana@souk.example".into(),
        name: "Ana".into(),
        total: serde_json::from_value(total()).unwrap(),
    }
}

fn known_contact() -> Known {
    Known { contacts: vec![contact()], ..Known::default() }
}

fn speaks(locale: Locale, account: Option<Locale>) -> Known {
    Known { languages: [(USER.parse().unwrap(), Language { locale, account })].into(), ..Known::default() }
}

fn languages(events: &[Event], known: Known) -> Vec<Locale> {
    plan(events, known).unwrap().into_iter().filter_map(|effect| Some(effect.message?.mail.locale)).collect()
}

/// Every type that makes a mail, and the mail it makes.
const MAKES: [(&str, Template); 13] = [
    ("user.registered", Template::Welcome),
    ("user.verification_requested", Template::VerifyEmail),
    ("user.password_reset_requested", Template::ResetPassword),
    ("user.password_changed", Template::PasswordChanged),
    ("order.confirmed", Template::OrderConfirmed),
    ("order.rejected", Template::OrderRejected),
    ("order.cancelled", Template::OrderCancelled),
    ("order.shipped", Template::OrderShipped),
    ("order.delivered", Template::OrderDelivered),
    ("order.return_requested", Template::ReturnRequested),
    ("order.returned", Template::OrderReturned),
    ("payment.refunded", Template::PaymentRefunded),
    ("stock.back_in_stock", Template::BackInStock),
];

fn of_type(n: u8, type_: &str) -> Event {
    match type_ {
        "payment.refunded" => refund(n),
        "order.returned" => {
            let data = json!({
                "return_id": USER, "order_id": ORDER, "number": "1042", "user_id": USER, "email": "ana@souk.example",
                "name": "Ana", "lines": [], "refund": total()
            });
            event(n, type_, data)
        }
        "stock.back_in_stock" => {
            let data = json!({
                "sku": "TEA", "title": "Tea", "slug": "tea", "user_id": USER, "email": "ana@souk.example", "name": "Ana",
                "available": 3
            });
            event(n, type_, data)
        }
        user if user.starts_with("user.") => account(n, user, "en"),
        order => about_an_order(n, order),
    }
}

#[test]
fn each_event_leads_to_its_one_mail() {
    let events: Vec<Event> = MAKES.iter().zip(1..).map(|((type_, _), n)| of_type(n, type_)).collect();
    let effects = plan(&events, Known::default()).unwrap();
    let made: Vec<_> = effects.iter().map(|effect| effect.message.as_ref().unwrap().mail.template).collect();
    assert_eq!(made, MAKES.map(|(_, template)| template));
    assert_eq!(made, Template::ALL);
    assert!(effects.iter().zip(&events).all(|(effect, event)| effect.id == event.id));
    assert!(effects.iter().all(|e| e.message.as_ref().unwrap().traceparent.as_deref() == Some("00-aa-bb-01")));
}

#[test]
fn every_type_that_is_wanted_is_read_and_no_other() {
    let others = ["user.updated", "user.deleted", "mail.delivered", "mail.failed", "mail.bounced"];
    for wanted in MAKES.iter().map(|(type_, _)| *type_).chain(others) {
        assert!(Incoming::wants(wanted));
        assert!(Incoming::read(&event(1, wanted, json!({}))).is_err(), "{wanted} is passed over");
    }
    for unwanted in ["order.placed", "order.payment_requested", "payment.captured", "stock.changed", ""] {
        assert!(!Incoming::wants(unwanted));
        assert!(Incoming::read(&event(1, unwanted, json!({}))).unwrap().is_none());
    }
}

#[test]
fn a_refund_finds_its_shopper_in_the_batch_or_in_what_was_looked_up() {
    let together = [refund(1), about_an_order(2, "order.cancelled")];
    assert!(Batch::read(&together).unwrap().ask().unwrap().orders.is_empty());
    assert_eq!(plan(&together, Known::default()).unwrap().len(), 2);

    let alone = [refund(1)];
    assert_eq!(Batch::read(&alone).unwrap().ask().unwrap().orders, [contact().order_id]);
    let effects = plan(&alone, known_contact()).unwrap();
    assert_eq!(effects[0].message.as_ref().unwrap().mail.to, "ana@souk.example");
}

#[test]
fn a_refund_of_an_order_nobody_told_about_is_an_error_and_not_a_lost_mail() {
    let lost = plan(&[refund(1)], Known::default());
    assert!(matches!(lost, Err(PlanError::UnknownOrder(id)) if id == contact().order_id));
}

#[test]
fn reports_settle_a_message_and_need_and_send_nothing() {
    let events = [
        event(1, "mail.delivered", json!({"message_id": USER})),
        event(2, "mail.failed", json!({"message_id": USER, "error": "421 too busy\u{0}", "permanent": false})),
        event(3, "mail.bounced", json!({"message_id": USER, "error": "550 no such user"})),
    ];
    assert_eq!(Batch::read(&events).unwrap().ask(), None);
    let effects = serde_json::to_value(plan(&events, Known::default()).unwrap()).unwrap();
    let reports: Vec<&Value> = effects.as_array().unwrap().iter().map(|effect| &effect["report"]).collect();
    assert_eq!(
        reports,
        [
            &json!({"message_id": USER, "status": "delivered", "error": null}),
            &json!({"message_id": USER, "status": "failed", "error": "421 too busy "}),
            &json!({"message_id": USER, "status": "bounced", "error": "550 no such user"})
        ]
    );
    assert!(effects.as_array().unwrap().iter().all(|effect| effect.get("message").is_none()));
}

#[test]
fn only_orders_that_can_be_refunded_are_remembered() {
    let kept = |type_| plan(&[about_an_order(1, type_)], Known::default()).unwrap()[0].contact.clone();
    assert_eq!(kept("order.confirmed"), Some(contact()));
    assert_eq!(kept("order.cancelled"), Some(contact()));
    assert_eq!(kept("order.rejected"), None);
    assert_eq!(kept("order.shipped"), None);
}

#[test]
fn accounts_are_noted_and_forgotten_without_a_mail_of_their_own() {
    let events = [account(1, "user.updated", "pt"), event(2, "user.deleted", json!({"user_id": USER}))];
    let effects = plan(&events, Known::default()).unwrap();
    assert!(effects.iter().all(|effect| effect.message.is_none()));
    assert_eq!(effects[0].person.as_ref().map(|person| person.locale), Some(Locale::Pt));
    assert_eq!(effects[1].erase, Some(USER.parse().unwrap()));
}

#[test]
fn a_mail_is_in_the_language_that_its_recipient_chose_last() {
    let confirmed = [about_an_order(1, "order.confirmed")];
    assert_eq!(Batch::read(&confirmed).unwrap().ask().unwrap().users, [contact().user_id]);
    assert_eq!(languages(&confirmed, Known::default()), [Locale::En], "nobody known speaks English");
    assert_eq!(languages(&confirmed, speaks(Locale::Pt, None)), [Locale::Pt]);
    // An account that was opened, or changed its language, in this very batch.
    let fresh = [account(1, "user.registered", "pt"), about_an_order(2, "order.confirmed")];
    assert_eq!(languages(&fresh, Known::default()), [Locale::Pt, Locale::Pt]);
    let changed = [account(1, "user.updated", "pt"), about_an_order(2, "order.confirmed")];
    assert_eq!(languages(&changed, speaks(Locale::En, Some(Locale::En))), [Locale::Pt]);
    // A new name, from an account whose mails were asked for in another language here.
    let renamed = [account(1, "user.updated", "en"), account(2, "user.password_changed", "en")];
    assert_eq!(languages(&renamed, speaks(Locale::Pt, Some(Locale::En))), [Locale::Pt]);
    // An account from before anything was noted: its own word is all there is.
    assert_eq!(languages(&[account(1, "user.password_changed", "pt")], Known::default()), [Locale::Pt]);
}

#[test]
fn mails_with_a_secret_are_asked_for_and_cannot_be_made_again() {
    for (type_, template) in MAKES {
        let effect = plan(&[of_type(1, type_)], known_contact()).unwrap().remove(0);
        let secret = matches!(template, Template::VerifyEmail | Template::ResetPassword);
        assert_eq!(effect.message.unwrap().asked_for, secret, "{type_}");
        assert_eq!(effect.source.is_none(), secret, "{type_}");
    }
}

#[test]
fn without_an_address_there_is_nobody_to_write_to() {
    let mut data: Value = serde_json::from_str(about_an_order(1, "order.confirmed").data_json()).unwrap();
    data["email"] = json!(" ");
    assert!(plan(&[event(1, "order.confirmed", data)], Known::default()).unwrap()[0].message.is_none());
}

#[test]
fn an_unreadable_event_is_named() {
    let unreadable = [event(7, "order.confirmed", json!({"number": 5}))];
    let error = plan(&unreadable, Known::default()).unwrap_err().to_string();
    assert!(error.contains("a8007") && error.contains("order.confirmed"), "{error}");
}
