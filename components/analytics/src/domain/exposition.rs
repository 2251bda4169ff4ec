//! The shop's sums as metrics of Prometheus, written by the encoder of the `prometheus` crate.
//!
//! Names end in what they count, amounts in minor units, since currencies differ in theirs. What a scrape shows is the
//! database's; there is no registry, and an instance of the component keeps no counter of its own.

use prometheus::{
    TextEncoder,
    proto::{Counter, Gauge, LabelPair, Metric, MetricFamily, MetricType},
};
use std::collections::BTreeMap;

/// The media type of [`render`]'s text.
pub const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

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
    kind: MetricType,
    /// What a sum adds to it; empty labels are left out.
    sample: fn(&Total) -> Option<Sample<'_>>,
    /// Whether it has no labels and so a value even before anything happened.
    plain: bool,
}

const fn labelled(name: &'static str, help: &'static str, sample: fn(&Total) -> Option<Sample<'_>>) -> Family {
    Family { name, help, kind: MetricType::COUNTER, sample, plain: false }
}

const fn plain(name: &'static str, help: &'static str, sample: fn(&Total) -> Option<Sample<'_>>) -> Family {
    Family { name, help, kind: MetricType::COUNTER, sample, plain: true }
}

fn events<'a>(total: &Total, metric: &str) -> Option<Sample<'a>> {
    (total.metric == metric).then(|| (Vec::new(), total.events))
}

fn amount<'a>(total: &'a Total, metric: &str) -> Option<Sample<'a>> {
    (total.metric == metric).then(|| (vec![("currency", total.currency.as_str())], total.amount_minor))
}

const FAMILIES: [Family; 15] = [
    labelled("souk_order_events_total", "Orders that reached a state, by state and reason.", |t| {
        Some((vec![("event", t.metric.strip_prefix("orders_")?), ("reason", &t.label)], t.events))
    }),
    labelled("souk_payment_events_total", "What happened to payments, by outcome and reason.", |t| {
        Some((vec![("event", t.metric.strip_prefix("payments_")?), ("reason", &t.label)], t.events))
    }),
    labelled("souk_ordered_minor_units_total", "What confirmed orders came to, in minor units of the currency.", |t| {
        amount(t, "orders_confirmed")
    }),
    labelled("souk_captured_minor_units_total", "Money taken, in minor units of the currency.", |t| {
        amount(t, "payments_captured")
    }),
    labelled("souk_refunded_minor_units_total", "Money given back, in minor units of the currency.", |t| {
        amount(t, "payments_refunded")
    }),
    plain("souk_units_sold_total", "Pieces in confirmed orders.", |t| {
        (t.metric == "orders_confirmed").then(|| (Vec::new(), t.units))
    }),
    plain("souk_units_returned_total", "Pieces in returned orders.", |t| {
        (t.metric == "orders_returned").then(|| (Vec::new(), t.units))
    }),
    plain("souk_returns_requested_total", "Returns that shoppers asked for.", |t| events(t, "returns_requested")),
    labelled("souk_carts_started_total", "Carts that got their first line, by who owns them.", |t| {
        (t.metric == "carts_started").then(|| (vec![("shopper", t.label.as_str())], t.events))
    }),
    plain("souk_sign_ups_total", "Accounts registered.", |t| events(t, "sign_ups")),
    plain("souk_accounts_deleted_total", "Accounts deleted.", |t| events(t, "accounts_deleted")),
    labelled("souk_mails_queued_total", "Mails queued for delivery, by template.", |t| {
        (t.metric == "mails_queued").then(|| (vec![("template", t.label.as_str())], t.events))
    }),
    plain("souk_stock_outs_total", "Times that a SKU ran out.", |t| events(t, "stock_outs")),
    plain("souk_stock_low_warnings_total", "Times that a SKU fell to its threshold.", |t| events(t, "stock_lows")),
    Family {
        name: "souk_skus_out_of_stock",
        help: "SKUs of which nothing can be bought now.",
        kind: MetricType::GAUGE,
        // Running out and coming back take turns, so their difference is what is out.
        sample: |t| match t.metric.as_str() {
            "stock_outs" => Some((Vec::new(), t.events)),
            "stock_restocks" => Some((Vec::new(), -t.events)),
            _ => None,
        },
        plain: true,
    },
];

/// All metrics. Sums that differ only in what a family does not show are added up.
pub fn render(totals: &[Total]) -> prometheus::Result<String> {
    let families: Vec<_> = FAMILIES.iter().filter_map(|family| collect(family, totals)).collect();
    TextEncoder::new().encode_to_string(&families)
}

/// `None` where there is nothing to show yet.
fn collect(family: &Family, totals: &[Total]) -> Option<MetricFamily> {
    let mut samples: BTreeMap<Vec<(&str, &str)>, i64> = BTreeMap::new();
    if family.plain {
        samples.insert(Vec::new(), 0);
    }
    for (labels, value) in totals.iter().filter_map(family.sample) {
        *samples.entry(labels.into_iter().filter(|(_, value)| !value.is_empty()).collect()).or_default() += value;
    }
    if samples.is_empty() {
        return None;
    }
    let mut collected = MetricFamily::default();
    collected.set_name(family.name.to_owned());
    collected.set_help(family.help.to_owned());
    collected.set_field_type(family.kind);
    collected.set_metric(samples.into_iter().map(|(labels, value)| metric(family.kind, labels, value)).collect());
    Some(collected)
}

fn metric(kind: MetricType, labels: Vec<(&str, &str)>, value: i64) -> Metric {
    let mut metric = Metric::from_label(labels.into_iter().map(label).collect());
    // Exact up to 2^53, as every number that Prometheus keeps.
    if kind == MetricType::GAUGE {
        let mut gauge = Gauge::default();
        gauge.set_value(value as f64);
        metric.set_gauge(gauge);
    } else {
        let mut counter = Counter::default();
        counter.set_value(value as f64);
        metric.set_counter(counter);
    }
    metric
}

fn label((name, value): (&str, &str)) -> LabelPair {
    let mut pair = LabelPair::default();
    pair.set_name(name.to_owned());
    pair.set_value(value.to_owned());
    pair
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::Write as _,
        process::{Command, Stdio},
    };

    fn total(metric: &str, label: &str, currency: &str, events: i64, units: i64, amount_minor: i64) -> Total {
        Total { metric: metric.into(), label: label.into(), currency: currency.into(), events, units, amount_minor }
    }

    fn a_shop() -> Vec<Total> {
        vec![
            total("carts_started", "guest", "", 7, 0, 0),
            total("mails_queued", "odd \"name\"\\\n", "", 1, 0, 0),
            total("orders_cancelled", "by_shopper", "EUR", 2, 3, 900),
            total("orders_confirmed", "", "EUR", 5, 9, 4500),
            total("orders_confirmed", "", "USD", 1, 2, 700),
            total("orders_returned", "", "EUR", 1, 4, 500),
            total("payments_captured", "", "EUR", 5, 0, 4500),
            total("payments_declined", "insufficient_funds", "", 3, 0, 0),
            total("payments_refunded", "", "EUR", 1, 0, 900),
            total("returns_requested", "", "EUR", 2, 5, 0),
            total("sign_ups", "", "", 4, 0, 0),
            total("stock_lows", "", "", 6, 0, 0),
            total("stock_outs", "", "", 5, 0, 0),
            total("stock_restocks", "", "", 3, 0, 0),
        ]
    }

    #[test]
    fn sums_read_as_prometheus_wants_them() {
        let text = render(&a_shop()).unwrap();
        for line in [
            "# TYPE souk_order_events_total counter",
            "souk_order_events_total{event=\"cancelled\",reason=\"by_shopper\"} 2",
            "souk_order_events_total{event=\"confirmed\"} 6",
            "souk_ordered_minor_units_total{currency=\"USD\"} 700",
            "souk_units_sold_total 11",
            "souk_payment_events_total{event=\"declined\",reason=\"insufficient_funds\"} 3",
            "souk_captured_minor_units_total{currency=\"EUR\"} 4500",
            "souk_refunded_minor_units_total{currency=\"EUR\"} 900",
            "souk_carts_started_total{shopper=\"guest\"} 7",
            "souk_sign_ups_total 4",
            "souk_accounts_deleted_total 0",
            "souk_stock_outs_total 5",
            "# TYPE souk_skus_out_of_stock gauge",
            "souk_skus_out_of_stock 2",
            "souk_mails_queued_total{template=\"odd \\\"name\\\"\\\\\\n\"} 1",
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\nis not in\n{text}");
        }
    }

    #[test]
    fn before_anything_happened_every_sum_without_labels_is_zero() {
        let text = render(&[]).unwrap();
        let zeros = text.lines().filter(|line| !line.starts_with('#'));
        assert_eq!(zeros.clone().count(), FAMILIES.iter().filter(|family| family.plain).count());
        assert!(zeros.clone().all(|line| line.ends_with(" 0")), "{text}");
    }

    #[test]
    fn large_sums_keep_every_digit() {
        let text = render(&[total("payments_captured", "", "JPY", 1, 0, 9_007_199_254_740_991)]).unwrap();
        assert!(text.contains("{currency=\"JPY\"} 9007199254740991\n"), "{text}");
    }

    /// Debian's package `prometheus` has promtool; `scripts/setup test` installs it.
    #[test]
    fn promtool_finds_nothing_to_say_about_names_and_units() {
        for totals in [a_shop(), Vec::new()] {
            let mut promtool = Command::new("promtool")
                .args(["check", "metrics"])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("promtool is needed: run scripts/setup test");
            promtool.stdin.take().unwrap().write_all(render(&totals).unwrap().as_bytes()).unwrap();
            let output = promtool.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && said.trim().is_empty(), "{said}");
        }
    }
}
