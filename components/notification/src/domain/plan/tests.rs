use super::*;
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

fn refund(n: u8) -> Event {
    event(n, "payment.refunded", json!({"order_id": ORDER, "payment_id": USER, "amount": total()}))
}

fn plan(events: &[Event], known: Vec<Contact>) -> Result<Vec<Effect>, PlanError> {
    Batch::read(events)?.plan(known, &Shop::new("http://shop.example/"), Uuid::nil)
}

fn contact() -> Contact {
    Contact {
        order_id: ORDER.parse().unwrap(),
        number: "1042".into(),
        user_id: USER.parse().unwrap(),
        email: "ana@souk.example".into(),
        name: "Ana".into(),
    }
}

#[test]
fn each_event_leads_to_its_one_mail() {
    let registered = json!({"user_id": USER, "email": "ana@souk.example", "name": "Ana"});
    let events = [
        event(1, "user.registered", registered),
        about_an_order(2, "order.confirmed"),
        about_an_order(3, "order.rejected"),
        about_an_order(4, "order.cancelled"),
        refund(5),
        event(6, "order.shipped", json!({})),
    ];
    let effects = plan(&events, vec![]).unwrap();
    let templates: Vec<_> = effects.iter().map(|e| e.message.as_ref().unwrap().mail.template).collect();
    assert_eq!(templates, ["welcome", "order_confirmed", "order_rejected", "order_cancelled", "payment_refunded"]);
    assert!(effects.iter().zip(&events).all(|(effect, event)| effect.id == event.id));
    assert!(effects.iter().all(|e| e.message.as_ref().unwrap().traceparent.as_deref() == Some("00-aa-bb-01")));
}

#[test]
fn every_type_that_is_wanted_is_read_and_no_other() {
    for wanted in ["user.registered", "order.confirmed", "payment.refunded", "mail.failed"] {
        assert!(Incoming::wants(wanted));
        assert!(Incoming::read(&event(1, wanted, json!({}))).is_err(), "{wanted} is passed over");
    }
    for unwanted in ["order.placed", "order.payment_requested", "payment.captured", "user.deleted", ""] {
        assert!(!Incoming::wants(unwanted));
        assert!(Incoming::read(&event(1, unwanted, json!({}))).unwrap().is_none());
    }
}

#[test]
fn a_refund_finds_its_shopper_in_the_batch_or_in_what_was_looked_up() {
    let together = [refund(1), about_an_order(2, "order.cancelled")];
    assert!(Batch::read(&together).unwrap().orders_to_look_up().is_empty());
    assert_eq!(plan(&together, vec![]).unwrap().len(), 2);

    let alone = [refund(1)];
    assert_eq!(Batch::read(&alone).unwrap().orders_to_look_up(), [contact().order_id]);
    let effects = plan(&alone, vec![contact()]).unwrap();
    assert_eq!(effects[0].message.as_ref().unwrap().mail.to, "ana@souk.example");
}

#[test]
fn a_refund_of_an_order_nobody_told_about_is_an_error_and_not_a_lost_mail() {
    assert!(matches!(plan(&[refund(1)], vec![]), Err(PlanError::UnknownOrder(id)) if id == contact().order_id));
}

#[test]
fn reports_settle_a_message_and_send_nothing() {
    let events = [
        event(1, "mail.delivered", json!({"message_id": USER})),
        event(2, "mail.failed", json!({"message_id": USER, "error": "550 no such\u{0}user"})),
    ];
    let effects = serde_json::to_value(plan(&events, vec![]).unwrap()).unwrap();
    assert_eq!(
        effects,
        json!([
            {"id": events[0].id, "report": {"message_id": USER, "status": "delivered", "error": null}},
            {"id": events[1].id, "report": {"message_id": USER, "status": "failed", "error": "550 no such user"}}
        ])
    );
}

#[test]
fn only_orders_that_can_be_refunded_are_remembered() {
    let kept = |type_| plan(&[about_an_order(1, type_)], vec![]).unwrap()[0].contact.clone();
    assert_eq!(kept("order.confirmed"), Some(contact()));
    assert_eq!(kept("order.cancelled"), Some(contact()));
    assert_eq!(kept("order.rejected"), None);
}

#[test]
fn an_unreadable_event_is_named() {
    let error = plan(&[event(7, "order.confirmed", json!({"number": 5}))], vec![]).unwrap_err().to_string();
    assert!(error.contains("a8007") && error.contains("order.confirmed"), "{error}");
}
