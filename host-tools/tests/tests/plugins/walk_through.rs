//! docs/plugins.md walks through writing a shipping plug-in in Python. It is built here as it stands on that page.

use crate::{Market, SHIPPING};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use souk_tests::{
    api::{int, text},
    run::Suite,
    shopper::address,
};
use std::{fs, path::Path, process::Command, sync::Arc};

pub fn add(suite: &mut Suite<Market>) {
    suite.test("the_walk_through_s_plug_in_in_python_ships_an_order", walk_through);
}

async fn walk_through(market: Arc<Market>) -> Result<()> {
    let (checkout, folder) = (market.project.checkout().to_owned(), market.project.folder().join("shipping-collect"));
    tokio::task::spawn_blocking(move || build(&checkout, &folder)).await??;
    market.swap(&[(SHIPPING, "shipping_collect")]).await?;
    let sku = market.shop.product(900, 9).await?;
    let ana = market.shop.shopper().await?;
    ana.put(&sku, 1).await?;
    ensure!(shipping(&ana.quote().await?)? == 0, "collected in Lisbon");
    let mut abroad = address();
    abroad["country"] = json!("AT");
    let abroad = ana.api.post("/api/orders/cart/quote", &json!({"shipping_address": abroad})).await?.expect(200)?;
    ensure!(shipping(&abroad)? == 690, "sent to Austria: {abroad}");
    let order = ana.press("collect", "tok_success").await?.expect(202)?;
    ana.order_reaches(&text(&order, "/id")?, "confirmed").await?;
    Ok(())
}

fn shipping(quote: &Value) -> Result<i64> {
    int(quote, "/shipping/amount_minor")
}

/// Makes a component of the page's app.py, with the page's command.
fn build(checkout: &Path, folder: &Path) -> Result<()> {
    let page = fs::read_to_string(checkout.join("docs/plugins.md"))?;
    let app = between(&page, "```python\n", "```").context("no Python in docs/plugins.md")?;
    fs::create_dir_all(folder)?;
    fs::write(folder.join("app.py"), app)?;
    let command = between(&page, "scripts/plugin-python ", "\n").context("no command in docs/plugins.md")?;
    let mut arguments = command.split_whitespace().skip(1);
    let (world, output) = (arguments.next().context("no world")?, arguments.next().context("no output")?);
    let mut command = Command::new(checkout.join("scripts/plugin-python"));
    let built = command.arg(folder).args([world, output]).current_dir(checkout).output()?;
    ensure!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    Ok(())
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    Some(text.split_once(start)?.1.split_once(end)?.0)
}
