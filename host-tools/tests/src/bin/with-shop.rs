//! Runs a command beside a private shop that is gone afterwards, for tests that are not written in Rust.
//!
//! The command finds in its environment: `SOUK_URL`, the shop's address; `SOUK_ROOT`, its folder (`souk --root`);
//! `SOUK_ADMIN_TOKEN`; and `SOUK_TOKENS`, one access token for each account made with `--accounts`, in a line each.
//! Each of these accounts has every role, and its token is good for an hour.

use anyhow::{Context, Result, bail};
use souk_core::token::{self, Claims, Role};
use souk_tests::shop::Shop;
use std::{
    env,
    process::{Command, ExitCode},
    time::{SystemTime, UNIX_EPOCH},
};

const USAGE: &str = "usage: with-shop [--seed] [--accounts N] [--variable NAME=VALUE] COMMAND [ARGUMENT...]";
const ROLES: [&str; 4] = ["customer", "support", "merchant", "admin"];
const TOKEN_S: i64 = 3600;

#[derive(Default)]
struct Wishes {
    seed: bool,
    accounts: usize,
    variables: Vec<(String, String)>,
    command: Vec<String>,
}

impl Wishes {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut wishes = Self::default();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--seed" => wishes.seed = true,
                "--accounts" => wishes.accounts = arguments.next().context(USAGE)?.parse().context(USAGE)?,
                "--variable" => {
                    let variable = arguments.next().context(USAGE)?;
                    let (name, value) = variable.split_once('=').context(USAGE)?;
                    wishes.variables.push((name.to_owned(), value.to_owned()));
                }
                _ => {
                    wishes.command.push(argument);
                    wishes.command.extend(arguments.by_ref());
                }
            }
        }
        if wishes.command.is_empty() {
            bail!(USAGE);
        }
        Ok(wishes)
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = async {
        let wishes = Wishes::parse(env::args().skip(1))?;
        let variables: Vec<_> = wishes.variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let shop = Shop::start_with(&variables).await?;
        let outcome = beside(&shop, &wishes).await;
        shop.stop().await;
        outcome
    };
    match outcome.await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("with-shop: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn beside(shop: &Shop, wishes: &Wishes) -> Result<ExitCode> {
    let settings = shop.environment.settings();
    if wishes.seed {
        let mut seed = Command::new(settings.bin_dir.join("souk"));
        seed.arg("--root").arg(&settings.root).arg("seed").current_dir(&settings.project);
        if !run(seed).await?.success() {
            bail!("the demo shop cannot be loaded: see the message above");
        }
    }
    let (program, arguments) = wishes.command.split_first().context(USAGE)?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("SOUK_URL", shop.environment.gateway_url())
        .env("SOUK_ROOT", &settings.root)
        .env("SOUK_ADMIN_TOKEN", shop.admin.token().unwrap_or_default())
        .env("SOUK_TOKENS", tokens(shop, wishes.accounts).await?.join("\n"));
    let status = run(command).await.with_context(|| format!("{program} cannot be started"))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn run(mut command: Command) -> Result<std::process::ExitStatus> {
    Ok(tokio::task::spawn_blocking(move || command.status()).await??)
}

async fn tokens(shop: &Shop, count: usize) -> Result<Vec<String>> {
    let (key, kid) = shop.signing_key()?;
    let users = shop.environment.connect("user").await?;
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())?;
    let mut tokens = Vec::with_capacity(count);
    for _ in 0..count {
        let shopper = shop.shopper().await?;
        for role in ROLES {
            users.execute("SELECT grant_role($1::text, $2::text)", &[&shopper.email, &role]).await?;
        }
        let row = users.query_one("SELECT id FROM accounts WHERE email = $1::text", &[&shopper.email]).await?;
        let claims = Claims {
            iss: "souk".to_owned(),
            sub: row.get(0),
            email: shopper.email,
            name: "Ana Souk".to_owned(),
            roles: vec![Role::Customer, Role::Support, Role::Merchant, Role::Admin],
            iat: now,
            exp: now + TOKEN_S,
        };
        tokens.push(token::sign(&claims, &key, &kid));
    }
    Ok(tokens)
}
