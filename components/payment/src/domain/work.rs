//! One piece of work for the gateway, and how its answers are read. An answer that makes no sense counts as none: the
//! gateway is asked again, and nothing is taken for a decline that was not one.

use super::{
    outcome::{Outcome, is_reference},
    provider::{Answer, Charge, Gateway, Money, Refund, Wish},
};
use serde::Deserialize;

/// What `claim_work` (migration V9) hands out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Work {
    /// Hold the money, then as is wished.
    Charge(Charge),
    /// Ask what became of an attempt, then as is wished.
    Lookup(Charge),
    /// Take what is held.
    Capture(Charge),
    /// Let go what is held.
    Void(Charge),
    /// Give money back.
    Refund(Refund),
}

const NONSENSE: &str = "the gateway's answer makes no sense";

/// Does one piece of work. What costs nothing (a voucher paid for all of it) is not brought before the gateway.
pub fn perform(gateway: &impl Gateway, work: &Work) -> Outcome {
    match work {
        Work::Charge(charge) | Work::Lookup(charge) if charge.amount_minor == 0 => free(charge),
        Work::Charge(charge) => match gateway.authorize(charge) {
            // These are answers to other questions.
            Answer::Captured(_) | Answer::Voided | Answer::NotFound => nonsense(charge, "timeout"),
            answer => follow(gateway, charge, answer),
        },
        Work::Lookup(charge) => follow(gateway, charge, gateway.lookup(charge)),
        Work::Capture(charge) | Work::Void(charge) => match &charge.authorization {
            Some(authorization) => fulfil(gateway, charge, authorization),
            None => Outcome::of_charge(charge, "timeout"),
        },
        Work::Refund(refund) => give_back(gateway, refund),
    }
}

fn free(charge: &Charge) -> Outcome {
    if charge.then == Wish::Void {
        return Outcome::of_charge(charge, "voided");
    }
    let reference = format!("free:{}", charge.key);
    Outcome::of_charge(charge, "captured").money(Money {
        reference,
        amount_minor: 0,
        currency: charge.currency.clone(),
    })
}

/// Goes on from what the gateway said of an attempt.
fn follow(gateway: &impl Gateway, charge: &Charge, answer: Answer) -> Outcome {
    match answer {
        // Of another amount than was asked for, a hold is good for nothing but to be let go.
        Answer::Authorized(hold)
            if is_reference(&hold.reference)
                && (charge.then == Wish::Void
                    || (hold.amount_minor, &hold.currency) == (charge.amount_minor, &charge.currency)) =>
        {
            fulfil(gateway, charge, &hold.reference)
        }
        Answer::Captured(money) if is_money(&money) => Outcome::of_charge(charge, "captured").money(money),
        Answer::Voided => Outcome::of_charge(charge, "voided"),
        Answer::Declined { code, message } => Outcome::of_charge(charge, "declined").because(&code, &message),
        Answer::NotFound => Outcome::of_charge(charge, "not_found"),
        Answer::Timeout => Outcome::of_charge(charge, "timeout"),
        Answer::Authorized(_) | Answer::Captured(_) | Answer::Refunded { .. } => nonsense(charge, "timeout"),
    }
}

/// Does with a hold what is wished.
fn fulfil(gateway: &impl Gateway, charge: &Charge, authorization: &str) -> Outcome {
    let outcome = match charge.then {
        Wish::Hold => Outcome::of_charge(charge, "authorized"),
        Wish::Capture => match gateway.capture(charge, authorization) {
            Answer::Captured(money) if is_money(&money) => Outcome::of_charge(charge, "captured").money(money),
            Answer::Declined { code, message } => {
                Outcome::of_charge(charge, "capture_refused").because(&code, &message)
            }
            Answer::Timeout => Outcome::of_charge(charge, "capture_unknown"),
            _ => nonsense(charge, "capture_unknown"),
        },
        Wish::Void => match gateway.void(charge, authorization) {
            Answer::Voided => Outcome::of_charge(charge, "voided"),
            Answer::Captured(money) if is_money(&money) => Outcome::of_charge(charge, "captured").money(money),
            Answer::Declined { code, message } => Outcome::of_charge(charge, "void_refused").because(&code, &message),
            Answer::Timeout => Outcome::of_charge(charge, "void_unknown"),
            _ => nonsense(charge, "void_unknown"),
        },
    };
    outcome.hold(authorization)
}

fn give_back(gateway: &impl Gateway, refund: &Refund) -> Outcome {
    if refund.amount_minor == 0 {
        return Outcome::of_refund(refund, "refunded").reference(format!("free:{}", refund.key));
    }
    match gateway.refund(refund) {
        Answer::Refunded { reference } if is_reference(&reference) => {
            Outcome::of_refund(refund, "refunded").reference(reference)
        }
        Answer::Declined { code, message } => Outcome::of_refund(refund, "declined").because(&code, &message),
        Answer::Timeout => Outcome::of_refund(refund, "timeout"),
        _ => Outcome::of_refund(refund, "timeout").remark(NONSENSE),
    }
}

fn nonsense(charge: &Charge, result: &'static str) -> Outcome {
    Outcome::of_charge(charge, result).remark(NONSENSE)
}

fn is_money(money: &Money) -> bool {
    is_reference(&money.reference)
        && money.amount_minor >= 0
        && money.currency.len() == 3
        && money.currency.bytes().all(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests;
