//! Promotion codes: what a merchant says about one, what the database hands over about those a shopper asked for, and
//! what a shopper is told about a code that cannot be used. What a usable code earns is the plug-in's business.

use super::quote::Refusal;
use serde::Deserialize;

/// What a code gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Benefit {
    /// A part of what the goods cost.
    Percentage {
        /// Hundredths of a percent, 1 to 10000.
        basis_points: u32,
    },
    /// A fixed amount off.
    FixedAmount {
        /// In the cart's currency.
        amount_minor: i64,
    },
    /// Of every `buy + get` pieces, `get` are free.
    BuyXGetY {
        /// Pieces to pay.
        buy: u32,
        /// Pieces on top.
        get: u32,
    },
    /// Shipping costs nothing.
    FreeShipping,
}

/// The rule of a code that may be used now.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Rule {
    /// The code.
    pub code: String,
    /// What the shopper reads.
    pub label: String,
    /// What it gives.
    #[serde(flatten)]
    pub benefit: Benefit,
    /// What the goods that it counts for must cost at least.
    pub min_subtotal_minor: i64,
    /// The SKUs of the cart that it counts for; none: all of them.
    pub skus: Option<Vec<String>>,
    /// Whether it may be used beside other discounts.
    pub combinable: bool,
}

/// A code that a shopper asked for, as `promotion_rules` found it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Asked {
    /// The code.
    pub code: String,
    /// Why it cannot be used, if so.
    pub refusal: Option<String>,
    /// Its rule, if it can be used.
    pub rule: Option<Rule>,
}

/// The rules of the asked codes, or why one of them cannot be used.
pub fn usable(asked: &[Asked]) -> Result<Vec<Rule>, Refusal> {
    asked.iter().map(|asked| asked.rule.clone().ok_or_else(|| refusal(asked))).collect()
}

fn refusal(asked: &Asked) -> Refusal {
    let code = &asked.code;
    let (slug, why) = match asked.refusal.as_deref() {
        Some("not_yet") => ("promotion-not-yet", format!("{code} cannot be used yet; leave it out for now.")),
        Some("ended") => ("promotion-ended", format!("{code} has ended; leave it out.")),
        Some("used_up") => ("promotion-used-up", format!("{code} was used as often as it could be; leave it out.")),
        Some("used_by_shopper") => {
            ("promotion-used", format!("You have used {code} as often as one shopper may; leave it out."))
        }
        Some("other_currency") => {
            ("promotion-not-applicable", format!("{code} is for carts of another currency; leave it out."))
        }
        _ => ("promotion-unknown", format!("There is no code {code}; check its spelling or leave it out.")),
    };
    Refusal { code: slug.to_owned(), message: why }
}

/// Codes as the shop spells them, each once, in the order in which they were given.
pub fn spelled(given: &[String]) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for code in given.iter().map(|code| code.trim().to_ascii_uppercase()) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn asked(value: serde_json::Value) -> Asked {
        serde_json::from_value(value).unwrap()
    }

    fn usable_rule() -> Asked {
        asked(json!({"code": "TEN", "refusal": null, "rule": {"code": "TEN", "label": "10 % off", "kind": "percentage",
            "basis_points": 1000, "min_subtotal_minor": 0, "skus": ["TEA"], "combinable": false}}))
    }

    #[test]
    fn one_code_that_cannot_be_used_is_named_and_stops_all() {
        let ended = asked(json!({"code": "OLD", "refusal": "ended", "rule": null}));
        let refused = usable(&[usable_rule(), ended]).unwrap_err();
        assert_eq!(refused.code, "promotion-ended");
        assert!(refused.message.contains("OLD"));
        assert_eq!(usable(&[usable_rule()]).unwrap()[0].benefit, Benefit::Percentage { basis_points: 1000 });
        assert_eq!(usable(&[]), Ok(vec![]));
    }

    #[test]
    fn a_code_counts_once_whatever_its_spelling() {
        let given = [" ten", "TEN ", "free", "Ten"].map(str::to_owned);
        assert_eq!(spelled(&given), ["TEN", "FREE"]);
    }
}
