//! The components: how large they are, and how fast an instance of one is made.

use crate::report::Row;
use anyhow::{Context, Result};
use souk_tests::{api::Api, shop::Shop};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// The code of all components that spin.toml names. What the storefront carries beside its code, the pages of the shop
/// and the pictures and scripts in them, is a build of JavaScript and counts by itself.
pub fn sizes(project: &Path) -> Result<Row> {
    let text = fs::read_to_string(project.join("spin.toml"))?;
    let files: BTreeSet<&str> = text.split('"').filter(|word| word.ends_with(".wasm")).collect();
    let mut whole = 0;
    for file in &files {
        whole += fs::metadata(project.join(file)).with_context(|| format!("{file} is not built"))?.len();
    }
    let pages = size_of(&project.join("frontend/dist"))?;
    let (code, pages) = (whole.saturating_sub(pages) as f64 / 1e6, pages as f64 / 1e6);
    Ok(Row {
        what: format!("wasm of all {} components, without the {pages:.1} MB of pages in the storefront", files.len()),
        target: "under 6 MB",
        measured: format!("{code:.2} MB"),
        reached: code < 6.0,
    })
}

fn size_of(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder).with_context(|| format!("{} is not built", folder.display()))? {
        let entry = entry?;
        // The build's own notes are not embedded.
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        bytes += if entry.file_type()?.is_dir() { size_of(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}

/// How long instances took to make, from the runtime's histogram: the bound that 99 % stayed under.
pub async fn instances(shop: &Shop) -> Result<Row> {
    let port = shop.environment.settings().ports.runtime_metrics;
    let page = Api::new(format!("http://127.0.0.1:{port}")).text("/metrics").await?;
    let mut buckets: BTreeMap<u64, f64> = BTreeMap::new();
    for line in page.lines().filter_map(|line| line.strip_prefix("souk_runtime_instantiation_seconds_bucket{")) {
        let (labels, count) = line.rsplit_once(' ').context("a line of metrics without a value")?;
        let (_, bound) = labels.split_once("le=\"").context("a bucket without a bound")?;
        let bound = bound.trim_end_matches(['"', '}']).replace("+Inf", "inf").parse::<f64>()?;
        *buckets.entry(bound.to_bits()).or_default() += count.parse::<f64>()?;
    }
    let made = buckets.values().last().copied().unwrap_or_default();
    let p99 =
        buckets.iter().find(|(_, count)| **count >= 0.99 * made).map_or(f64::NAN, |(bound, _)| f64::from_bits(*bound));
    Ok(Row {
        what: format!("a new instance, 99 % of {made:.0} that were made"),
        target: "under 1 ms",
        measured: format!("under {:.2} ms", p99 * 1000.0),
        reached: made > 0.0 && p99 <= 0.001,
    })
}
