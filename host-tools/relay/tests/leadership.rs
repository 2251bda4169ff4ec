//! One leader for each database, whatever happens to it.
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use souk_testkit::eventually;
use std::process::Command;
use support::{World, assert_ordered_per_key, emit};

#[tokio::test]
async fn of_two_relays_one_leads_and_the_other_takes_over_when_it_is_killed() {
    let world = World::new().await;
    let first = world.relay_process(&[]);
    let client = world.order.connect().await.unwrap();
    emit(&client, "k", 1, 10).await.unwrap();
    world.published(10).await; // so the first one leads
    let second = world.relay(&[]).await;
    assert!(!second.leads_order().await);
    assert_eq!(second.metric("souk_relay_published_total{service=\"order\"").await, None);

    first.kill();
    emit(&client, "k", 11, 20).await.unwrap();
    eventually("the second one leads", || async { second.leads_order().await.then_some(()) }).await;
    let events = world.published(20).await;
    assert_ordered_per_key(&events);
    world.outbox_is_empty().await;
}

#[tokio::test]
async fn a_leader_whose_session_ends_leads_no_longer_and_one_relay_goes_on() {
    let world = World::new().await;
    let (first, second) = (world.relay(&[]).await, world.relay(&[]).await);
    let client = world.order.connect().await.unwrap();
    let (admin, connection) =
        tokio_postgres::connect(&world.order.url_as("postgres"), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    // The lock's holder is ended again and again; a session that is already ending counts no more.
    let end_the_leader = "SELECT pg_terminate_backend(pid) \
                          FROM pg_locks JOIN pg_database ON pg_database.oid = database \
                          WHERE locktype = 'advisory' AND granted AND datname = current_database()";
    for round in 0..5 {
        emit(&client, "k", round * 50 + 1, round * 50 + 50).await.unwrap();
        eventually("one session holds the lock, and is ended", || async {
            let ended = admin.query(end_the_leader, &[]).await.unwrap().len();
            assert!(ended <= 1, "{ended} sessions hold the lock");
            (ended == 1).then_some(())
        })
        .await;
    }
    eventually("exactly one leads", || async {
        let leaders = [first.leads_order().await, second.leads_order().await];
        (leaders.iter().filter(|leads| **leads).count() == 1).then_some(())
    })
    .await;
    let events = world.published(250).await;
    assert_ordered_per_key(&events);
    world.outbox_is_empty().await;
}

#[tokio::test]
async fn a_relay_without_a_database_says_what_is_missing_in_one_line() {
    let output = Command::new(env!("CARGO_BIN_EXE_souk-relay"))
        .args(["--redis-url", "redis://127.0.0.1:1", "--streams"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../../streams.toml"))
        .env_clear()
        .output()
        .unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(message.contains("RELAY_PG_URL_") && message.trim_end().lines().count() == 1, "{message}");
}

#[tokio::test]
async fn a_password_in_an_address_is_not_shown() {
    let output = Command::new(env!("CARGO_BIN_EXE_souk-relay"))
        .args(["--redis-url", "redis://127.0.0.1:1", "--streams"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../../streams.toml"))
        .env_clear()
        .env("RELAY_PG_URL_ORDER", "postgres://souk_relay:hush@host:notaport/souk_order")
        .output()
        .unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && message.contains("RELAY_PG_URL_ORDER") && !message.contains("hush"),
        "{message}"
    );
}
