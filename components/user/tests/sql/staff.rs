//! What admins change.

use crate::support::*;
use anyhow::Result;
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

async fn change(
    db: &Client,
    actor: Uuid,
    id: Uuid,
    roles: Option<&[&str]>,
    disabled: Option<bool>,
) -> Result<(String, Option<Value>)> {
    let sql = "SELECT outcome, account FROM change_account($1, $2, $3, $4)";
    let row = db.query_one(sql, &[&actor, &id, &roles, &disabled]).await?;
    Ok((row.get(0), row.get(1)))
}

async fn admin(db: &Client, email: &str, n: u8) -> Result<Uuid> {
    let id = account(db, email, n).await?;
    db.query("SELECT grant_role($1, 'admin')", &[&email]).await?;
    Ok(id)
}

#[tokio::test]
async fn an_admin_gives_and_takes_roles_in_a_fixed_order() -> Result<()> {
    let db = database().await?.connect().await?;
    let (root, ana) = (admin(&db, "root@souk.example", 1).await?, account(&db, "ana@souk.example", 2).await?);
    let (outcome, account) = change(&db, root, ana, Some(&["merchant", "customer"]), None).await?;
    let account = account.unwrap();
    assert_eq!((outcome.as_str(), &account["roles"]), ("changed", &json!(["customer", "merchant"])));
    assert_eq!((&account["disabled"], &account["disabled_at"]), (&json!(false), &Value::Null));
    assert_eq!(change(&db, root, Uuid::now_v7(), None, Some(true)).await?.0, "missing");
    assert!(change(&db, root, ana, Some(&[]), None).await.is_err(), "an account without a role cannot be");
    assert!(change(&db, root, ana, Some(&["guest"]), None).await.is_err(), "nor one that is a guest");
    Ok(())
}

#[tokio::test]
async fn only_who_is_an_admin_now_changes_anything() -> Result<()> {
    let db = database().await?.connect().await?;
    let root = admin(&db, "root@souk.example", 1).await?;
    let (eve, ana) = (admin(&db, "eve@souk.example", 2).await?, account(&db, "ana@souk.example", 3).await?);
    assert_eq!(change(&db, ana, ana, Some(&["admin"]), None).await?.0, "not_admin");
    assert_eq!(change(&db, Uuid::now_v7(), ana, None, Some(true)).await?.0, "not_admin");
    // A token outlives a demotion by minutes; it must not undo it.
    assert_eq!(change(&db, root, eve, Some(&["customer"]), None).await?.0, "changed");
    assert_eq!(change(&db, eve, eve, Some(&["customer", "admin"]), None).await?.0, "not_admin");
    assert_eq!(change(&db, root, eve, Some(&["admin"]), Some(true)).await?.0, "changed");
    assert_eq!(change(&db, eve, root, None, Some(true)).await?.0, "not_admin", "a disabled admin is none");
    Ok(())
}

#[tokio::test]
async fn an_admin_cannot_lock_the_own_account_out() -> Result<()> {
    let db = database().await?.connect().await?;
    let root = admin(&db, "root@souk.example", 1).await?;
    assert_eq!(change(&db, root, root, Some(&["customer"]), None).await?.0, "own_account");
    assert_eq!(change(&db, root, root, None, Some(true)).await?.0, "own_account");
    assert_eq!(change(&db, root, root, Some(&["customer", "admin", "support"]), Some(false)).await?.0, "changed");
    assert_eq!(change(&db, root, root, None, None).await?.0, "changed");
    Ok(())
}

#[tokio::test]
async fn two_admins_who_demote_each_other_at_once_leave_one() -> Result<()> {
    let database = database().await?;
    let db = database.connect().await?;
    let (a, b) = (admin(&db, "a@souk.example", 1).await?, admin(&db, "b@souk.example", 2).await?);
    let sql = "SELECT outcome FROM change_account($1::text::uuid, $2::text::uuid, ARRAY['customer'], NULL)".to_owned();
    let calls =
        vec![(sql.clone(), vec![a.to_string(), b.to_string()]), (sql.clone(), vec![b.to_string(), a.to_string()])];
    assert_eq!(at_once(&database, calls).await?, ["changed", "not_admin"]);
    assert_eq!(count(&db, "SELECT count(*) FROM accounts WHERE 'admin' = ANY (roles)").await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_disabled_account_is_signed_out_everywhere_and_can_come_back() -> Result<()> {
    let db = database().await?.connect().await?;
    let (root, ana) = (admin(&db, "root@souk.example", 1).await?, account(&db, "ana@souk.example", 2).await?);
    db.query("SELECT request_password_reset('ana@souk.example', $1, $2, NULL)::text", &[&token("pr", 7), &hash(7)])
        .await?;
    let (_, account) = change(&db, root, ana, None, Some(true)).await?;
    assert_eq!(account.unwrap()["disabled"], true);
    assert_eq!(rotate(&db, 2, 12).await?, "revoked");
    let reset: Option<String> = one(&db, "SELECT reset_password($1, $2, NULL)", &[&hash(7), &HASH]).await?;
    assert_eq!(reset, None, "a mail that was on its way is no way back in");
    assert!(!sign_in(&db, ana, HASH, 3).await?);
    let (_, account) = change(&db, root, ana, None, Some(false)).await?;
    assert_eq!(account.unwrap()["disabled_at"], Value::Null);
    assert!(sign_in(&db, ana, HASH, 4).await?);
    Ok(())
}
