use super::*;
use proptest::prelude::*;

/// Plug-ins that say what a test wants them to.
struct Fixed {
    rates: Result<Vec<Rate>, Refusal>,
    discounts: Result<Vec<Discount>, Refusal>,
    tax: Result<i64, Refusal>,
    /// Hundredths of the shipping, on top.
    tax_on_shipping: i64,
}

impl Default for Fixed {
    fn default() -> Self {
        Self {
            rates: Ok(vec![rate("standard", 490), rate("express", 1490)]),
            discounts: Ok(vec![]),
            tax: Ok(0),
            tax_on_shipping: 0,
        }
    }
}

impl Plugins for Fixed {
    fn rates(&self, _: &Cart, _: &Address) -> Result<Vec<Rate>, Refusal> {
        self.rates.clone()
    }

    fn discounts(&self, _: &Cart, _: &Address, _: &[Rule]) -> Result<Vec<Discount>, Refusal> {
        self.discounts.clone()
    }

    fn tax(&self, _: &Cart, _: &Address, _: i64, shipping: i64) -> Result<Tax, Refusal> {
        let amount_minor = self.tax.clone()? + self.tax_on_shipping * shipping / 100;
        Ok(Tax { amount_minor, label: "VAT".into() })
    }
}

fn rate(method: &str, amount_minor: i64) -> Rate {
    Rate { method: method.into(), label: method.into(), amount_minor }
}

fn discount(amount_minor: i64, free_shipping: bool) -> Discount {
    Discount { code: "CODE".into(), label: "a code".into(), amount_minor, free_shipping }
}

fn refusal() -> Refusal {
    Refusal { code: "no".into(), message: "No.".into() }
}

fn cart(lines: &[(u32, i64)]) -> Cart {
    let line = |(n, (quantity, unit_price_minor)): (usize, &(u32, i64))| Line {
        sku: format!("SKU-{n}"),
        title: "Tea".into(),
        quantity: *quantity,
        unit_price_minor: *unit_price_minor,
        currency: Currency::EUR,
        grams: 100,
        active: true,
    };
    let lines = lines.iter().enumerate().map(line).collect();
    Cart { id: Uuid::nil(), currency: Currency::EUR, fingerprint: Some("f".into()), lines, promotions: vec![] }
}

fn home() -> Address {
    Address {
        name: "Ana Souk".into(),
        line1: "Rua das Flores 7".into(),
        line2: None,
        city: "Lisboa".into(),
        postal_code: "1200-192".into(),
        region: None,
        country: "PT".into(),
    }
}

fn ask(cart: &Cart, method: Option<&str>, codes: &[&str], plugins: &Fixed) -> Result<Quote, QuoteError> {
    let asked = |code: &&str| Asked {
        code: (*code).to_owned(),
        refusal: None,
        rule: Some(Rule {
            code: (*code).to_owned(),
            label: "a code".to_owned(),
            benefit: promotion::Benefit::FreeShipping,
            min_subtotal_minor: 0,
            skus: None,
            combinable: true,
        }),
    };
    let cart = Cart { promotions: codes.iter().map(asked).collect(), ..cart.clone() };
    quote(&cart, &home(), method, plugins)
}

#[test]
fn the_cheapest_way_is_chosen_unless_another_is_asked_for() {
    let cart = cart(&[(2, 500)]);
    assert_eq!(ask(&cart, None, &[], &Fixed::default()).unwrap().total.amount_minor, 1490);
    assert_eq!(ask(&cart, Some("express"), &[], &Fixed::default()).unwrap().total.amount_minor, 2490);
    let unknown = ask(&cart, Some("camel"), &[], &Fixed::default()).unwrap_err();
    assert_eq!(unknown, QuoteError::UnknownMethod(vec!["standard".into(), "express".into()]));
}

#[test]
fn free_shipping_is_free_whatever_the_way() {
    let plugins = Fixed { discounts: Ok(vec![discount(100, true)]), tax: Ok(50), ..Fixed::default() };
    let quote = ask(&cart(&[(1, 1000)]), Some("express"), &["CODE"], &plugins).unwrap();
    assert_eq!((quote.shipping.amount_minor, quote.total.amount_minor), (0, 950));
}

#[test]
fn discounts_are_asked_for_only_with_codes() {
    let plugins = Fixed { discounts: Err(refusal()), ..Fixed::default() };
    assert!(ask(&cart(&[(1, 1000)]), None, &[], &plugins).is_ok());
    assert_eq!(ask(&cart(&[(1, 1000)]), None, &["CODE"], &plugins), Err(QuoteError::Refused(refusal())));
}

#[test]
fn a_code_that_cannot_be_used_is_refused_before_the_plugin_is_asked() {
    let mut cart = cart(&[(1, 1000)]);
    cart.promotions = vec![Asked { code: "OLD".into(), refusal: Some("ended".into()), rule: None }];
    let Err(QuoteError::Refused(refused)) = quote(&cart, &home(), None, &Fixed::default()) else {
        panic!("no refusal")
    };
    assert_eq!(refused.code, "promotion-ended");
}

#[test]
fn what_cannot_be_bought_or_delivered_is_named() {
    let mut gone = cart(&[(1, 1000), (1, 1000)]);
    gone.lines[1].active = false;
    assert_eq!(ask(&gone, None, &[], &Fixed::default()), Err(QuoteError::Unavailable(vec!["SKU-1".into()])));
    gone.lines[1].active = true;
    gone.lines[0].currency = Currency::parse("JPY").unwrap();
    assert_eq!(ask(&gone, None, &[], &Fixed::default()), Err(QuoteError::Unavailable(vec!["SKU-0".into()])));
    assert_eq!(ask(&cart(&[]), None, &[], &Fixed::default()), Err(QuoteError::Empty));
    let nowhere = Fixed { rates: Ok(vec![]), ..Fixed::default() };
    let asked = ask(&cart(&[(1, 1000)]), Some("standard"), &[], &nowhere);
    assert_eq!(asked, Err(QuoteError::NotDeliverable("PT".into())));
}

#[test]
fn a_plugin_that_breaks_its_contract_makes_no_quote() {
    let broken = [
        Fixed { rates: Ok(vec![rate("standard", -1)]), ..Fixed::default() },
        Fixed { discounts: Ok(vec![discount(-1, false)]), ..Fixed::default() },
        Fixed { discounts: Ok(vec![discount(600, false), discount(600, false)]), ..Fixed::default() },
        Fixed { tax: Ok(-1), ..Fixed::default() },
    ];
    for plugins in broken {
        let error = ask(&cart(&[(1, 1000)]), None, &["CODE"], &plugins).unwrap_err();
        assert!(matches!(error, QuoteError::Plugin(..)), "{error}");
    }
}

#[test]
fn amounts_that_do_not_fit_are_refused() {
    let overflow = Err(QuoteError::Amount(MoneyError::Overflow));
    assert_eq!(ask(&cart(&[(2, i64::MAX)]), None, &[], &Fixed::default()), overflow);
    assert_eq!(ask(&cart(&[(1, i64::MAX), (1, 1)]), None, &[], &Fixed::default()), overflow);
    assert_eq!(ask(&cart(&[(1, i64::MAX)]), None, &[], &Fixed::default()), overflow);
}

#[test]
fn an_order_of_nothing_is_not_taken() {
    let plugins = Fixed { rates: Ok(vec![rate("pick-up", 0)]), ..Fixed::default() };
    assert_eq!(ask(&cart(&[(1, 0)]), None, &[], &plugins), Err(QuoteError::NothingToPay));
}

proptest! {
    #[test]
    fn the_parts_add_up_to_the_total(
        lines in proptest::collection::vec((1_u32..=1000, 1_i64..=10_000_000_000), 1..20),
        shipping in 0_i64..100_000,
        off_percent in 0_i64..=100,
        tax in 0_i64..1_000_000,
    ) {
        let cart = cart(&lines);
        let sum: i64 = lines.iter().map(|(quantity, price)| i64::from(*quantity) * price).sum();
        let plugins = Fixed {
            rates: Ok(vec![rate("standard", shipping)]),
            discounts: Ok(vec![discount(sum / 100 * off_percent, false)]),
            tax: Ok(tax),
            tax_on_shipping: 0,
        };
        match ask(&cart, None, &["CODE"], &plugins) {
            Ok(quote) => {
                prop_assert_eq!(quote.subtotal.amount_minor, sum);
                prop_assert_eq!(
                    quote.total.amount_minor,
                    sum - quote.discount.amount_minor + quote.shipping.amount_minor + quote.tax.amount_minor
                );
                prop_assert!(quote.total.amount_minor > 0);
            }
            Err(error) => prop_assert_eq!(error, QuoteError::NothingToPay),
        }
    }
}

#[test]
fn the_tax_on_the_shipping_is_what_free_shipping_would_save() {
    let on = |plugins: &Fixed| {
        let cart = cart(&[(1, 1000)]);
        let quote = quote(&cart, &home(), None, plugins).unwrap();
        (quote.tax.amount_minor, tax_on_shipping(&cart, &home(), &quote, plugins))
    };
    assert_eq!(on(&Fixed { tax: Ok(230), tax_on_shipping: 20, ..Fixed::default() }), (328, 98));
    assert_eq!(on(&Fixed { tax: Ok(230), ..Fixed::default() }), (230, 0), "shipping is not taxed");
    let free = Fixed { rates: Ok(vec![rate("standard", 0)]), tax: Ok(230), tax_on_shipping: 20, ..Fixed::default() };
    assert_eq!(on(&free), (230, 0));
    // A plug-in that wants more when shipping is free makes no part of the tax negative.
    assert_eq!(on(&Fixed { tax: Ok(230), tax_on_shipping: -20, ..Fixed::default() }), (132, 0));
}
