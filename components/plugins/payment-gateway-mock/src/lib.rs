//! A payment gateway for demonstrations and tests: the payment token decides what happens. It keeps no state and moves
//! no money; its references follow from the keys, so asking twice gets the same answer, as from a real provider. What a
//! token makes happen later is written into the references, since the token is forgotten by then.
//!
//! | token | authorize | lookup | capture | void | refund |
//! | --- | --- | --- | --- | --- | --- |
//! | tok_success | authorized | authorized | captured | voided | refunded |
//! | tok_declined | declined, card_declined | the same | | | |
//! | tok_insufficient_funds | declined, insufficient_funds | the same | | | |
//! | tok_timeout_charged | timeout | authorized | captured | voided | refunded |
//! | tok_timeout_not_charged | timeout | not found | | | |
//! | tok_capture_timeout_charged | authorized | captured | timeout | captured | refunded |
//! | tok_capture_timeout_not_charged | authorized | authorized | timeout | voided | |
//! | tok_capture_declined | authorized | authorized | declined, authorization_expired | voided | |
//! | tok_void_timeout | authorized | voided, once the hold is known | captured | timeout | refunded |
//! | tok_refund_timeout | authorized | authorized | captured | voided | timeout, for ever |
//! | tok_refund_declined | authorized | authorized | captured | voided | declined, account_closed |
//! | anything else | declined, invalid_token | the same | | | |

mod behaviour;

#[allow(unsafe_code, missing_docs, reason = "generated from wit/payment")]
mod bindings {
    wit_bindgen::generate!({ world: "gateway-plugin", path: "../../../wit/payment" });
}

use behaviour::Behaviour;
use bindings::exports::souk::payment::gateway::{
    Authorization, AuthorizeOutcome, AuthorizeRequest, CaptureOutcome, CaptureRequest, Charge, Guest, LookupOutcome,
    LookupRequest, RefundOutcome, RefundRequest, Refusal, VoidOutcome, VoidRequest,
};

/// The plug-in.
#[derive(Debug)]
pub struct Mock;

impl Guest for Mock {
    fn authorize(request: AuthorizeRequest) -> AuthorizeOutcome {
        match Behaviour::of_token(&request.payment_token) {
            Err((code, message)) => AuthorizeOutcome::Declined(refusal(code, message)),
            // What a provider's client says after waiting in vain; nobody has to wait for it here.
            Ok(Behaviour::TimeoutCharged | Behaviour::TimeoutNotCharged) => AuthorizeOutcome::Timeout,
            Ok(behaviour) => AuthorizeOutcome::Authorized(Authorization {
                reference: behaviour.reference("au", &request.attempt_key),
                amount_minor: request.amount_minor,
                currency: request.currency,
            }),
        }
    }

    fn lookup(request: LookupRequest) -> LookupOutcome {
        let known = request.authorization_reference.as_deref().and_then(|hold| Behaviour::of_reference("au", hold));
        let behaviour = match (known, request.payment_token.as_deref()) {
            (Some((behaviour, _)), _) => behaviour,
            (None, Some(token)) => match Behaviour::of_token(token) {
                Ok(behaviour) => behaviour,
                Err((code, message)) => return LookupOutcome::Declined(refusal(code, message)),
            },
            (None, None) => return LookupOutcome::NotFound,
        };
        let key = &request.attempt_key;
        match behaviour {
            Behaviour::TimeoutNotCharged => LookupOutcome::NotFound,
            Behaviour::CaptureTimeoutCharged => {
                LookupOutcome::Captured(taken(behaviour, key, request.amount_minor, request.currency))
            }
            Behaviour::VoidTimeout if known.is_some() => LookupOutcome::Voided,
            _ => LookupOutcome::Authorized(Authorization {
                reference: behaviour.reference("au", key),
                amount_minor: request.amount_minor,
                currency: request.currency,
            }),
        }
    }

    fn capture(request: CaptureRequest) -> CaptureOutcome {
        match Behaviour::of_reference("au", &request.authorization_reference) {
            None => CaptureOutcome::Declined(refusal("unknown_authorization", "There is no such authorization.")),
            Some((Behaviour::CaptureTimeoutCharged | Behaviour::CaptureTimeoutNotCharged, _)) => {
                CaptureOutcome::Timeout
            }
            Some((Behaviour::CaptureDeclined, _)) => CaptureOutcome::Declined(refusal(
                "authorization_expired",
                "The bank no longer holds the money. Try again, or use another card.",
            )),
            Some((behaviour, key)) => {
                CaptureOutcome::Captured(taken(behaviour, key, request.amount_minor, request.currency))
            }
        }
    }

    fn void(request: VoidRequest) -> VoidOutcome {
        match Behaviour::of_reference("au", &request.authorization_reference) {
            None => VoidOutcome::Declined(refusal("unknown_authorization", "There is no such authorization.")),
            Some((Behaviour::VoidTimeout, _)) => VoidOutcome::Timeout,
            Some(_) => VoidOutcome::Voided,
        }
    }

    fn refund(request: RefundRequest) -> RefundOutcome {
        match Behaviour::of_reference("ch", &request.capture_reference) {
            None => RefundOutcome::Declined(refusal("unknown_charge", "There is no such charge.")),
            Some((Behaviour::RefundTimeout, _)) => RefundOutcome::Timeout,
            Some((Behaviour::RefundDeclined, _)) => {
                RefundOutcome::Declined(refusal("account_closed", "The card's account does not take money any more."))
            }
            Some(_) => RefundOutcome::Refunded(format!("mock_re_{}", request.refund_key)),
        }
    }
}

fn taken(behaviour: Behaviour, key: &str, amount_minor: i64, currency: String) -> Charge {
    Charge { reference: behaviour.reference("ch", key), amount_minor, currency }
}

fn refusal(code: &str, message: &str) -> Refusal {
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
mod tests;
