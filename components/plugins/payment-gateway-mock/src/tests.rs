use super::*;

const KEY: &str = "0197:1";

fn authorize(token: &str) -> AuthorizeOutcome {
    Mock::authorize(AuthorizeRequest {
        attempt_key: KEY.to_owned(),
        payment_token: token.to_owned(),
        amount_minor: 4820,
        currency: "EUR".to_owned(),
    })
}

fn lookup(token: Option<&str>, hold: Option<&str>) -> LookupOutcome {
    Mock::lookup(LookupRequest {
        attempt_key: KEY.to_owned(),
        payment_token: token.map(str::to_owned),
        authorization_reference: hold.map(str::to_owned),
        amount_minor: 4820,
        currency: "EUR".to_owned(),
    })
}

fn hold(token: &str) -> String {
    match authorize(token) {
        AuthorizeOutcome::Authorized(hold) => {
            assert_eq!((hold.amount_minor, hold.currency.as_str()), (4820, "EUR"));
            hold.reference
        }
        _ => panic!("{token} not authorized"),
    }
}

fn capture(hold: &str) -> CaptureOutcome {
    Mock::capture(CaptureRequest {
        capture_key: format!("{KEY}:capture"),
        authorization_reference: hold.to_owned(),
        amount_minor: 4820,
        currency: "EUR".to_owned(),
    })
}

fn charged(token: &str) -> String {
    match capture(&hold(token)) {
        CaptureOutcome::Captured(capture) => capture.reference,
        _ => panic!("{token} not captured"),
    }
}

fn void(hold: &str) -> VoidOutcome {
    Mock::void(VoidRequest { void_key: format!("{KEY}:void"), authorization_reference: hold.to_owned() })
}

fn refund(charge: &str) -> RefundOutcome {
    Mock::refund(RefundRequest {
        refund_key: "order:refund".to_owned(),
        capture_reference: charge.to_owned(),
        amount_minor: 1,
        currency: "EUR".to_owned(),
    })
}

#[test]
fn what_is_asked_twice_is_answered_alike() {
    assert_eq!((hold("tok_success"), charged("tok_success")), (format!("mock_au_{KEY}"), format!("mock_ch_{KEY}")));
    let LookupOutcome::Authorized(found) = lookup(Some("tok_success"), None) else { panic!("not found") };
    assert_eq!(found.reference, hold("tok_success"));
    let twice = || match refund(&charged("tok_success")) {
        RefundOutcome::Refunded(reference) => reference,
        _ => panic!("refused"),
    };
    assert_eq!(twice(), twice());
}

#[test]
fn a_timeout_turns_out_as_its_token_says() {
    for token in ["tok_timeout_charged", "tok_timeout_not_charged"] {
        assert!(matches!(authorize(token), AuthorizeOutcome::Timeout));
    }
    assert!(matches!(lookup(Some("tok_timeout_not_charged"), None), LookupOutcome::NotFound));
    let LookupOutcome::Authorized(found) = lookup(Some("tok_timeout_charged"), None) else { panic!("not found") };
    assert!(matches!(capture(&found.reference), CaptureOutcome::Captured(_)));
}

#[test]
fn a_capture_that_times_out_turns_out_as_its_token_says_also_without_the_token() {
    let [taken, kept] = ["tok_capture_timeout_charged", "tok_capture_timeout_not_charged"].map(hold);
    for hold in [&taken, &kept] {
        assert!(matches!(capture(hold), CaptureOutcome::Timeout));
    }
    assert!(matches!(lookup(None, Some(&taken)), LookupOutcome::Captured(_)));
    assert!(matches!(lookup(None, Some(&kept)), LookupOutcome::Authorized(found) if found.reference == kept));
    assert!(matches!(void(&kept), VoidOutcome::Voided));
}

#[test]
fn captures_voids_and_refunds_fail_as_their_token_says() {
    let refused = hold("tok_capture_declined");
    assert!(matches!(capture(&refused), CaptureOutcome::Declined(no) if no.code == "authorization_expired"));
    assert!(matches!(void(&refused), VoidOutcome::Voided));
    let silent = hold("tok_void_timeout");
    assert!(matches!(void(&silent), VoidOutcome::Timeout));
    assert!(matches!(lookup(None, Some(&silent)), LookupOutcome::Voided));
    assert!(matches!(refund(&charged("tok_refund_timeout")), RefundOutcome::Timeout));
    let closed = refund(&charged("tok_refund_declined"));
    assert!(matches!(closed, RefundOutcome::Declined(no) if no.code == "account_closed"));
}

#[test]
fn every_other_token_is_declined_with_its_code_however_it_is_asked() {
    for (token, code) in [
        ("tok_declined", "card_declined"),
        ("tok_insufficient_funds", "insufficient_funds"),
        ("", "invalid_token"),
        ("success", "invalid_token"),
        ("TOK_SUCCESS", "invalid_token"),
    ] {
        let AuthorizeOutcome::Declined(refused) = authorize(token) else { panic!("{token} not declined") };
        assert_eq!(refused.code, code);
        let LookupOutcome::Declined(refused) = lookup(Some(token), None) else { panic!("{token} not declined") };
        assert_eq!(refused.code, code);
    }
}

#[test]
fn references_of_others_are_refused() {
    assert!(matches!(capture("ch_1"), CaptureOutcome::Declined(_)));
    assert!(matches!(void("mock_ch_k"), VoidOutcome::Declined(_)));
    assert!(matches!(refund("mock_au_k"), RefundOutcome::Declined(_)));
    assert!(matches!(lookup(None, None), LookupOutcome::NotFound));
}
