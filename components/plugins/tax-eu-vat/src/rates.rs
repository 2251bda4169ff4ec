//! Standard VAT rates of the European Union's 27 member states, in per mille, as in force on 1 January 2026.
//!
//! Source: the European Commission's Taxes in Europe Database (TEDB). Changes since 2024 that are in here: Finland
//! 25.5 % (September 2024), Slovakia 23 % (January 2025), Estonia 24 % (July 2025), Romania 21 % (August 2025).
//! Reduced rates are left out: which goods they cover differs from country to country.

const STANDARD: [(&str, u16); 27] = [
    ("AT", 200),
    ("BE", 210),
    ("BG", 200),
    ("CY", 190),
    ("CZ", 210),
    ("DE", 190),
    ("DK", 250),
    ("EE", 240),
    ("ES", 210),
    ("FI", 255),
    ("FR", 200),
    ("GR", 240),
    ("HR", 250),
    ("HU", 270),
    ("IE", 230),
    ("IT", 220),
    ("LT", 210),
    ("LU", 170),
    ("LV", 210),
    ("MT", 180),
    ("NL", 210),
    ("PL", 230),
    ("PT", 230),
    ("RO", 210),
    ("SE", 250),
    ("SI", 220),
    ("SK", 230),
];

/// The standard rate of a member state by its ISO 3166-1 code, in per mille; `None` outside the Union.
pub fn standard_rate(country: &str) -> Option<u16> {
    STANDARD.iter().find(|(code, _)| *code == country).map(|(_, per_mille)| *per_mille)
}

/// As shown to the shopper: `VAT 23 %`, `VAT 25.5 %`.
pub fn label(per_mille: u16) -> String {
    match per_mille % 10 {
        0 => format!("VAT {} %", per_mille / 10),
        tenths => format!("VAT {}.{tenths} %", per_mille / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_state_has_one_rate_between_the_union_s_limits() {
        // Directive 2006/112/EC, article 97: at least 15 %. No state is above 27 %.
        for (country, per_mille) in STANDARD {
            assert!((150..=270).contains(&per_mille), "{country}");
            assert_eq!(STANDARD.iter().filter(|(code, _)| *code == country).count(), 1, "{country}");
        }
    }

    #[test]
    fn the_rest_of_the_world_has_none() {
        for country in ["US", "GB", "CH", "", "pt", "XX"] {
            assert_eq!(standard_rate(country), None, "{country}");
        }
    }

    #[test]
    fn labels_show_half_percents() {
        assert_eq!(label(230), "VAT 23 %");
        assert_eq!(label(255), "VAT 25.5 %");
    }
}
