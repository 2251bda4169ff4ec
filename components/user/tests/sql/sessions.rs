//! Accounts, sessions and refresh tokens.

use crate::support::*;
use anyhow::Result;
use serde_json::{Value, json};

#[tokio::test]
async fn registering_writes_the_account_its_session_and_its_event_together() -> Result<()> {
    let db = database().await?.connect().await?;
    let account = register(&db, "ana@souk.example", 1).await?;
    assert_eq!(account["roles"], json!(["customer"]));
    assert_eq!((&account["locale"], &account["email_verified"]), (&json!("pt"), &json!(false)));
    let event: Value = one(&db, "SELECT event FROM outbox ORDER BY id LIMIT 1", &[]).await?;
    assert_eq!(event["type"], "user.registered");
    assert_eq!(event["key"], account["id"]);
    let contact = json!({"user_id": account["id"], "email": "ana@souk.example", "name": "Ana", "locale": "pt"});
    assert_eq!(event["data"], contact);
    let wish = events(&db, "user.verification_requested").await?;
    assert_eq!((wish.len(), &wish[0]["token"], &wish[0]["email"]), (1, &json!(token("ev", 1)), &contact["email"]));
    assert_eq!(rotate(&db, 1, 2).await?, "rotated");
    Ok(())
}

#[tokio::test]
async fn an_address_has_one_account_however_it_is_cased() -> Result<()> {
    let db = database().await?.connect().await?;
    register(&db, "ana@souk.example", 1).await?;
    let error = register(&db, "ANA@souk.EXAMPLE", 2).await.unwrap_err();
    assert_eq!(error.as_db_error().unwrap().constraint(), Some("accounts_email_key"));
    assert_eq!(count(&db, "SELECT count(*) FROM outbox").await?, 2);
    assert_eq!(count(&db, "SELECT count(*) FROM sessions").await?, 1);
    Ok(())
}

#[tokio::test]
async fn only_an_argon2id_hash_can_be_stored_as_a_password() -> Result<()> {
    let db = database().await?.connect().await?;
    register(&db, "ana@souk.example", 1).await?;
    let error = db.execute("UPDATE accounts SET password_hash = 'hunter2'", &[]).await.unwrap_err();
    assert_eq!(error.as_db_error().unwrap().constraint(), Some("accounts_password_hash_check"));
    Ok(())
}

#[tokio::test]
async fn a_reused_token_revokes_its_family_and_no_other() -> Result<()> {
    let db = database().await?.connect().await?;
    let id = account(&db, "ana@souk.example", 1).await?;
    assert!(sign_in(&db, id, HASH, 50).await?);
    assert_eq!(rotate(&db, 1, 2).await?, "rotated");
    assert_eq!(rotate(&db, 2, 3).await?, "rotated");
    assert_eq!(rotate(&db, 1, 4).await?, "reused");
    for dead in [1, 2, 3] {
        assert_eq!(rotate(&db, dead, 5).await?, "revoked");
    }
    assert_eq!(rotate(&db, 4, 6).await?, "unknown");
    assert_eq!(rotate(&db, 50, 51).await?, "rotated");
    Ok(())
}

#[tokio::test]
async fn of_many_exchanges_of_one_token_at_once_one_succeeds_and_the_session_is_revoked() -> Result<()> {
    let database = database().await?;
    register(&database.connect().await?, "ana@souk.example", 1).await?;
    let attempts = (0..8_u8).map(|n| {
        let database = database.clone();
        tokio::spawn(async move { rotate(&database.connect().await?, 1, 100 + n).await })
    });
    let mut outcomes = Vec::new();
    for attempt in attempts.collect::<Vec<_>>() {
        outcomes.push(attempt.await??);
    }
    outcomes.sort();
    assert_eq!(outcomes, ["reused", "revoked", "revoked", "revoked", "revoked", "revoked", "revoked", "rotated"]);
    Ok(())
}

#[tokio::test]
async fn expired_and_signed_out_sessions_give_nothing() -> Result<()> {
    let db = database().await?.connect().await?;
    register(&db, "ana@souk.example", 1).await?;
    register(&db, "bea@souk.example", 2).await?;
    db.execute("UPDATE refresh_tokens SET expires_at = now() WHERE hash = decode($1, 'hex')", &[&hash(1)]).await?;
    assert_eq!(rotate(&db, 1, 11).await?, "expired");
    let sign_out = "SELECT sign_out($1)";
    assert!(db.query_one(sign_out, &[&hash(2)]).await?.get::<_, bool>(0));
    assert!(!db.query_one(sign_out, &[&hash(2)]).await?.get::<_, bool>(0));
    assert!(!db.query_one(sign_out, &[&hash(99)]).await?.get::<_, bool>(0));
    assert_eq!(rotate(&db, 2, 12).await?, "revoked");
    Ok(())
}

#[tokio::test]
async fn a_disabled_account_neither_signs_in_nor_refreshes() -> Result<()> {
    let db = database().await?.connect().await?;
    let id = account(&db, "ana@souk.example", 1).await?;
    db.execute("UPDATE accounts SET disabled_at = now()", &[]).await?;
    assert!(!sign_in(&db, id, HASH, 2).await?);
    assert_eq!(rotate(&db, 1, 3).await?, "revoked");
    Ok(())
}

#[tokio::test]
async fn a_password_changed_during_sign_in_ends_the_sign_in() -> Result<()> {
    let db = database().await?.connect().await?;
    let id = account(&db, "ana@souk.example", 1).await?;
    let stale = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2E$before";
    assert!(!sign_in(&db, id, stale, 2).await?);
    Ok(())
}

#[tokio::test]
async fn a_role_is_granted_once_and_only_if_it_exists() -> Result<()> {
    let db = database().await?.connect().await?;
    register(&db, "ana@souk.example", 1).await?;
    for (email, granted) in [("ANA@souk.example", true), ("ana@souk.example", true), ("bea@souk.example", false)] {
        let row = db.query_one("SELECT grant_role($1, 'admin')", &[&email]).await?;
        assert_eq!(row.get::<_, bool>(0), granted, "{email}");
    }
    let roles: Vec<String> = db.query_one("SELECT roles FROM accounts", &[]).await?.get(0);
    assert_eq!(roles, ["customer", "admin"]);
    let error = db.query_one("SELECT grant_role('ana@souk.example', 'king')", &[]).await.unwrap_err();
    assert!(error.as_db_error().unwrap().message().contains("king"));
    Ok(())
}

#[tokio::test]
async fn sweeping_takes_what_is_long_over_and_nothing_else() -> Result<()> {
    let db = database().await?.connect().await?;
    for n in 1..=4 {
        register(&db, &format!("{n}@souk.example"), n).await?;
    }
    assert_eq!(rotate(&db, 4, 40).await?, "rotated");
    db.batch_execute(
        "UPDATE sessions SET created_at = now() - interval '60 days', expires_at = now() - interval '8 days'
           WHERE id = (SELECT session_id FROM refresh_tokens WHERE get_byte(hash, 0) = 1);
         UPDATE sessions SET revoked_at = now() - interval '8 days', revoked_reason = 'logout'
           WHERE id = (SELECT session_id FROM refresh_tokens WHERE get_byte(hash, 0) = 2);
         UPDATE refresh_tokens SET expires_at = now() - interval '8 days' WHERE get_byte(hash, 0) = 4",
    )
    .await?;
    assert_eq!(count(&db, "SELECT sweep_sessions(100)").await?, 3);
    assert_eq!(count(&db, "SELECT sweep_sessions(100)").await?, 0);
    assert_eq!(rotate(&db, 3, 30).await?, "rotated");
    assert_eq!(rotate(&db, 40, 41).await?, "rotated");
    assert_eq!(rotate(&db, 1, 10).await?, "unknown");
    Ok(())
}

#[tokio::test]
async fn an_owner_sees_and_ends_the_own_sessions_and_no_others() -> Result<()> {
    let db = database().await?.connect().await?;
    let (ana, bea) = (account(&db, "ana@souk.example", 1).await?, account(&db, "bea@souk.example", 2).await?);
    assert!(sign_in(&db, ana, HASH, 3).await?);
    assert_eq!(rotate(&db, 1, 10).await?, "rotated");
    let sessions: Value = one(&db, "SELECT sessions_json($1)", &[&ana]).await?;
    let devices: Vec<_> = sessions.as_array().unwrap().iter().map(|session| session["device"].clone()).collect();
    assert_eq!(devices, ["Firefox", "Safari"], "the one used last comes first");
    assert!(!sessions.to_string().contains(&hash(3)), "no token, hashed or not, is shown");
    let (first, end) = (id(&sessions[0])?, "SELECT end_session($1, $2)");
    assert!(!one::<bool>(&db, end, &[&bea, &first]).await?, "another account's session is none");
    assert!(one::<bool>(&db, end, &[&ana, &first]).await?);
    assert!(!one::<bool>(&db, end, &[&ana, &first]).await?);
    assert_eq!(rotate(&db, 10, 11).await?, "revoked");
    assert_eq!(rotate(&db, 3, 12).await?, "rotated");
    let left: Value = one(&db, "SELECT sessions_json($1)", &[&ana]).await?;
    assert_eq!(left.as_array().unwrap().len(), 1);
    Ok(())
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session_of_the_account_alone() -> Result<()> {
    let db = database().await?.connect().await?;
    let ana = account(&db, "ana@souk.example", 1).await?;
    account(&db, "bea@souk.example", 2).await?;
    assert!(sign_in(&db, ana, HASH, 3).await?);
    assert_eq!(one::<i64>(&db, "SELECT end_sessions($1, 'logout_all', NULL)", &[&ana]).await?, 2);
    for dead in [1, 3] {
        assert_eq!(rotate(&db, dead, 9).await?, "revoked");
    }
    assert_eq!(rotate(&db, 2, 20).await?, "rotated");
    Ok(())
}
