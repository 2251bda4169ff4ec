//! The gateway plug-in as composed into this component: translates between wit/payment and the domain.

use crate::domain::provider::{Answer, Charge, Gateway, Money, PaymentToken, Refund};

#[allow(unsafe_code, missing_docs, reason = "generated from wit/payment")]
mod bindings {
    wit_bindgen::generate!({ world: "payment-service", path: "../../wit/payment" });
}

use bindings::souk::payment::gateway::{
    self, Authorization, AuthorizeOutcome, AuthorizeRequest, CaptureOutcome, CaptureRequest, Charge as Taken,
    LookupOutcome, LookupRequest, RefundOutcome, RefundRequest, Refusal, VoidOutcome, VoidRequest,
};

/// The plug-in that the manifest's `[component.payment.dependencies]` names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Composed;

impl Gateway for Composed {
    fn authorize(&self, charge: &Charge) -> Answer {
        let request = AuthorizeRequest {
            attempt_key: charge.key.clone(),
            payment_token: token(charge).unwrap_or_default(),
            amount_minor: charge.amount_minor,
            currency: charge.currency.clone(),
        };
        match gateway::authorize(&request) {
            AuthorizeOutcome::Authorized(hold) => authorized(hold),
            AuthorizeOutcome::Declined(refusal) => declined(refusal),
            AuthorizeOutcome::Timeout => Answer::Timeout,
        }
    }

    fn lookup(&self, charge: &Charge) -> Answer {
        let request = LookupRequest {
            attempt_key: charge.key.clone(),
            payment_token: token(charge),
            authorization_reference: charge.authorization.clone(),
            amount_minor: charge.amount_minor,
            currency: charge.currency.clone(),
        };
        match gateway::lookup(&request) {
            LookupOutcome::Authorized(hold) => authorized(hold),
            LookupOutcome::Captured(taken) => captured(taken),
            LookupOutcome::Voided => Answer::Voided,
            LookupOutcome::Declined(refusal) => declined(refusal),
            LookupOutcome::NotFound => Answer::NotFound,
            LookupOutcome::Timeout => Answer::Timeout,
        }
    }

    fn capture(&self, charge: &Charge, authorization: &str) -> Answer {
        let request = CaptureRequest {
            capture_key: format!("{}:capture", charge.key),
            authorization_reference: authorization.to_owned(),
            amount_minor: charge.amount_minor,
            currency: charge.currency.clone(),
        };
        match gateway::capture(&request) {
            CaptureOutcome::Captured(taken) => captured(taken),
            CaptureOutcome::Declined(refusal) => declined(refusal),
            CaptureOutcome::Timeout => Answer::Timeout,
        }
    }

    fn void(&self, charge: &Charge, authorization: &str) -> Answer {
        let request =
            VoidRequest { void_key: format!("{}:void", charge.key), authorization_reference: authorization.to_owned() };
        match gateway::void(&request) {
            VoidOutcome::Voided => Answer::Voided,
            VoidOutcome::Captured(taken) => captured(taken),
            VoidOutcome::Declined(refusal) => declined(refusal),
            VoidOutcome::Timeout => Answer::Timeout,
        }
    }

    fn refund(&self, refund: &Refund) -> Answer {
        let request = RefundRequest {
            refund_key: refund.key.clone(),
            capture_reference: refund.capture_reference.clone(),
            amount_minor: refund.amount_minor,
            currency: refund.currency.clone(),
        };
        match gateway::refund(&request) {
            RefundOutcome::Refunded(reference) => Answer::Refunded { reference },
            RefundOutcome::Declined(refusal) => declined(refusal),
            RefundOutcome::Timeout => Answer::Timeout,
        }
    }
}

fn token(charge: &Charge) -> Option<String> {
    charge.payment_token.as_ref().map(PaymentToken::reveal).map(str::to_owned)
}

fn authorized(hold: Authorization) -> Answer {
    Answer::Authorized(Money { reference: hold.reference, amount_minor: hold.amount_minor, currency: hold.currency })
}

fn captured(taken: Taken) -> Answer {
    Answer::Captured(Money { reference: taken.reference, amount_minor: taken.amount_minor, currency: taken.currency })
}

fn declined(refusal: Refusal) -> Answer {
    Answer::Declined { code: refusal.code, message: refusal.message }
}
