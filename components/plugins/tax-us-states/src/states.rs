//! State sales tax rates of the 50 states and the District of Columbia as in force on 1 July 2025, in thousandths of a
//! percent, and which states tax delivery.
//!
//! Source of the rates: Tax Foundation, "State and Local Sales Tax Rates, Midyear 2025" (8 July 2025). As there, the rates
//! of California, Utah and Virginia include the local part that is the same in the whole state. Changes since 2023 that
//! are in here: New Mexico 4.875 % and South Dakota 4.2 % (July 2023), Louisiana 5 % (January 2025).
//!
//! Delivery counts as taxed where a separately stated charge for sending taxable goods by a common carrier is taxable in
//! general. The states' finer rules (who delivers, whether pick-up was offered, a mark-up on postage) are left out.

/// A state and its tax.
#[derive(Debug)]
pub struct State {
    /// Two letters, as the postal service writes them.
    pub code: &'static str,
    name: &'static str,
    /// Thousandths of a percent.
    pub rate: u32,
    /// Whether delivery is taxed.
    pub taxes_shipping: bool,
}

const fn goods(code: &'static str, name: &'static str, rate: u32) -> State {
    State { code, name, rate, taxes_shipping: false }
}

const fn goods_and_delivery(code: &'static str, name: &'static str, rate: u32) -> State {
    State { code, name, rate, taxes_shipping: true }
}

const STATES: [State; 51] = [
    goods("AK", "Alaska", 0),
    goods("AL", "Alabama", 4_000),
    goods_and_delivery("AR", "Arkansas", 6_500),
    goods("AZ", "Arizona", 5_600),
    goods("CA", "California", 7_250),
    goods("CO", "Colorado", 2_900),
    goods_and_delivery("CT", "Connecticut", 6_350),
    goods("DC", "District of Columbia", 6_000),
    goods("DE", "Delaware", 0),
    goods("FL", "Florida", 6_000),
    goods_and_delivery("GA", "Georgia", 4_000),
    goods_and_delivery("HI", "Hawaii", 4_000),
    goods("IA", "Iowa", 6_000),
    goods("ID", "Idaho", 6_000),
    goods("IL", "Illinois", 6_250),
    goods_and_delivery("IN", "Indiana", 7_000),
    goods("KS", "Kansas", 6_500),
    goods_and_delivery("KY", "Kentucky", 6_000),
    goods("LA", "Louisiana", 5_000),
    goods("MA", "Massachusetts", 6_250),
    goods("MD", "Maryland", 6_000),
    goods("ME", "Maine", 5_500),
    goods("MI", "Michigan", 6_000),
    goods_and_delivery("MN", "Minnesota", 6_875),
    goods("MO", "Missouri", 4_225),
    goods_and_delivery("MS", "Mississippi", 7_000),
    goods("MT", "Montana", 0),
    goods_and_delivery("NC", "North Carolina", 4_750),
    goods_and_delivery("ND", "North Dakota", 5_000),
    goods_and_delivery("NE", "Nebraska", 5_500),
    goods("NH", "New Hampshire", 0),
    goods_and_delivery("NJ", "New Jersey", 6_625),
    goods_and_delivery("NM", "New Mexico", 4_875),
    goods("NV", "Nevada", 6_850),
    goods_and_delivery("NY", "New York", 4_000),
    goods_and_delivery("OH", "Ohio", 5_750),
    goods("OK", "Oklahoma", 4_500),
    goods("OR", "Oregon", 0),
    goods_and_delivery("PA", "Pennsylvania", 6_000),
    goods_and_delivery("RI", "Rhode Island", 7_000),
    goods_and_delivery("SC", "South Carolina", 6_000),
    goods_and_delivery("SD", "South Dakota", 4_200),
    goods_and_delivery("TN", "Tennessee", 7_000),
    goods_and_delivery("TX", "Texas", 6_250),
    goods("UT", "Utah", 6_100),
    goods("VA", "Virginia", 5_300),
    goods_and_delivery("VT", "Vermont", 6_000),
    goods_and_delivery("WA", "Washington", 6_500),
    goods_and_delivery("WI", "Wisconsin", 5_000),
    goods_and_delivery("WV", "West Virginia", 6_000),
    goods("WY", "Wyoming", 4_000),
];

/// The state that an address names: `CA`, `US-CA` or `California`, in any case.
pub fn find(region: &str) -> Option<&'static State> {
    let region = region.trim();
    let code = match region.split_at_checked(3) {
        Some((prefix, code)) if prefix.eq_ignore_ascii_case("US-") => code,
        _ => region,
    };
    STATES.iter().find(|state| state.code.eq_ignore_ascii_case(code) || state.name.eq_ignore_ascii_case(region))
}

impl State {
    /// As shown to the shopper: `Sales tax 6.875 % (MN)`.
    pub fn label(&self) -> String {
        if self.rate == 0 {
            return format!("No sales tax ({})", self.code);
        }
        let percent = format!("{}.{:03}", self.rate / 1000, self.rate % 1000);
        format!("Sales tax {} % ({})", percent.trim_end_matches('0').trim_end_matches('.'), self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_there_once_with_a_plausible_rate() {
        for state in &STATES {
            assert!(state.rate == 0 || (2_900..=7_250).contains(&state.rate), "{state:?}");
            assert_eq!(STATES.iter().filter(|other| other.code == state.code).count(), 1, "{state:?}");
            assert_eq!(STATES.iter().filter(|other| other.name == state.name).count(), 1, "{state:?}");
        }
        let untaxed: Vec<&str> = STATES.iter().filter(|state| state.rate == 0).map(|state| state.code).collect();
        assert_eq!(untaxed, ["AK", "DE", "MT", "NH", "OR"], "the five states without a state sales tax");
        assert!(STATES.iter().all(|state| state.rate > 0 || !state.taxes_shipping));
    }

    #[test]
    fn a_state_is_found_however_it_is_written() {
        for region in ["CA", "ca", " US-CA ", "us-ca", "California", "CALIFORNIA"] {
            assert_eq!(find(region).unwrap().code, "CA", "{region}");
        }
        assert_eq!(find("west virginia").unwrap().code, "WV");
        for region in ["", "US", "US-", "PR", "XX", "Kalifornien", "Österreich", "é"] {
            assert!(find(region).is_none(), "{region}");
        }
    }

    #[test]
    fn labels_show_as_many_digits_as_there_are() {
        for (region, label) in [("MN", "6.875"), ("CT", "6.35"), ("MI", "6"), ("SD", "4.2"), ("MO", "4.225")] {
            assert_eq!(find(region).unwrap().label(), format!("Sales tax {label} % ({region})"));
        }
        assert_eq!(find("OR").unwrap().label(), "No sales tax (OR)");
    }
}
