//! `souk import`: reads a Shopify CSV, reports what is wrong with it, and sends the rest to the shop.

pub mod send;

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use serde_json::json;
use souk_core::money::Currency;
use souk_shopify_csv::Import;

use crate::accounts::ADMIN;
use crate::args::{ImportArgs, Place};
use crate::output::{self, Progress};
use crate::shop::Shop;
use crate::{context, import};

pub async fn run(place: &Place, args: &ImportArgs) -> Result<ExitCode> {
    let currency = Currency::parse(&args.currency)
        .with_context(|| format!("\"{}\" is no currency: three capital letters, as in EUR", args.currency))?;
    let data = fs::read(&args.file).with_context(|| format!("reading {}", args.file.display()))?;
    let parsed = souk_shopify_csv::parse(&data, currency).with_context(|| format!("{}", args.file.display()))?;
    if !args.json {
        report(&parsed);
    }
    let refused = !parsed.errors.is_empty() && !args.partial;
    let mut sent = import::send::Sent::default();
    if !args.dry_run && !refused && !parsed.products.is_empty() {
        let shop = shop(place, args).await?;
        sent = import::send::all(&shop, &parsed, "import", Progress::start()).await?;
    }
    if args.json {
        print_json(&parsed, &sent)?;
    }
    if refused {
        bail!(
            "{}, nothing was imported: correct the file, or import the good products ({}) with --partial",
            counted(bad_rows(&parsed), "bad row"),
            parsed.products.len()
        );
    }
    if !args.json {
        output::line(match args.dry_run {
            true => format!("can be imported: {}", counted(parsed.products.len(), "product")),
            false => sent.to_string(),
        });
    }
    Ok(ExitCode::SUCCESS)
}

/// Warnings and bad rows on stderr, one line each.
fn report(parsed: &Import) {
    for warning in &parsed.warnings {
        output::note(format!("warning: {warning}"));
    }
    for error in &parsed.errors {
        output::note(format!("error: {error}"));
    }
    if parsed.left_out > 0 {
        output::note(format!("left out because of these rows: {}", counted(parsed.left_out, "product")));
    }
}

fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

fn bad_rows(parsed: &Import) -> usize {
    let mut lines: Vec<u64> = parsed.errors.iter().map(|error| error.line).collect();
    lines.dedup();
    lines.len()
}

fn print_json(parsed: &Import, sent: &import::send::Sent) -> Result<()> {
    let errors: Vec<_> = parsed
        .errors
        .iter()
        .map(|error| json!({"line": error.line, "column": error.column, "reason": error.reason}))
        .collect();
    output::json(&json!({
        "rows": parsed.rows, "products": parsed.products.len(), "left_out": parsed.left_out,
        "errors": errors, "warnings": parsed.warnings, "sent": sent,
    }))
}

async fn shop(place: &Place, args: &ImportArgs) -> Result<Shop> {
    let url = match &args.url {
        Some(url) => url.clone(),
        None => context::existing(place)?.gateway_url(),
    };
    let shop = Shop::at(&url);
    if let Some(token) = &args.token {
        return Ok(shop.with_token(token.clone()));
    }
    match (&args.email, &args.password) {
        (Some(email), Some(password)) => shop.sign_in(email, password).await,
        (None, None) => shop.sign_in(ADMIN.email, ADMIN.password).await,
        _ => bail!("an account needs both --email and --password"),
    }
}
