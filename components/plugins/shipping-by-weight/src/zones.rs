//! Which zone a country is in, seen from Germany.

/// A group of countries with the same prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// The shop's own country.
    Domestic,
    /// The European Union.
    Union,
    /// Served, but outside the Union: customs take their time.
    World,
}

const HOME: &str = "DE";

const UNION: [&str; 26] = [
    "AT", "BE", "BG", "CY", "CZ", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
    "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

const WORLD: [&str; 46] = [
    "AD", "AE", "AL", "AR", "AU", "BA", "BR", "CA", "CH", "CL", "CO", "CR", "EG", "GB", "HK", "ID", "IL", "IN", "IS",
    "JO", "JP", "KE", "KR", "LI", "MA", "MC", "MD", "ME", "MK", "MX", "MY", "NO", "NZ", "PE", "PH", "QA", "RS", "SA",
    "SG", "SM", "TH", "TN", "TR", "TW", "US", "ZA",
];

/// The zone of an ISO 3166-1 code; `None` where nobody delivers.
pub fn zone(country: &str) -> Option<Zone> {
    if country == HOME {
        Some(Zone::Domestic)
    } else if UNION.contains(&country) {
        Some(Zone::Union)
    } else if WORLD.contains(&country) {
        Some(Zone::World)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_in_one_zone_or_in_none() {
        assert_eq!(zone("DE"), Some(Zone::Domestic));
        assert_eq!(zone("PT"), Some(Zone::Union));
        assert_eq!(zone("JP"), Some(Zone::World));
        for nowhere in ["AQ", "BV", "", "de", "XX"] {
            assert_eq!(zone(nowhere), None, "{nowhere}");
        }
        assert!(UNION.iter().all(|country| *country != HOME && !WORLD.contains(country)));
    }
}
