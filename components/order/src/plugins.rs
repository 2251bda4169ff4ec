//! The checkout plug-ins as composed into this component: translates between wit/checkout and the domain.

use crate::domain::{
    promotion::{Benefit, Rule},
    quote::{Cart, Discount, Plugins, Rate, Refusal, Tax},
};
use souk_core::address::Address;

#[allow(unsafe_code, missing_docs, reason = "generated from wit/checkout")]
mod bindings {
    wit_bindgen::generate!({ world: "order-service", path: "../../wit/checkout" });
}

use bindings::souk::checkout::{promotions, shipping, tax, types};

/// The plug-ins that the manifest's `[component.order.dependencies]` name.
#[derive(Debug, Clone, Copy)]
pub struct Composed;

impl Plugins for Composed {
    fn rates(&self, cart: &Cart, destination: &Address) -> Result<Vec<Rate>, Refusal> {
        let rate =
            |rate: shipping::Rate| Rate { method: rate.method, label: rate.label, amount_minor: rate.amount_minor };
        Ok(shipping::rates(&basket(cart, destination)).map_err(refusal)?.into_iter().map(rate).collect())
    }

    fn discounts(&self, cart: &Cart, destination: &Address, rules: &[Rule]) -> Result<Vec<Discount>, Refusal> {
        let discount = |discount: promotions::Discount| Discount {
            code: discount.code,
            label: discount.label,
            amount_minor: discount.amount_minor,
            free_shipping: discount.free_shipping,
        };
        let rules: Vec<_> = rules.iter().map(rule).collect();
        let earned = promotions::apply(&basket(cart, destination), &rules).map_err(refusal)?;
        Ok(earned.into_iter().map(discount).collect())
    }

    fn tax(&self, cart: &Cart, destination: &Address, discount: i64, shipping: i64) -> Result<Tax, Refusal> {
        let tax = tax::compute(&basket(cart, destination), discount, shipping).map_err(refusal)?;
        Ok(Tax { amount_minor: tax.amount_minor, label: tax.label })
    }
}

fn basket(cart: &Cart, destination: &Address) -> types::Cart {
    let lines = cart.lines.iter().map(|line| types::Line {
        sku: line.sku.clone(),
        quantity: line.quantity,
        unit_price_minor: line.unit_price_minor,
        grams: line.grams,
    });
    types::Cart {
        currency: cart.currency.as_str().to_owned(),
        lines: lines.collect(),
        destination: types::Address {
            city: destination.city.clone(),
            postal_code: destination.postal_code.clone(),
            region: destination.region.clone(),
            country: destination.country.clone(),
        },
    }
}

fn rule(rule: &Rule) -> promotions::Rule {
    promotions::Rule {
        code: rule.code.clone(),
        label: rule.label.clone(),
        benefit: match rule.benefit {
            Benefit::Percentage { basis_points } => promotions::Benefit::Percentage(basis_points),
            Benefit::FixedAmount { amount_minor } => promotions::Benefit::FixedMinor(amount_minor),
            Benefit::BuyXGetY { buy, get } => promotions::Benefit::BuyXGetY(promotions::BuyGet { buy, get }),
            Benefit::FreeShipping => promotions::Benefit::FreeShipping,
        },
        min_subtotal_minor: rule.min_subtotal_minor,
        skus: rule.skus.clone(),
        combinable: rule.combinable,
    }
}

fn refusal(refusal: types::Refusal) -> Refusal {
    Refusal { code: refusal.code, message: refusal.message }
}
