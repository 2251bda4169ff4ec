//! Proof of an address, and the clean-up of what was mailed.

use crate::support::*;
use anyhow::Result;
use uuid::Uuid;

async fn verify(db: &tokio_postgres::Client, n: u8) -> Result<bool> {
    one(db, "SELECT verify_email($1)", &[&hash(n)]).await
}

async fn is_verified(db: &tokio_postgres::Client, id: Uuid) -> Result<bool> {
    one(db, "SELECT (account_json(a) ->> 'email_verified')::boolean FROM accounts a WHERE id = $1", &[&id]).await
}

async fn request(db: &tokio_postgres::Client, id: Uuid, n: u8) -> Result<String> {
    one(db, "SELECT request_verification($1, $2, $3, NULL)", &[&id, &token("ev", n), &hash(n)]).await
}

#[tokio::test]
async fn a_mailed_token_verifies_its_own_account_once() -> Result<()> {
    let db = database().await?.connect().await?;
    let (ana, bea) = (account(&db, "ana@souk.example", 1).await?, account(&db, "bea@souk.example", 2).await?);
    assert!(!verify(&db, 99).await?, "a token that was never mailed");
    assert!(!is_verified(&db, ana).await?);
    assert!(verify(&db, 1).await?);
    assert!(is_verified(&db, ana).await? && !is_verified(&db, bea).await?);
    assert!(!verify(&db, 1).await?, "used");
    Ok(())
}

#[tokio::test]
async fn of_two_uses_of_a_token_at_once_one_counts() -> Result<()> {
    let database = database().await?;
    account(&database.connect().await?, "ana@souk.example", 1).await?;
    let calls = (0..8).map(|_| ("SELECT verify_email($1)::text".to_owned(), vec![hash(1)])).collect();
    let outcomes = at_once(&database, calls).await?;
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "true").count(), 1, "{outcomes:?}");
    Ok(())
}

#[tokio::test]
async fn a_token_is_good_for_its_purpose_alone_and_not_for_ever() -> Result<()> {
    let db = database().await?.connect().await?;
    let ana = account(&db, "ana@souk.example", 1).await?;
    let reset: Option<String> = one(&db, "SELECT reset_password($1, $2, NULL)", &[&hash(1), &HASH]).await?;
    assert_eq!(reset, None, "a verification token sets no password");
    let hours: f64 =
        one(&db, "SELECT extract(epoch FROM expires_at - now())::float8 / 3600 FROM account_tokens", &[]).await?;
    assert!((23.9..=24.0).contains(&hours), "{hours}");
    db.batch_execute("UPDATE account_tokens SET created_at = now() - interval '25 hours', expires_at = now()").await?;
    assert!(!verify(&db, 1).await? && !is_verified(&db, ana).await?);
    Ok(())
}

#[tokio::test]
async fn another_mail_can_be_asked_for_until_the_address_is_verified() -> Result<()> {
    let db = database().await?.connect().await?;
    let ana = account(&db, "ana@souk.example", 1).await?;
    assert_eq!(request(&db, ana, 2).await?, "sent");
    assert!(verify(&db, 1).await?, "an earlier mail works as well as the newest");
    assert!(!verify(&db, 2).await?, "but after one of them the others are void");
    assert_eq!(request(&db, ana, 3).await?, "verified");
    assert_eq!(request(&db, Uuid::now_v7(), 4).await?, "gone");
    assert_eq!(events(&db, "user.verification_requested").await?.len(), 2);
    Ok(())
}

#[tokio::test]
async fn tokens_are_stored_hashed_and_swept_when_they_are_over() -> Result<()> {
    let db = database().await?.connect().await?;
    account(&db, "ana@souk.example", 1).await?;
    account(&db, "bea@souk.example", 2).await?;
    let stored: String = one(&db, "SELECT string_agg(t::text, ' ') FROM account_tokens t", &[]).await?;
    assert!(!stored.contains("souk_ev_"), "{stored}");
    let old = "UPDATE account_tokens SET created_at = now() - interval '2 days', expires_at = now() - interval '1 day'
               WHERE get_byte(hash, 0) = 1";
    db.batch_execute(old).await?;
    assert_eq!(count(&db, "SELECT sweep(100)").await?, 1);
    assert_eq!(count(&db, "SELECT sweep(100)").await?, 0);
    assert!(verify(&db, 2).await?, "what still works stays");
    Ok(())
}
