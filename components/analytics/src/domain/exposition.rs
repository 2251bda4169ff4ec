//! The text format of Prometheus (version 0.0.4), as far as counters need it.

use std::fmt::Write as _;

/// One sum since the beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// As in the table `metrics`.
    pub metric: String,
    /// Reason or template; may be empty.
    pub label: String,
    /// Three letters, or empty.
    pub currency: String,
    /// How many events.
    pub events: i64,
    /// Pieces in them.
    pub units: i64,
    /// Their amount.
    pub amount_minor: i64,
}

/// Labels and a value.
type Sample<'a> = (Vec<(&'static str, &'a str)>, i64);

struct Family {
    name: &'static str,
    help: &'static str,
    samples: fn(&Total) -> Option<Sample<'_>>,
}

const FAMILIES: [Family; 6] = [
    Family {
        name: "souk_orders_total",
        help: "Orders that reached a state.",
        samples: |t| Some((vec![("state", t.metric.strip_prefix("orders_")?), ("reason", &t.label)], t.events)),
    },
    Family {
        name: "souk_payments_total",
        help: "Payments requested, and how they ended.",
        samples: |t| Some((vec![("outcome", t.metric.strip_prefix("payments_")?), ("reason", &t.label)], t.events)),
    },
    Family {
        name: "souk_revenue_minor_total",
        help: "Money captured and refunded, in minor units.",
        samples: |t| match t.metric.as_str() {
            "payments_captured" => Some((vec![("kind", "captured"), ("currency", &t.currency)], t.amount_minor)),
            "payments_refunded" => Some((vec![("kind", "refunded"), ("currency", &t.currency)], t.amount_minor)),
            _ => None,
        },
    },
    Family {
        name: "souk_units_sold_total",
        help: "Pieces in confirmed orders.",
        samples: |t| (t.metric == "orders_confirmed").then(|| (vec![], t.units)),
    },
    Family {
        name: "souk_accounts_total",
        help: "Accounts registered and deleted.",
        samples: |t| match t.metric.as_str() {
            "sign_ups" => Some((vec![("change", "registered")], t.events)),
            "accounts_deleted" => Some((vec![("change", "deleted")], t.events)),
            _ => None,
        },
    },
    Family {
        name: "souk_mails_queued_total",
        help: "Mails queued for delivery.",
        samples: |t| (t.metric == "mails_queued").then(|| (vec![("template", t.label.as_str())], t.events)),
    },
];

/// All counters. Sums that differ only in what a family does not show are added up.
pub fn render(totals: &[Total]) -> String {
    let mut text = String::new();
    for family in &FAMILIES {
        let mut samples: Vec<(String, i64)> = Vec::new();
        for (labels, value) in totals.iter().filter_map(family.samples) {
            let labels = label_text(&labels);
            match samples.iter_mut().find(|(seen, _)| *seen == labels) {
                Some((_, sum)) => *sum += value,
                None => samples.push((labels, value)),
            }
        }
        // Writing to a String cannot fail.
        let _ = writeln!(text, "# HELP {0} {1}\n# TYPE {0} counter", family.name, family.help);
        for (labels, value) in samples {
            let _ = writeln!(text, "{}{labels} {value}", family.name);
        }
    }
    text
}

/// `{name="value",...}` without empty values; nothing when there are none.
fn label_text(labels: &[(&str, &str)]) -> String {
    let shown: Vec<String> = labels
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| {
            let escaped = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            format!("{name}=\"{escaped}\"")
        })
        .collect();
    if shown.is_empty() { String::new() } else { format!("{{{}}}", shown.join(",")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(metric: &str, label: &str, currency: &str, events: i64, units: i64, amount_minor: i64) -> Total {
        Total { metric: metric.into(), label: label.into(), currency: currency.into(), events, units, amount_minor }
    }

    #[test]
    fn counters_read_as_prometheus_wants_them() {
        let text = render(&[
            total("orders_cancelled", "by_shopper", "EUR", 2, 3, 900),
            total("orders_confirmed", "", "EUR", 5, 9, 4500),
            total("orders_confirmed", "", "USD", 1, 2, 700),
            total("payments_captured", "", "EUR", 5, 0, 4500),
            total("sign_ups", "", "", 4, 0, 0),
            total("mails_queued", "odd \"name\"\\\n", "", 1, 0, 0),
        ]);
        for line in [
            "# TYPE souk_orders_total counter",
            "souk_orders_total{state=\"cancelled\",reason=\"by_shopper\"} 2",
            "souk_orders_total{state=\"confirmed\"} 6",
            "souk_units_sold_total 11",
            "souk_payments_total{outcome=\"captured\"} 5",
            "souk_revenue_minor_total{kind=\"captured\",currency=\"EUR\"} 4500",
            "souk_accounts_total{change=\"registered\"} 4",
            "souk_mails_queued_total{template=\"odd \\\"name\\\"\\\\\\n\"} 1",
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\nis not in\n{text}");
        }
        assert_eq!(text.lines().count(), 12 + 8 - 1, "{text}");
    }

    #[test]
    fn nothing_counted_yet_is_a_valid_answer() {
        let text = render(&[]);
        assert!(text.lines().all(|line| line.starts_with("# ")), "{text}");
        assert!(text.ends_with('\n'));
    }
}
