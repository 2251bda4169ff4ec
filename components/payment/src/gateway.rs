//! The gateway plug-in as composed into this component: translates between wit/payment and the domain.

use crate::domain::work::{Answer, Charge, Gateway, Refund};

#[allow(unsafe_code, missing_docs, reason = "generated from wit/payment")]
mod bindings {
    wit_bindgen::generate!({ world: "payment-service", path: "../../wit/payment" });
}

use bindings::souk::payment::gateway::{
    self, Capture, ChargeOutcome, ChargeRequest, LookupOutcome, RefundOutcome, RefundRequest, Refusal,
};

/// The plug-in that the manifest's `[component.payment.dependencies]` names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Composed;

impl Gateway for Composed {
    fn charge(&self, charge: &Charge) -> Answer {
        match gateway::charge(&request(charge)) {
            ChargeOutcome::Captured(capture) => captured(capture),
            ChargeOutcome::Declined(refusal) => declined(refusal),
            ChargeOutcome::Timeout => Answer::Timeout,
        }
    }

    fn lookup(&self, charge: &Charge) -> Answer {
        match gateway::lookup(&request(charge)) {
            LookupOutcome::Captured(capture) => captured(capture),
            LookupOutcome::Declined(refusal) => declined(refusal),
            LookupOutcome::NotFound => Answer::NotFound,
            LookupOutcome::Timeout => Answer::Timeout,
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

fn request(charge: &Charge) -> ChargeRequest {
    ChargeRequest {
        attempt_key: charge.key.clone(),
        payment_token: charge.payment_token.clone(),
        amount_minor: charge.amount_minor,
        currency: charge.currency.clone(),
    }
}

fn captured(capture: Capture) -> Answer {
    Answer::Captured { reference: capture.reference, amount_minor: capture.amount_minor, currency: capture.currency }
}

fn declined(refusal: Refusal) -> Answer {
    Answer::Declined { code: refusal.code, message: refusal.message }
}
