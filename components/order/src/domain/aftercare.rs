//! What is asked for after an order was paid: refunds and returns, checked field by field.

use serde::{Deserialize, Serialize};
use souk_core::{address::FieldError, money::Money, quantity::Quantity, sku::Sku, text};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// The most lines that one order has.
const MAX_LINES: usize = 100;

/// Pieces of one line of an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pieces {
    /// What was bought.
    pub sku: Sku,
    /// How many of it.
    pub quantity: Quantity,
}

/// Money to give back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundRequest {
    /// More than nothing, and no more than is left of what was paid; left out: all that is left.
    #[serde(default)]
    pub amount: Option<Money>,
    /// Why, for the shopper and the books.
    #[schema(min_length = 1, max_length = 200, example = "A cup arrived broken")]
    pub reason: String,
    /// The lines that it is for, if any in particular. Each SKU at most once.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub lines: Vec<Pieces>,
}

/// Pieces to send back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnRequest {
    /// Which. Each SKU at most once.
    #[schema(min_items = 1, max_items = 100)]
    pub lines: Vec<Pieces>,
    /// Why.
    #[schema(min_length = 1, max_length = 200, example = "The colour is another than I thought")]
    pub reason: String,
}

/// How a return is taken in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptRequest {
    /// The SKUs of the return whose pieces can be sold again.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub restock: Vec<Sku>,
    /// What goes back, zero or more; left out: what the returned pieces are worth.
    #[serde(default)]
    pub refund: Option<Money>,
}

/// Why a return is declined.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectRequest {
    /// What the shopper is told.
    #[schema(min_length = 1, max_length = 200, example = "The parcel was empty")]
    pub reason: String,
}

impl RefundRequest {
    /// Checks every field.
    pub fn validate(&self) -> Result<(), Vec<FieldError>> {
        let amount = self.amount.is_some_and(|amount| amount.amount_minor <= 0);
        outcome([
            amount.then(|| refuse("amount.amount_minor", "must be more than nothing")),
            reason(&self.reason),
            lines(&self.lines, 0),
        ])
    }
}

impl ReturnRequest {
    /// Checks every field.
    pub fn validate(&self) -> Result<(), Vec<FieldError>> {
        outcome([lines(&self.lines, 1), reason(&self.reason)])
    }
}

impl AcceptRequest {
    /// Checks every field.
    pub fn validate(&self) -> Result<(), Vec<FieldError>> {
        let negative = self.refund.is_some_and(|refund| refund.amount_minor < 0);
        outcome([
            (self.restock.len() > MAX_LINES).then(|| refuse("restock", "must be at most 100")),
            negative.then(|| refuse("refund.amount_minor", "must be zero or more")),
        ])
    }
}

impl RejectRequest {
    /// Checks every field.
    pub fn validate(&self) -> Result<(), Vec<FieldError>> {
        outcome([reason(&self.reason)])
    }
}

fn outcome<const N: usize>(errors: [Option<FieldError>; N]) -> Result<(), Vec<FieldError>> {
    let errors: Vec<FieldError> = errors.into_iter().flatten().collect();
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn reason(reason: &str) -> Option<FieldError> {
    text::line(reason, 1, 200).err().map(|error| refuse("reason", &error.to_string()))
}

fn lines(lines: &[Pieces], at_least: usize) -> Option<FieldError> {
    let distinct: BTreeSet<&Sku> = lines.iter().map(|line| &line.sku).collect();
    let fits = (at_least..=MAX_LINES).contains(&lines.len()) && distinct.len() == lines.len();
    (!fits).then(|| refuse("lines", &format!("must be {at_least} to {MAX_LINES}, each SKU once")))
}

fn refuse(field: &str, message: &str) -> FieldError {
    FieldError { field: field.to_owned(), message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn fields(outcome: Result<(), Vec<FieldError>>) -> Vec<String> {
        outcome.err().unwrap_or_default().into_iter().map(|error| error.field).collect()
    }

    fn refund(value: Value) -> Vec<String> {
        fields(serde_json::from_value::<RefundRequest>(value).unwrap().validate())
    }

    #[test]
    fn a_refund_is_of_something_and_for_a_reason() {
        let line = json!({"sku": "A", "quantity": 1});
        assert_eq!(refund(json!({"reason": "broken", "lines": [line]})), [""; 0]);
        for amount in [0, -1, i64::MIN] {
            let amount = json!({"amount_minor": amount, "currency": "EUR"});
            assert_eq!(refund(json!({"amount": amount, "reason": "x"})), ["amount.amount_minor"]);
        }
        for reason in ["", " ", "a\u{0}b", &"x".repeat(201)] {
            assert_eq!(refund(json!({"reason": reason})), ["reason"]);
        }
        assert_eq!(refund(json!({"reason": "x", "lines": [line, line]})), ["lines"]);
    }

    #[test]
    fn a_return_has_lines_and_each_only_once() {
        let parse = |value: Value| fields(serde_json::from_value::<ReturnRequest>(value).unwrap().validate());
        let line = json!({"sku": "A", "quantity": 1});
        assert_eq!(parse(json!({"lines": [line], "reason": "x"})), [""; 0]);
        assert_eq!(parse(json!({"lines": [], "reason": "x"})), ["lines"]);
        assert_eq!(parse(json!({"lines": [line, line], "reason": "x"})), ["lines"]);
        for quantity in [json!(0), json!(1001), json!(-1), json!("1")] {
            let body = json!({"lines": [{"sku": "A", "quantity": quantity}], "reason": "x"});
            assert!(serde_json::from_value::<ReturnRequest>(body).is_err(), "{quantity}");
        }
    }
}
