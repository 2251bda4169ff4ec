//! A payment gateway for demonstrations and tests: the payment token decides what happens. It keeps no state and moves
//! no money; its references follow from the keys, so asking twice gets the same answer, as from a real provider.
//!
//! | token | charge | lookup |
//! | --- | --- | --- |
//! | tok_success | captured | captured |
//! | tok_declined | declined, card_declined | the same |
//! | tok_insufficient_funds | declined, insufficient_funds | the same |
//! | tok_timeout_charged | timeout | captured |
//! | tok_timeout_not_charged | timeout | not found |
//! | anything else | declined, invalid_token | the same |

#[allow(unsafe_code, missing_docs, reason = "generated from wit/payment")]
mod bindings {
    wit_bindgen::generate!({ world: "gateway-plugin", path: "../../../wit/payment" });
}

use bindings::exports::souk::payment::gateway::{
    Capture, ChargeOutcome, ChargeRequest, Guest, LookupOutcome, RefundOutcome, RefundRequest, Refusal,
};

/// The plug-in.
#[derive(Debug)]
pub struct Mock;

impl Guest for Mock {
    fn charge(request: ChargeRequest) -> ChargeOutcome {
        match request.payment_token.as_str() {
            "tok_success" => ChargeOutcome::Captured(capture(request)),
            // What a provider's client says after waiting in vain; nobody has to wait for it here.
            "tok_timeout_charged" | "tok_timeout_not_charged" => ChargeOutcome::Timeout,
            token => ChargeOutcome::Declined(refusal(token)),
        }
    }

    fn lookup(request: ChargeRequest) -> LookupOutcome {
        match request.payment_token.as_str() {
            "tok_success" | "tok_timeout_charged" => LookupOutcome::Captured(capture(request)),
            "tok_timeout_not_charged" => LookupOutcome::NotFound,
            token => LookupOutcome::Declined(refusal(token)),
        }
    }

    fn refund(request: RefundRequest) -> RefundOutcome {
        RefundOutcome::Refunded(format!("mock_re_{}", request.refund_key))
    }
}

fn capture(request: ChargeRequest) -> Capture {
    Capture {
        reference: format!("mock_ch_{}", request.attempt_key),
        amount_minor: request.amount_minor,
        currency: request.currency,
    }
}

fn refusal(token: &str) -> Refusal {
    let (code, message) = match token {
        "tok_declined" => ("card_declined", "The card was declined. Try another card."),
        "tok_insufficient_funds" => ("insufficient_funds", "The card has insufficient funds. Try another card."),
        _ => ("invalid_token", "The payment details cannot be used. Enter them again."),
    };
    Refusal { code: code.to_owned(), message: message.to_owned() }
}

// A native library cannot export such names; the tests need none of them.
#[cfg(target_family = "wasm")]
#[allow(unsafe_code, reason = "the generated export glue")]
mod export {
    use super::{Mock, bindings};
    bindings::export!(Mock with_types_in bindings);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(token: &str) -> ChargeRequest {
        ChargeRequest {
            attempt_key: "order:1".to_owned(),
            payment_token: token.to_owned(),
            amount_minor: 4820,
            currency: "EUR".to_owned(),
        }
    }

    #[test]
    fn a_charge_and_its_lookup_name_the_same_capture() {
        let ChargeOutcome::Captured(charged) = Mock::charge(request("tok_success")) else { panic!("not captured") };
        let LookupOutcome::Captured(found) = Mock::lookup(request("tok_success")) else { panic!("not found") };
        assert_eq!(
            (charged.reference.as_str(), charged.amount_minor, charged.currency.as_str()),
            ("mock_ch_order:1", 4820, "EUR")
        );
        assert_eq!(charged.reference, found.reference);
    }

    #[test]
    fn a_timeout_turns_out_as_its_token_says() {
        for token in ["tok_timeout_charged", "tok_timeout_not_charged"] {
            assert!(matches!(Mock::charge(request(token)), ChargeOutcome::Timeout));
        }
        assert!(matches!(Mock::lookup(request("tok_timeout_charged")), LookupOutcome::Captured(_)));
        assert!(matches!(Mock::lookup(request("tok_timeout_not_charged")), LookupOutcome::NotFound));
    }

    #[test]
    fn every_other_token_is_declined_with_its_code_however_it_is_asked() {
        for (token, code) in [
            ("tok_declined", "card_declined"),
            ("tok_insufficient_funds", "insufficient_funds"),
            ("", "invalid_token"),
            ("TOK_SUCCESS", "invalid_token"),
        ] {
            let ChargeOutcome::Declined(refused) = Mock::charge(request(token)) else { panic!("{token} not declined") };
            assert_eq!(refused.code, code);
            let LookupOutcome::Declined(refused) = Mock::lookup(request(token)) else { panic!("{token} not declined") };
            assert_eq!(refused.code, code);
        }
    }

    #[test]
    fn a_refund_asked_for_twice_is_one_refund() {
        let refund = || {
            let key = "order:refund".to_owned();
            Mock::refund(RefundRequest {
                refund_key: key,
                capture_reference: "r".to_owned(),
                amount_minor: 1,
                currency: "EUR".to_owned(),
            })
        };
        let (RefundOutcome::Refunded(first), RefundOutcome::Refunded(second)) = (refund(), refund()) else {
            panic!("refused")
        };
        assert_eq!(first, second);
    }
}
