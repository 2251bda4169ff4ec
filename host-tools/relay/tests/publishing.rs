//! From the outbox to the stream: in order, at least once, nothing lost.
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use futures::future::join_all;
use redis::AsyncCommands;
use souk_testkit::{Postgres, eventually};
use std::collections::BTreeSet;
use support::{STREAM, World, assert_ordered_per_key, emit};

#[tokio::test]
async fn events_of_a_key_reach_the_stream_in_order_once_and_leave_the_outbox() {
    let world = World::new().await;
    let relay = world.relay(&["--batch-max", "7"]).await;
    let writers = ["a", "b", "c", "d"].map(|key| {
        let database = world.order.clone();
        async move {
            let client = database.connect().await.unwrap();
            for n in 0..20 {
                emit(&client, key, n * 10 + 1, n * 10 + 10).await.unwrap();
            }
        }
    });
    join_all(writers).await;
    let events = world.published(800).await;
    assert_eq!(events.len(), 800);
    assert_ordered_per_key(&events);
    world.outbox_is_empty().await;
    let published = relay.metric("souk_relay_published_total{service=\"order\",stream=\"souk:order\"}").await;
    assert_eq!(published, Some(800.0));
    relay.stop().await;
}

#[tokio::test]
async fn the_envelope_goes_through_untouched() {
    let world = World::new().await;
    let client = world.order.connect().await.unwrap();
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let sql =
        "SELECT emit('souk:order', 'order.placed', 1, 'k', $1, '{\"n\":1,\"name\":\"Zo\u{eb} \\\"\u{1f600}\"}')::text";
    let id: String = client.query_one(sql, &[&trace]).await.unwrap().get(0);
    let written: serde_json::Value = client.query_one("SELECT event FROM outbox", &[]).await.unwrap().get(0);
    let _relay = world.relay(&[]).await;
    world.published(1).await;
    let entry = &world.entries().await[0];
    assert_eq!(entry.map.len(), 1, "exactly one field");
    let read: serde_json::Value = serde_json::from_str(&entry.get::<String>("event").unwrap()).unwrap();
    assert_eq!(read, written);
    assert_eq!((read["id"].as_str(), read["traceparent"].as_str()), (Some(id.as_str()), Some(trace)));
}

#[tokio::test]
async fn a_hint_publishes_without_waiting_for_the_next_poll() {
    let world = World::new().await;
    let hour = "3600000";
    let _relay = world.relay(&["--poll-min-ms", hour, "--poll-max-ms", hour]).await;
    let mut redis = world.connect_redis().await;
    eventually("the relay listens for hints", || {
        let mut redis = redis.clone();
        async move { (redis.publish::<_, _, i64>("souk:outbox:order", "").await.unwrap() > 0).then_some(()) }
    })
    .await;
    let client = world.order.connect().await.unwrap();
    emit(&client, "k", 1, 3).await.unwrap();
    let _: i64 = redis.publish("souk:outbox:order", "").await.unwrap();
    world.published(3).await;
}

#[tokio::test]
async fn a_lost_hint_only_delays() {
    let world = World::new().await;
    let _relay = world.relay(&[]).await;
    let client = world.order.connect().await.unwrap();
    emit(&client, "k", 1, 3).await.unwrap();
    world.published(3).await;
}

#[tokio::test]
async fn a_crash_between_adding_and_deleting_publishes_twice_under_one_id_and_loses_none() {
    let world = World::new().await;
    let mut writer = world.order.connect().await.unwrap();
    emit(&writer, "k", 1, 5).await.unwrap();
    // A lock on the rows lets the relay read and add them, and holds up its DELETE.
    let transaction = writer.transaction().await.unwrap();
    transaction.execute("SELECT FROM outbox FOR UPDATE", &[]).await.unwrap();
    let relay = world.relay_process(&[]);
    world.published(5).await;
    relay.kill();
    // Postgres would not notice before the DELETE is through; a crash of the whole machine is not so kind.
    let (admin, connection) =
        tokio_postgres::connect(&world.order.url_as("postgres"), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let end_the_session = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                           WHERE datname = current_database() AND application_name = 'souk-relay'";
    eventually("the dead relay's session is gone", || async {
        admin.query(end_the_session, &[]).await.unwrap().is_empty().then_some(())
    })
    .await;
    transaction.rollback().await.unwrap();
    emit(&writer, "k", 6, 8).await.unwrap();

    let _relay = world.relay(&[]).await;
    let events = world.published(8).await;
    assert_ordered_per_key(&events);
    for n in 1..=5 {
        let copies: Vec<&str> = events.iter().filter(|event| event.n == n).map(|event| event.id.as_str()).collect();
        assert_eq!(copies.len(), 2, "event {n}");
        assert_eq!(copies[0], copies[1]);
    }
    world.outbox_is_empty().await;
}

#[tokio::test]
async fn nothing_is_lost_when_redis_is_killed_and_comes_back() {
    let mut world = World::new().await;
    let relay = world.relay(&[]).await;
    let client = world.order.connect().await.unwrap();
    for round in 0..3 {
        emit(&client, "k", round * 200 + 1, round * 200 + 100).await.unwrap();
        world.redis.crash().unwrap();
        emit(&client, "k", round * 200 + 101, round * 200 + 200).await.unwrap();
        eventually("the relay notices", || async { (relay.metric("souk_relay_redis_up").await? == 0.0).then_some(()) })
            .await;
        world.redis.resume().unwrap();
    }
    let events = world.published(600).await;
    assert_ordered_per_key(&events);
    world.outbox_is_empty().await;
    eventually("the relay says so", || async { (relay.metric("souk_relay_redis_up").await? == 1.0).then_some(()) })
        .await;
    relay.stop().await;
}

#[tokio::test]
async fn nothing_is_lost_when_postgres_crashes_and_comes_back() {
    let mut postgres = Postgres::start().unwrap();
    let world = World::on(&postgres).await;
    let relay = world.relay(&[]).await;
    for round in 0..3 {
        let client = world.order.connect().await.unwrap();
        emit(&client, "k", round * 100 + 1, round * 100 + 100).await.unwrap();
        postgres.crash().unwrap();
        eventually("the relay notices", || async { (!relay.leads_order().await).then_some(()) }).await;
        postgres.resume().unwrap();
    }
    let events = world.published(300).await;
    assert_ordered_per_key(&events);
    world.outbox_is_empty().await;
    relay.stop().await;
}

#[tokio::test]
async fn sigterm_ends_the_process_cleanly_in_the_middle_of_work() {
    let world = World::new().await;
    let client = world.order.connect().await.unwrap();
    emit(&client, "k", 1, 5_000).await.unwrap();
    let mut relay = world.relay_process(&["--batch-max", "10"]);
    world.published(1).await;
    assert!(std::process::Command::new("kill").arg(relay.0.id().to_string()).status().unwrap().success());
    assert!(relay.0.wait().unwrap().success());
    // What it had added it had also deleted: nothing is published twice by the next one.
    let _relay = world.relay(&[]).await;
    let events = world.published(5_000).await;
    let ids: BTreeSet<&String> = events.iter().map(|event| &event.id).collect();
    assert_eq!(ids.len(), events.len());
    let mut redis = world.connect_redis().await;
    let length: usize = redis.xlen(STREAM).await.unwrap();
    assert_eq!(length, 5_000);
}
