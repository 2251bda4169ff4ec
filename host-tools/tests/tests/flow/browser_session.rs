//! What a browser of ours gets: tokens in cookies that no script can read, and no answer to forged requests.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use souk_local::http::{Client, Response};
use souk_tests::{api::text, run::Suite, shop::Shop};
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("a_browser_keeps_its_refresh_token_where_no_script_can_read_it", signed_in);
    suite.test("signing_out_takes_the_cookies_away_and_ends_the_session", signed_out);
    suite.test("a_guest_stays_the_same_guest_in_one_browser", guest);
    suite.test("a_page_of_another_site_gets_nothing_out_of_the_cookies", forged);
}

const COOKIE_MODE: (&str, &str) = ("souk-session", "cookie");

/// POST as a browser does it.
async fn post(shop: &Shop, path: &str, body: Option<&Value>, headers: &[(&str, &str)]) -> Result<Response> {
    let url = format!("{}{path}", shop.environment.gateway_url());
    let mut all = headers.to_vec();
    if body.is_some() {
        all.push(("content-type", "application/json"));
    }
    let body = body.map(Value::to_string).unwrap_or_default();
    Ok(Client::new(Duration::from_secs(40)).send("POST".parse()?, &url, &all, body.into_bytes().into()).await?)
}

/// The cookie of this name that a response sets, as a browser would send it back; `None` when it takes it away.
fn cookie(response: &Response, name: &str) -> Result<Option<String>> {
    let mut set = response.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let found =
        set.find(|value| value.starts_with(&format!("{name}="))).with_context(|| format!("no {name} was set"))?;
    for part in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/api/users/session"] {
        ensure!(found.split("; ").any(|one| one == part), "{found} lacks {part}");
    }
    let pair = found.split("; ").next().unwrap_or_default();
    Ok((!pair.ends_with('=')).then(|| pair.to_owned()))
}

fn body(response: &Response) -> Result<Value> {
    Ok(serde_json::from_slice(&response.body)?)
}

async fn register(shop: &Shop) -> Result<(String, Value)> {
    let email = format!("{}@souk.example", Uuid::now_v7().simple());
    let account = json!({"email": email, "password": "a-long-password", "name": "Ana"});
    let response = post(shop, "/api/users/register", Some(&account), &[COOKIE_MODE]).await?;
    ensure!(response.status == 201, "{:?}", response.status);
    let session = cookie(&response, "souk_session")?.context("no session")?;
    let answer = body(&response)?;
    ensure!(answer["refresh_token"].is_null(), "the token is in the body, too: {answer}");
    Ok((session, answer))
}

async fn signed_in(shop: Arc<Shop>) -> Result<()> {
    let (first, answer) = register(&shop).await?;
    let email = answer["user"]["email"].as_str().unwrap_or_default();
    let credentials = json!({"email": email, "password": "a-long-password"});
    let login = post(&shop, "/api/users/login", Some(&credentials), &[COOKIE_MODE]).await?;
    ensure!(login.status == 200 && body(&login)?["refresh_token"].is_null());
    cookie(&login, "souk_session")?.context("no session")?;

    let refreshed = post(&shop, "/api/users/session/refresh", None, &[COOKIE_MODE, ("cookie", &first)]).await?;
    ensure!(refreshed.status == 200, "{:?}", body(&refreshed));
    let next = cookie(&refreshed, "souk_session")?.context("no next session")?;
    ensure!(next != first);
    let answer = body(&refreshed)?;
    ensure!(answer["refresh_token"].is_null(), "{answer}");
    let me = shop.api.with_token(text(&answer, "/access_token")?).get("/api/users/me").await?.expect(200)?;
    ensure!(text(&me, "/email")? == email);
    // A page that was left too early sends the old one once more.
    let again = post(&shop, "/api/users/session/refresh", None, &[COOKIE_MODE, ("cookie", &first)]).await?;
    ensure!(again.status == 200, "{:?}", body(&again));
    Ok(())
}

async fn signed_out(shop: Arc<Shop>) -> Result<()> {
    let (session, _) = register(&shop).await?;
    let ended = post(&shop, "/api/users/session/end", None, &[COOKIE_MODE, ("cookie", &session)]).await?;
    ensure!(
        ended.status == 204 && cookie(&ended, "souk_session")?.is_none() && cookie(&ended, "souk_guest")?.is_none()
    );
    let over = post(&shop, "/api/users/session/refresh", None, &[COOKIE_MODE, ("cookie", &session)]).await?;
    ensure!(over.status == 401 && cookie(&over, "souk_session")?.is_none(), "{:?}", body(&over));
    Ok(())
}

async fn guest(shop: Arc<Shop>) -> Result<()> {
    let first = post(&shop, "/api/users/session/guest", None, &[COOKIE_MODE]).await?;
    ensure!(first.status == 201);
    let kept = cookie(&first, "souk_guest")?.context("no guest")?;
    let again = post(&shop, "/api/users/session/guest", None, &[COOKIE_MODE, ("cookie", &kept)]).await?;
    ensure!(again.status == 200 && body(&again)?["guest_id"] == body(&first)?["guest_id"]);
    let cart = shop.api.with_token(text(&body(&again)?, "/access_token")?).get("/api/orders/cart").await?;
    cart.expect(200)?;
    // An account's token is no guest's, and noise is nobody's.
    let (_, account) = register(&shop).await?;
    for foreign in [text(&account, "/access_token")?, "x.y.z".to_owned()] {
        let cookie = format!("souk_guest={foreign}");
        let made = post(&shop, "/api/users/session/guest", None, &[COOKIE_MODE, ("cookie", &cookie)]).await?;
        ensure!(made.status == 201 && body(&made)?["guest_id"] != body(&first)?["guest_id"]);
    }
    Ok(())
}

async fn forged(shop: Arc<Shop>) -> Result<()> {
    let (session, _) = register(&shop).await?;
    for path in ["refresh", "end", "guest"] {
        let path = format!("/api/users/session/{path}");
        // A form of another site can send cookies where SameSite is not known, and never this header.
        let form = [("cookie", session.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let response = post(&shop, &path, None, &form).await?;
        ensure!(response.status == 400, "{path}: {:?}", response.status);
        ensure!(response.headers.get("set-cookie").is_none());
        // What a browser asks before it lets a script of another site send the header.
        let url = format!("{}{path}", shop.environment.gateway_url());
        let headers = [
            ("origin", "https://elsewhere.example"),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "souk-session"),
        ];
        let preflight =
            Client::new(Duration::from_secs(40)).send("OPTIONS".parse()?, &url, &headers, Vec::new().into()).await?;
        ensure!(preflight.headers.get("access-control-allow-origin").is_none(), "{path}");
    }
    let still = post(&shop, "/api/users/session/refresh", None, &[COOKIE_MODE, ("cookie", &session)]).await?;
    ensure!(still.status == 200, "a forged request ended the session");
    Ok(())
}
