//! Refresh tokens that a browser keeps in a cookie: a page that is left early, and two tabs at once.

use crate::support::*;
use anyhow::Result;
use tokio_postgres::Client;

async fn renew(db: &Client, from: u8, to: u8) -> Result<String> {
    one(db, "SELECT renew_browser_session($1, $2) ->> 'outcome'", &[&hash(from), &hash(to)]).await
}

/// Lets the exchange of token `n` lie so many seconds back.
async fn earlier(db: &Client, n: u8, seconds: f64) -> Result<()> {
    let sql = "UPDATE refresh_tokens SET used_at = used_at - make_interval(secs => $2) WHERE hash = decode($1, 'hex')";
    db.execute(sql, &[&hash(n), &seconds]).await?;
    Ok(())
}

#[tokio::test]
async fn a_page_that_was_left_before_the_answer_stays_signed_in() -> Result<()> {
    let db = database().await?.connect().await?;
    register(&db, "ana@souk.example", 1).await?;
    assert_eq!(renew(&db, 1, 2).await?, "rotated");
    assert_eq!(renew(&db, 1, 3).await?, "rotated", "the answer with token 2 never arrived");
    assert_eq!(renew(&db, 3, 4).await?, "rotated");
    Ok(())
}

#[tokio::test]
async fn a_cookie_that_comes_back_later_ends_the_session() -> Result<()> {
    let db = database().await?.connect().await?;
    register(&db, "ana@souk.example", 1).await?;
    assert_eq!(renew(&db, 1, 2).await?, "rotated");
    earlier(&db, 1, 11.0).await?;
    assert_eq!(renew(&db, 1, 3).await?, "reused");
    assert_eq!(renew(&db, 2, 4).await?, "revoked");
    Ok(())
}

#[tokio::test]
async fn sending_a_cookie_again_and_again_does_not_keep_it_alive() -> Result<()> {
    let db = database().await?.connect().await?;
    register(&db, "ana@souk.example", 1).await?;
    assert_eq!(renew(&db, 1, 2).await?, "rotated");
    earlier(&db, 1, 6.0).await?;
    assert_eq!(renew(&db, 1, 3).await?, "rotated");
    earlier(&db, 1, 6.0).await?;
    assert_eq!(renew(&db, 1, 4).await?, "reused");
    Ok(())
}

#[tokio::test]
async fn the_leeway_is_for_cookies_alone_and_never_opens_an_ended_session() -> Result<()> {
    let db = database().await?.connect().await?;
    register(&db, "ana@souk.example", 1).await?;
    assert_eq!(renew(&db, 1, 2).await?, "rotated");
    db.execute("SELECT sign_out($1)", &[&hash(2)]).await?;
    assert_eq!(renew(&db, 1, 3).await?, "revoked");
    register(&db, "bea@souk.example", 50).await?;
    assert_eq!(rotate(&db, 50, 51).await?, "rotated");
    assert_eq!(rotate(&db, 50, 52).await?, "reused");
    Ok(())
}

#[tokio::test]
async fn many_tabs_that_send_one_cookie_at_once_all_stay_signed_in() -> Result<()> {
    let database = database().await?;
    register(&database.connect().await?, "ana@souk.example", 1).await?;
    let sql = "SELECT renew_browser_session($1, $2) ->> 'outcome'";
    let calls = (0..8_u8).map(|n| (sql.to_owned(), vec![hash(1), hash(100 + n)])).collect();
    assert_eq!(at_once(&database, calls).await?, ["rotated"; 8]);
    Ok(())
}
