//! Rotation of the signing key while people sign in and shop.

use anyhow::{Context, Result, bail, ensure};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use souk_local::Process;
use souk_tests::{
    api::{Api, text},
    run::Suite,
    shop::Shop,
    wait,
};
use std::{
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};
use uuid::Uuid;

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("the_signing_key_is_rotated_without_a_failed_request", rotation);
}

/// Shoppers at work while the key is rotated.
const SHOPPERS: usize = 4;
/// What each of them asks, with a token that was just made and with one from before; one place in each of these services.
const ASKED: [&str; 3] = ["/api/users/me", "/api/orders/cart", "/api/notifications/mine"];

/// The `kid` in a token's header.
fn kid(token: &str) -> Result<String> {
    let head = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap_or_default())?;
    text(&serde_json::from_slice::<Value>(&head)?, "/kid")
}

async fn published(api: &Api) -> Result<Vec<String>> {
    let set = api.get("/api/users/jwks.json").await?.expect(200)?;
    set["keys"].as_array().context("no keys")?.iter().map(|key| text(key, "/kid")).collect()
}

async fn register(api: &Api) -> Result<Value> {
    let email = format!("{}@souk.example", Uuid::now_v7().simple());
    let account = json!({"email": email, "password": "a-long-password", "name": "Ana"});
    api.post("/api/users/register", &account).await?.expect(201)
}

/// Counts rounds since the last look, with the key that signs now and with another.
#[derive(Default)]
struct Rounds {
    stop: AtomicBool,
    made: AtomicUsize,
    with_another_key: AtomicUsize,
}

/// Exchanges tokens and asks the services, again and again. Any answer but 200 is an error.
async fn keep_asking(api: Api, rounds: Arc<Rounds>) -> Result<()> {
    let session = register(&api).await?;
    let before = api.with_token(text(&session, "/access_token")?);
    let first = kid(before.token().context("no token")?)?;
    let mut refresh_token = text(&session, "/refresh_token")?;
    while !rounds.stop.load(Ordering::Relaxed) {
        let body = json!({"refresh_token": refresh_token});
        let session = api.post("/api/users/token/refresh", &body).await?.expect(200)?;
        refresh_token = text(&session, "/refresh_token")?;
        let fresh = text(&session, "/access_token")?;
        let is_other = kid(&fresh)? != first;
        let fresh = api.with_token(fresh);
        for path in ASKED {
            fresh.get(path).await?.expect(200).with_context(|| format!("a new token at {path}"))?;
            before.get(path).await?.expect(200).with_context(|| format!("a token from before at {path}"))?;
        }
        rounds.made.fetch_add(1, Ordering::Relaxed);
        rounds.with_another_key.fetch_add(usize::from(is_other), Ordering::Relaxed);
    }
    Ok(())
}

async fn souk(shop: &Shop, args: &[&str]) -> Result<Value> {
    let settings = shop.environment.settings();
    let mut command = Command::new(settings.bin_dir.join("souk"));
    command.arg("--root").arg(&settings.root).args(args).arg("--json").current_dir(&settings.project);
    let output = tokio::task::spawn_blocking(move || command.output()).await??;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Rotates under load; every request must have succeeded, and tokens of the new key must have been used.
async fn rotate(shop: &Shop, args: &[&str]) -> Result<Value> {
    let rounds = Arc::new(Rounds::default());
    let tasks: Vec<_> =
        (0..SHOPPERS).map(|_| tokio::spawn(keep_asking(shop.api.clone(), Arc::clone(&rounds)))).collect();
    let enough = |count: &AtomicUsize| {
        // A shopper who failed is reported below.
        let failed = tasks.iter().any(tokio::task::JoinHandle::is_finished);
        (failed || count.load(Ordering::Relaxed) >= 5 * SHOPPERS).then_some(())
    };
    wait::until("the shoppers to be at work", || async { Ok(enough(&rounds.made)) }).await?;
    let rotated = souk(shop, &[&["keys", "rotate"], args].concat()).await;
    let used = wait::until("tokens of the new key", || async { Ok(enough(&rounds.with_another_key)) }).await;
    rounds.stop.store(true, Ordering::Relaxed);
    for task in tasks {
        task.await??;
    }
    used?;
    rotated
}

async fn rotation(shop: Arc<Shop>) -> Result<()> {
    let first = published(&shop.api).await?;
    ensure!(first.len() == 1, "{first:?}");
    let before = shop.api.with_token(text(&register(&shop.api).await?, "/access_token")?);
    let rotated = rotate(&shop, &[]).await?;
    ensure!(rotated["in_use"] == true && rotated["retired"] == first[0].as_str(), "{rotated}");
    let second = text(&rotated, "/signing")?;
    ensure!(published(&shop.api).await? == [second.clone(), first[0].clone()]);
    before.get("/api/users/me").await?.expect(200)?;
    let session = register(&shop.api).await?;
    let between = shop.api.with_token(text(&session, "/access_token")?);
    ensure!(kid(between.token().unwrap_or_default())? == second);

    // Whoever starts the runtime again after a crash starts it with the keys of now.
    shop.environment.kill(Process::Runtime).await?;
    shop.environment.start(Process::Runtime).await?;
    for api in [&before, &between] {
        api.get("/api/users/me").await?.expect(200)?;
    }

    let rotated = rotate(&shop, &["--keep-days", "0"]).await?;
    ensure!(rotated["dropped"] == json!(first), "{rotated}");
    ensure!(published(&shop.api).await? == [text(&rotated, "/signing")?, second.clone()]);
    between.get("/api/orders/cart").await?.expect(200)?;
    before.get("/api/orders/cart").await?.problem(401, "token-invalid")?;
    let listed = souk(&shop, &["keys", "list"]).await?;
    let states: Vec<_> = listed.as_array().context("no list")?.iter().map(|key| key["state"].clone()).collect();
    ensure!(states == ["signing", "retired"], "{listed}");
    Ok(())
}
