//! One checkout is one trace, from the gateway to the mail and the report that it was delivered.

use crate::{
    Observed,
    collector::{Collector, Span},
};
use anyhow::{Context, Result, ensure};
use souk_core::trace::TraceContext;
use souk_tests::{
    api::text,
    run::Suite,
    shop::Shop,
    shopper::{Shopper, checkout_body},
    wait,
};
use std::sync::Arc;

pub fn add(suite: &mut Suite<Observed>) {
    suite.test("one_checkout_is_one_trace_through_every_service_to_the_mail", one_trace);
    suite.test("a_declined_payment_ends_in_the_same_trace", declined);
    suite.test("a_trace_that_nobody_records_is_not_exported", unrecorded);
}

/// The way of an order that is paid: service and span, each below the one before.
const TO_THE_MAIL: [(&str, &str); 14] = [
    ("souk-runtime", "POST /api/orders/..."),
    ("souk-relay", "publish order.placed"),
    ("inventory", "process order.placed"),
    ("souk-relay", "publish stock.reserved"),
    ("order", "process stock.reserved"),
    ("souk-relay", "publish order.payment_requested"),
    ("payment", "process order.payment_requested"),
    ("souk-relay", "publish payment.captured"),
    ("order", "process payment.captured"),
    ("souk-relay", "publish order.confirmed"),
    ("notification", "process order.confirmed"),
    ("souk-relay", "publish notification.queued"),
    ("souk-mailer", "deliver mail"),
    ("notification", "process mail.delivered"),
];

async fn one_trace(observed: Arc<Observed>) -> Result<()> {
    let gateway = begin(true);
    let ana = buy(&observed.shop, &gateway, "tok_success", "confirmed").await?;
    // Verification of the address, welcome, confirmation.
    observed.shop.mails_to(&ana.email, 3).await?;
    let spans = wait::until("the trace from the gateway to the report about the mail", || async {
        follow(&observed.collector, &gateway, &TO_THE_MAIL).map(Some)
    })
    .await?;

    let request = spans.first().context("no request")?;
    let statement = wait::until("a statement below the request", || async {
        Ok(below(&observed.collector, &gateway, &request.id).into_iter().find(|span| span.name.starts_with("sql ")))
    })
    .await?;
    ensure!(statement.service == "souk-runtime" && !statement.failed, "{statement:?}");
    ensure!(request.start_ns <= statement.start_ns && statement.end_ns <= request.end_ns, "{request:?} {statement:?}");

    let confirmed = spans.iter().find(|span| span.name == "publish order.confirmed").context("not published")?;
    for service in ["inventory", "analytics"] {
        wait::until(&format!("{service} to hear of it, too"), || async {
            let hearers = below(&observed.collector, &gateway, &confirmed.id);
            Ok(hearers.into_iter().find(|span| span.service == service && span.name == "process order.confirmed"))
        })
        .await?;
    }

    let published = spans.get(1).context("no second span")?;
    ensure!(published.attribute("messaging.destination.name") == "souk:order", "{published:?}");
    let consumed = spans.get(2).context("no third span")?;
    ensure!(published.attribute("messaging.message.id") == consumed.attribute("messaging.message.id"), "one event");
    ensure!(spans.iter().all(|span| !span.failed && span.start_ns <= span.end_ns), "{spans:?}");

    // Nothing hangs in the air: every span stands below another one of the trace, or below the gateway's. A span may
    // arrive before the one above it, which ends later.
    let root = format!("{:016x}", gateway.span_id);
    wait::until("a parent for each span", || async {
        let all = observed.collector.trace(&trace_id(&gateway));
        let loose = all.iter().find(|span| span.parent != root && all.iter().all(|other| other.id != span.parent));
        ensure!(loose.is_none(), "without a parent: {loose:?}");
        Ok(Some(()))
    })
    .await
}

async fn declined(observed: Arc<Observed>) -> Result<()> {
    let gateway = begin(true);
    buy(&observed.shop, &gateway, "tok_declined", "cancelled").await?;
    let way = [
        ("payment", "process order.payment_requested"),
        ("souk-relay", "publish payment.declined"),
        ("order", "process payment.declined"),
        ("souk-relay", "publish order.cancelled"),
        ("inventory", "process order.cancelled"),
    ];
    let whole: Vec<_> = TO_THE_MAIL.iter().take(6).chain(&way).copied().collect();
    wait::until("the trace from the gateway to the released stock", || async {
        follow(&observed.collector, &gateway, &whole).map(Some)
    })
    .await?;
    Ok(())
}

async fn unrecorded(observed: Arc<Observed>) -> Result<()> {
    let gateway = begin(false);
    buy(&observed.shop, &gateway, "tok_success", "confirmed").await?;
    // A later trace is there completely, so that one would be, too.
    let later = begin(true);
    buy(&observed.shop, &later, "tok_success", "confirmed").await?;
    wait::until("the later trace", || async { follow(&observed.collector, &later, &TO_THE_MAIL).map(Some) }).await?;
    let spans = observed.collector.trace(&trace_id(&gateway));
    ensure!(spans.is_empty(), "{spans:?}");
    Ok(())
}

/// The context in which a gateway hands a request on.
fn begin(is_sampled: bool) -> TraceContext {
    TraceContext { is_sampled, ..TraceContext::begin() }
}

fn trace_id(context: &TraceContext) -> String {
    format!("{:032x}", context.trace_id)
}

/// Buys one piece in the trace and waits until the order has come as far as `status`.
async fn buy(shop: &Shop, gateway: &TraceContext, payment_token: &str, status: &str) -> Result<Shopper> {
    let sku = shop.product(1250, 10).await?;
    let ana = shop.shopper().await?;
    ana.put(&sku, 1).await?;
    let body = checkout_body(payment_token, &ana.quote().await?["total"]).to_string();
    let traceparent = gateway.to_string();
    let key = trace_id(gateway);
    let headers =
        [("content-type", "application/json"), ("idempotency-key", key.as_str()), ("traceparent", &traceparent)];
    let order = ana.api.raw("POST", "/api/orders/checkout", &headers, body).await?.expect(202)?;
    ana.order_reaches(&text(&order, "/id")?, status).await?;
    Ok(ana)
}

/// The spans of the trace right below one.
fn below(collector: &Collector, gateway: &TraceContext, parent: &str) -> Vec<Span> {
    collector.trace(&trace_id(gateway)).into_iter().filter(|span| span.parent == parent).collect()
}

/// The spans along a way, each below the one before; the first is below the gateway's.
fn follow(collector: &Collector, gateway: &TraceContext, way: &[(&str, &str)]) -> Result<Vec<Span>> {
    let mut found: Vec<Span> = Vec::new();
    for (service, name) in way {
        let parent = found.last().map_or_else(|| format!("{:016x}", gateway.span_id), |span| span.id.clone());
        let children = below(collector, gateway, &parent);
        let next = children.iter().find(|span| span.service == *service && span.name == *name);
        let names: Vec<String> = children.iter().map(|span| format!("{} {}", span.service, span.name)).collect();
        let next = next.with_context(|| format!("no {service} {name} below {parent}, only {names:?}"))?;
        found.push(next.clone());
    }
    Ok(found)
}
