//! What a person needs to know once the shop is up.

use std::fmt::Write as _;

use souk_local::{Environment, RuntimeKind};

use crate::accounts::{ADMIN, SHOPPER};
use crate::context::shown;

pub async fn text(environment: &Environment, in_background: bool) -> String {
    let ports = environment.settings().ports;
    let mut text = String::from("\nSouk is up.\n");
    let mut row = |name: &str, value: String| {
        let _ = writeln!(text, "  {name:<9} {value}");
    };
    row("shop", format!("http://localhost:{}", ports.gateway));
    row(
        "API",
        format!(
            "http://localhost:{}/api/catalog/openapi.json (and users, inventory, orders, payments, ...)",
            ports.gateway
        ),
    );
    row("mailbox", format!("http://localhost:{}", ports.mailer));
    let metrics = |port: u16, of: &str| format!("http://localhost:{port}/metrics ({of})");
    row("metrics", format!("{}, {}", metrics(ports.relay_metrics, "relay"), metrics(ports.mailer, "mailer")));
    if environment.settings().runtime == RuntimeKind::Souk {
        row("", metrics(ports.runtime_metrics, "components"));
    }
    row("postgres", environment.postgres().address());
    row("redis", environment.redis().address());
    if has_demo_accounts(environment).await {
        row("admin", format!("{} / {}", ADMIN.email, ADMIN.password));
        row("shopper", format!("{} / {}", SHOPPER.email, SHOPPER.password));
    }
    row("logs", format!("{} (souk logs)", shown(&environment.log_dir()).display()));
    text.push_str(if in_background { "`souk down` or `make down` stops it." } else { "Ctrl-C stops it." });
    text
}

/// They exist only where the demo shop was loaded. Who cannot be asked is not told of.
async fn has_demo_accounts(environment: &Environment) -> bool {
    let sql = "SELECT EXISTS (SELECT FROM accounts WHERE email = $1::text)";
    let Ok(users) = environment.connect("user").await else { return false };
    users.query_one(sql, &[&ADMIN.email]).await.and_then(|row| row.try_get(0)).unwrap_or(false)
}
