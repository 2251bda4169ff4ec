//! Profile, export and deletion.

use crate::support::*;
use anyhow::Result;
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

async fn update(db: &Client, id: Uuid, name: Option<&str>, locale: Option<&str>) -> Result<Option<Value>> {
    one(db, "SELECT update_profile($1, $2, $3, NULL)", &[&id, &name, &locale]).await
}

#[tokio::test]
async fn a_profile_changes_in_part_and_only_a_change_is_announced() -> Result<()> {
    let db = database().await?.connect().await?;
    let ana = account(&db, "ana@souk.example", 1).await?;
    let renamed = update(&db, ana, Some("Ana Souk"), None).await?.unwrap();
    assert_eq!((&renamed["name"], &renamed["locale"]), (&json!("Ana Souk"), &json!("pt")));
    let moved = update(&db, ana, None, Some("en")).await?.unwrap();
    assert_eq!((&moved["name"], &moved["locale"]), (&json!("Ana Souk"), &json!("en")));
    assert_eq!(update(&db, ana, Some("Ana Souk"), Some("en")).await?, Some(moved.clone()));
    assert_eq!(update(&db, ana, None, None).await?, Some(moved));
    let told = events(&db, "user.updated").await?;
    let names: Vec<_> = told.iter().map(|data| (&data["name"], &data["locale"])).collect();
    assert_eq!(names, [(&json!("Ana Souk"), &json!("pt")), (&json!("Ana Souk"), &json!("en"))]);
    assert_eq!(update(&db, Uuid::now_v7(), Some("X"), None).await?, None);
    let error = update(&db, ana, None, Some("fr")).await.unwrap_err();
    assert!(format!("{error:?}").contains("accounts_locale_check"), "{error:?}");
    Ok(())
}

async fn delete(db: &Client, id: Uuid, password_hash: &str) -> Result<String> {
    one(db, "SELECT delete_account($1, $2, NULL)", &[&id, &password_hash]).await
}

#[tokio::test]
async fn a_deleted_account_takes_everything_along_and_says_only_its_id() -> Result<()> {
    let db = database().await?.connect().await?;
    let ana = account(&db, "ana@souk.example", 1).await?;
    let bea = account(&db, "bea@souk.example", 2).await?;
    let address = json!({"name": "Ana", "line1": "Rua 7", "city": "Lisboa", "postal_code": "1", "country": "PT"});
    db.query("SELECT * FROM add_address($1, $2, false)", &[&ana, &address]).await?;
    assert_eq!(delete(&db, ana, "$argon2id$stale").await?, "changed");
    assert_eq!(delete(&db, ana, HASH).await?, "deleted");
    assert_eq!(delete(&db, ana, HASH).await?, "changed");
    for table in ["accounts", "sessions", "refresh_tokens", "account_tokens"] {
        assert_eq!(count(&db, &format!("SELECT count(*) FROM {table}")).await?, 1, "{table}: only the other's is left");
    }
    assert_eq!(count(&db, "SELECT count(*) FROM addresses").await?, 0);
    assert_eq!(events(&db, "user.deleted").await?, [json!({"user_id": ana})]);
    assert_eq!(rotate(&db, 1, 11).await?, "unknown");
    assert_eq!(one::<i64>(&db, "SELECT count(*) FROM accounts WHERE id = $1", &[&bea]).await?, 1);
    Ok(())
}

#[tokio::test]
async fn an_admin_cannot_be_deleted() -> Result<()> {
    let db = database().await?.connect().await?;
    let ana = account(&db, "ana@souk.example", 1).await?;
    db.query("SELECT grant_role('ana@souk.example', 'admin')", &[]).await?;
    assert_eq!(delete(&db, ana, HASH).await?, "admin");
    assert_eq!(count(&db, "SELECT count(*) FROM accounts").await?, 1);
    assert_eq!(events(&db, "user.deleted").await?.len(), 0);
    Ok(())
}

#[tokio::test]
async fn an_export_has_all_that_is_known_and_no_secret() -> Result<()> {
    let db = database().await?.connect().await?;
    let ana = account(&db, "ana@souk.example", 1).await?;
    account(&db, "bea@souk.example", 2).await?;
    let address = json!({"name": "Ana", "line1": "Rua 7", "city": "Lisboa", "postal_code": "1", "country": "PT"});
    db.query("SELECT * FROM add_address($1, $2, false)", &[&ana, &address]).await?;
    let export: Value = one(&db, "SELECT export_account($1)", &[&ana]).await?;
    assert_eq!(export["account"]["email"], "ana@souk.example");
    assert_eq!(export["account"]["email_verified_at"], Value::Null);
    assert_eq!(
        (&export["addresses"][0]["city"], &export["sessions"][0]["device"]),
        (&json!("Lisboa"), &json!("Firefox"))
    );
    assert_eq!(export["mailed_tokens"][0]["purpose"], "verify_email");
    let text = export.to_string();
    for secret in ["argon2", "souk_", &hash(1), "bea@"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let nobody: Option<Value> = one(&db, "SELECT (SELECT export_account($1))", &[&Uuid::now_v7()]).await?;
    assert_eq!(nobody, None);
    Ok(())
}
