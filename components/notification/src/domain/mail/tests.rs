use super::*;
use crate::domain::effect::Message;
use crate::domain::plan::{Batch, Known, Supplies};
use serde_json::{Value, json};
use souk_core::event::Event;
use uuid::Uuid;

const ORDER: &str = "01890a5d-ac96-774b-bcce-b302099a8001";

/// One event of each kind that makes a mail, in more than one state where there is more than one.
fn samples() -> Vec<(String, Value)> {
    let samples: Vec<Value> = serde_json::from_str(include_str!("../../../examples/samples.json")).unwrap();
    samples.into_iter().map(|sample| (sample["type"].as_str().unwrap().to_owned(), sample["data"].clone())).collect()
}

/// The first sample of this type.
fn sample(type_: &str) -> Value {
    samples().into_iter().find(|(name, _)| name == type_).unwrap().1
}

/// The mails for events of one account whose language is `locale`.
fn write(events: &[(String, Value)], locale: Locale) -> Vec<Message> {
    let events: Vec<Event> = events
        .iter()
        .map(|(type_, data)| {
            let mut data = data.clone();
            if data.get("locale").is_some() {
                data["locale"] = json!(locale.as_str());
            }
            let envelope = json!({
                "id": Uuid::now_v7(), "type": type_, "version": 1, "key": "k", "occurred_at": "2026-11-25T20:15:00.000Z",
                "traceparent": null, "data": data
            });
            Event::parse(&envelope.to_string()).unwrap()
        })
        .collect();
    let user = "01890a5d-ac96-774b-bcce-b302099a8002";
    let known = json!({"contacts": [], "languages": {user: {"locale": locale.as_str(), "account": locale.as_str()}}});
    let known: Known = serde_json::from_value(known).unwrap();
    let shop = Shop::new("https://shop.example");
    let supplies = Supplies { shop: &shop, new_id: Uuid::now_v7, new_token: || "f".repeat(64) };
    let effects = Batch::read(&events).unwrap().plan(known, supplies).unwrap();
    effects.into_iter().map(|effect| effect.message.unwrap()).collect()
}

fn one(type_: &str, data: Value, locale: Locale) -> Mail {
    write(&[(type_.to_owned(), data)], locale).remove(0).mail
}

fn all(locale: Locale) -> Vec<Mail> {
    write(&samples(), locale).into_iter().map(|message| message.mail).collect()
}

/// Where people type something.
const TYPED: [&str; 10] =
    ["name", "title", "detail", "number", "line1", "line2", "city", "carrier", "tracking_number", "sku"];

/// Every mail there is, with this text in these fields.
fn typed(fields: &[&str], text: &str) -> Vec<Mail> {
    fn replace(value: &mut Value, fields: &[&str], text: &str) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    if fields.contains(&name.as_str()) && member.is_string() {
                        *member = json!(text);
                    } else {
                        replace(member, fields, text);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| replace(item, fields, text)),
            _ => {}
        }
    }
    let mut events = samples();
    events.iter_mut().for_each(|(_, data)| replace(data, fields, text));
    Locale::ALL.into_iter().flat_map(|locale| write(&events, locale)).map(|message| message.mail).collect()
}

/// Text as a reader sees it: with ordinary spaces.
fn read(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

#[test]
fn the_samples_show_every_mail_in_every_language() {
    for locale in Locale::ALL {
        let mails = all(locale);
        for template in Template::ALL {
            assert!(mails.iter().any(|mail| mail.template == *template), "no sample of {}", template.as_str());
        }
        assert!(mails.iter().all(|mail| mail.locale == locale));
    }
    for (en, pt) in all(Locale::En).iter().zip(all(Locale::Pt)) {
        assert_ne!(en.subject, pt.subject, "{} is not translated", en.template.as_str());
        assert_eq!(en.html.matches("<p ").count(), pt.html.matches("<p ").count(), "{}", en.template.as_str());
    }
}

#[test]
fn both_languages_of_a_template_have_the_same_shape() {
    let shape = |source: &str| {
        let (head, body) = source.split_once("\n\n").unwrap();
        let heads = head.lines().map(|line| line.split(": ").next().unwrap().to_owned());
        let start = |part: &str| {
            let words = part.split([' ', '\n']).take_while(|word| word.starts_with(['?', '!', '@', '~']));
            let button = part.contains("](").then(|| part.rsplit("](").next().unwrap_or_default());
            format!("{} {}", words.collect::<Vec<_>>().join(" "), button.unwrap_or_default()).trim_end().to_owned()
        };
        heads.chain(body.split("\n\n").map(start)).collect::<Vec<_>>()
    };
    for template in Template::ALL {
        let [en, pt] = Locale::ALL.map(|locale| shape(template.source(locale)));
        assert_eq!(en, pt, "{}", template.as_str());
    }
}

#[test]
fn the_confirmation_as_text_says_everything() {
    let mail = one("order.confirmed", sample("order.confirmed"), Locale::En);
    assert_eq!(mail.subject, "Your order SK-10423 is confirmed");
    assert_eq!(mail.to, "ines@souk.example");
    assert_eq!(
        read(&mail.text),
        "Thank you, Inês Carvalho.

Your order SK-10423 is paid, and your things are set aside for you.

2 x Mint tea glasses, green, set of six            49.80 EUR
1 x Beni rug, undyed wool, 200 x 300 cm         1,240.00 EUR
3 x Saffron threads, 5 g                           56.70 EUR

Goods                                           1,346.50 EUR
Discount                                          −50.00 EUR
Shipping                                           14.90 EUR
Tax                                               301.62 EUR
Total                                           1,613.02 EUR

It goes to:
  Inês Carvalho
  Rua das Flores 7
  3.º esq.
  1200-192 Lisboa
  PT

See your order:
https://shop.example/orders/01890a5d-ac96-774b-bcce-b302099a8001

--
Souk, the market hall
https://shop.example/
You get this mail because you ordered at Souk."
    );
}

#[test]
fn the_confirmation_in_portuguese_reads_as_in_portugal() {
    let mail = one("order.confirmed", sample("order.confirmed"), Locale::Pt);
    assert_eq!(mail.subject, "A sua encomenda SK-10423 está confirmada");
    let text = read(&mail.text);
    for said in ["Obrigado, Inês Carvalho.", "1240,00 €", "−50,00 €", "Portes", "1613,02 €", "Vai para:\n  Inês"]
    {
        assert!(text.contains(said), "{said} is missing in {text}");
    }
    assert!(mail.html.contains("<html lang=\"pt-PT\">"));
}

#[test]
fn the_confirmation_as_html_says_the_same() {
    let html = read(&one("order.confirmed", sample("order.confirmed"), Locale::En).html);
    for said in [
        "Thank you, Inês Carvalho.",
        "SK-10423",
        "Mint tea glasses",
        "2 &times; 24.90 EUR",
        "1,240.00 EUR",
        "Discount",
        "−50.00 EUR",
        "1,613.02 EUR",
        "Rua das Flores 7",
        "1200-192 Lisboa",
        "Paid and confirmed",
        r#"href="https://shop.example/orders/01890a5d-ac96-774b-bcce-b302099a8001""#,
    ] {
        assert!(html.contains(said), "{said} is missing in {html}");
    }
}

#[test]
fn each_mail_says_what_it_is_about_in_both_parts_and_languages() {
    let link = "https://shop.example/verify-email?token=Zm9yIGEgbG9vayBvbmx5LCB0aGlzIGlzIG5vIHRva2VuLg";
    let order = format!("https://shop.example/orders/{ORDER}");
    for mail in [all(Locale::En), all(Locale::Pt)].concat() {
        let promises: Vec<&str> = match mail.template {
            Template::Welcome => vec!["Inês Carvalho", "https://shop.example/"],
            Template::VerifyEmail => vec![link, "2026, 20:15 UTC"],
            Template::ResetPassword => vec!["https://shop.example/reset-password?token=Zm9y", "2026, 20:15 UTC"],
            Template::PasswordChanged => vec!["https://shop.example/forgot-password", "2026, 20:15 UTC"],
            Template::OrderShipped => vec!["SK-10423", "CTT Expresso", "DA123456789PT", "Rua das Flores 7", &order],
            Template::BackInStock => {
                vec!["Pierced brass lamp", "/products/pierced-brass-lamp", "/unsubscribe?token=ffff", "4"]
            }
            _ => vec!["SK-10423"],
        };
        for promise in promises {
            for part in [&mail.html, &mail.text] {
                let said = part.replace('\n', " ").contains(promise);
                assert!(said, "{}: {promise} is missing in {part}", mail.template.as_str());
            }
        }
    }
}

#[test]
fn a_rejection_says_that_nothing_was_charged() {
    let mut data = sample("order.rejected");
    data["lines"] = json!([{"sku": "TEA-1", "title": "Tea glass", "quantity": 2}]);
    for (locale, uncharged, pieces) in
        [(Locale::En, "Nothing was charged.", "2 pieces"), (Locale::Pt, "Nada foi cobrado.", "2 unidades")]
    {
        let mail = one("order.rejected", data.clone(), locale);
        assert!(mail.html.contains(uncharged) && mail.html.contains("Tea glass") && mail.html.contains(pieces));
        assert!(mail.text.replace('\n', " ").contains(uncharged) && mail.text.contains("2 x Tea glass"));
    }
}

#[test]
fn a_rejection_names_what_there_is_not_enough_of() {
    let rejected = |shortages: Value, locale| {
        let mut data = sample("order.rejected");
        data["shortages"] = shortages;
        one("order.rejected", data, locale).text.replace('\n', " ")
    };
    let shortages = json!([{"sku": "RUG-BENI-200"}, {"sku": "SAFFRON-5"}, {"sku": "UNHEARD-OF"}]);
    let names = "Beni rug, undyed wool, 200 x 300 cm; Saffron threads, 5 g.";
    assert!(rejected(shortages.clone(), Locale::En).contains(&format!("Not enough is left of {names}")));
    assert!(rejected(shortages, Locale::Pt).contains(&format!("Já não chega: {names}")));
    for unknown in [Value::Null, json!([])] {
        assert!(!rejected(unknown, Locale::En).contains("is left of"));
    }
}

fn cancelled(reason: &str, detail: Value, locale: Locale) -> Mail {
    let mut data = sample("order.cancelled");
    data["reason"] = json!(reason);
    data["detail"] = detail;
    one("order.cancelled", data, locale)
}

#[test]
fn every_reason_for_a_cancellation_has_its_own_plain_words() {
    let reasons = [
        ("by_shopper", "You asked us to cancel your order"),
        ("payment_declined", "did not go through"),
        ("payment_timeout", "no answer came in time"),
        ("stock_expired", "ran out"),
        ("stock_commit_failed", "pieces were"),
        ("something_new", "could not be completed"),
    ];
    for (reason, words) in reasons {
        let mail = cancelled(reason, Value::Null, Locale::En);
        for part in [&mail.html, &mail.text] {
            assert!(part.replace('\n', " ").contains(words), "{reason}: {part}");
        }
        let uncharged = mail.text.contains("Nothing was charged");
        assert_eq!(uncharged, reason == "payment_declined", "{reason}: {}", mail.text);
        for locale in Locale::ALL {
            let mail = cancelled(reason, Value::Null, locale);
            assert!(!mail.html.contains(reason) && !mail.text.contains(reason), "{reason} is shown raw");
        }
    }
}

#[test]
fn a_declined_card_is_explained_and_other_details_stay_inside() {
    for locale in Locale::ALL {
        let said = cancelled("payment_declined", json!("Insufficient funds."), locale);
        assert!(said.text.replace('\n', " ").contains("Insufficient funds."), "{}", said.text);
        assert!(said.html.contains("Insufficient funds."));
        assert!(!cancelled("payment_timeout", json!("gateway 10.0.0.7: EOF"), locale).text.contains("10.0.0.7"));
    }
}

fn refund(amount_minor: i64, total_minor: Option<i64>) -> Mail {
    let eur = |minor: i64| serde_json::from_value(json!({"amount_minor": minor, "currency": "EUR"})).unwrap();
    let to = Contact {
        order_id: ORDER.parse().unwrap(),
        number: "SK-1042".into(),
        user_id: Uuid::nil(),
        email: "ana@souk.example".into(),
        name: "Ana".into(),
        total: total_minor.map(eur),
    };
    let shop = Shop::new("https://shop.example");
    Desk { shop: &shop, locale: Locale::En }.payment_refunded(&to, eur(amount_minor)).unwrap()
}

#[test]
fn a_refund_names_the_sum_and_the_order_and_whether_it_is_all_of_it() {
    for (amount, total, words) in [
        (123_440, Some(123_440), "all of the 1,234.40 EUR"),
        (123_440, Some(200_000), "1,234.40 EUR of the 2,000.00 EUR"),
        (123_440, None, "1,234.40 EUR for your order"),
    ] {
        let mail = refund(amount, total);
        assert_eq!(mail.subject, "1,234.40 EUR on the way back to you");
        let text = read(&mail.text).replace('\n', " ");
        assert!(text.contains(words) && text.contains("SK-1042") && text.contains("Hello Ana"), "{text}");
    }
}

#[test]
fn a_return_without_a_refund_promises_no_money() {
    let mut data = sample("order.returned");
    data["refund"]["amount_minor"] = json!(0);
    let text = one("order.returned", data, Locale::En).text;
    assert!(text.contains("nothing to be paid back") && !text.contains("EUR"), "{text}");
}

#[test]
fn only_mails_that_one_can_do_without_can_be_ended() {
    for mail in all(Locale::En) {
        let optional = mail.category == Category::Stock;
        assert_eq!(mail.unsubscribe_token.is_some(), optional);
        assert_eq!(mail.text.contains("/unsubscribe"), optional, "{}", mail.text);
        assert_eq!(mail.html.contains("/unsubscribe"), optional);
        let one_click = format!("https://shop.example/api/notifications/unsubscribe/{}", "f".repeat(64));
        assert_eq!(mail.list_unsubscribe, optional.then_some(one_click));
    }
}

#[test]
fn somebody_without_a_name_is_greeted_all_the_same() {
    for mail in typed(&["name"], "") {
        for part in [mail.html.split("</style>").last().unwrap(), &mail.text] {
            for hole in ["Hello ,", "Hello,", "Olá ,", "Olá,", ", .", " ."] {
                assert!(!part.contains(hole), "{}: {hole:?} in {part}", mail.template.as_str());
            }
        }
    }
}

#[test]
fn no_name_breaks_out_of_its_place_in_html() {
    let evil = r#"<script>alert(1)</script>"><img src=x onerror=y>&amp;'"#;
    for mail in typed(&TYPED, evil) {
        for raw in ["<script", "<img", "\"><i", "&amp;'"] {
            assert!(!mail.html.contains(raw), "{} lets {raw} through: {}", mail.template.as_str(), mail.html);
        }
    }
}

#[test]
fn no_name_adds_a_line_or_turns_the_text_around() {
    let evil = "Ana\r\nBcc: eve@x.example\u{202e}\u{2028}\0";
    for mail in typed(&TYPED, evil) {
        let turned = ['\0', '\r', '\u{202e}', '\u{2028}'];
        assert!(!mail.text.contains(turned) && !mail.html.contains(turned), "{}", mail.template.as_str());
        assert!(!mail.text.contains("\nBcc:\n"), "{}: {}", mail.template.as_str(), mail.text);
        assert!(!mail.subject.contains(char::is_control), "{}: {:?}", mail.template.as_str(), mail.subject);
    }
}

#[test]
fn no_mail_has_a_hole_or_is_too_large_for_a_mailbox() {
    for mail in [all(Locale::En), all(Locale::Pt)].concat() {
        let name = mail.template.as_str();
        let body = mail.html.split("</style>").last().unwrap();
        for part in [body, &mail.text, &mail.subject] {
            for hole in ["{", "}", "**", "None", "Some(", "?whole", "@lines", "  ?"] {
                assert!(!part.contains(hole), "{name}: {hole:?} in {part}");
            }
        }
        // Gmail cuts at 102 KB; a mail without pictures has no reason to come near.
        assert!(mail.html.len() < 12_000, "{name} is {} bytes", mail.html.len());
        assert!(!mail.text.contains("\n\n\n") && !mail.text.starts_with('\n'), "{name}: {:?}", mail.text);
        assert!(mail.text.lines().all(|line| line.chars().count() <= 72 || line.contains("https://")), "{name}");
        // What a mailbox shows in its list.
        let preview = body.split("overflow:hidden\">").nth(1).unwrap().split("&#847;").next().unwrap();
        assert!((20..=110).contains(&preview.chars().count()), "{name}: {preview}");
        assert!((10..=60).contains(&mail.subject.chars().count()), "{name}: {}", mail.subject);
    }
}
