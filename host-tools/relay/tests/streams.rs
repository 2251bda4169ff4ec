//! Trimming and what /metrics says about streams.
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use redis::AsyncCommands;
use redis::aio::MultiplexedConnection;
use redis::streams::{StreamReadOptions, StreamReadReply};
use souk_testkit::eventually;
use support::{STREAM, World, emit};

const EVENTS: i64 = 600;

async fn read_all(redis: &mut MultiplexedConnection, group: &str) -> Vec<String> {
    let options = StreamReadOptions::default().group(group, "c").count(10_000);
    let reply: StreamReadReply = redis.xread_options(&[STREAM], &[">"], &options).await.unwrap();
    reply.keys.iter().flat_map(|key| key.ids.iter().map(|entry| entry.id.clone())).collect()
}

async fn world_with_events() -> (World, support::Relay, MultiplexedConnection) {
    let world = World::new().await;
    let relay = world.relay(&["--survey-ms", "20", "--keep-entries", "50"]).await;
    let client = world.order.connect().await.unwrap();
    emit(&client, "k", 1, EVENTS).await.unwrap();
    world.published(usize::try_from(EVENTS).unwrap()).await;
    let redis = world.connect_redis().await;
    (world, relay, redis)
}

/// Waits for a survey that began after this call.
async fn surveyed(relay: &support::Relay, redis: &mut MultiplexedConnection) {
    for _ in 0..2 {
        let marker = "souk:order:dead";
        let _: String = redis.xadd(marker, "*", &[("group", "marker")]).await.unwrap();
        let expected: f64 = redis.xlen::<_, usize>(marker).await.unwrap() as f64;
        let sample = "souk_relay_dead_letters{stream=\"souk:order\",group=\"marker\"}";
        eventually("a survey has passed", || async { (relay.metric(sample).await? == expected).then_some(()) }).await;
    }
}

#[tokio::test]
async fn an_entry_that_one_group_has_not_read_stays() {
    let (world, relay, mut redis) = world_with_events().await;
    let ids = read_all(&mut redis, "payment").await;
    let _: usize = redis.xack(STREAM, "payment", &ids).await.unwrap();
    surveyed(&relay, &mut redis).await;
    assert_eq!(world.entries().await.len(), 600, "the group mailer has read nothing");
}

#[tokio::test]
async fn an_unacknowledged_entry_and_all_after_it_stay_until_it_is_acknowledged() {
    let (world, relay, mut redis) = world_with_events().await;
    let ids = read_all(&mut redis, "payment").await;
    read_all(&mut redis, "mailer").await;
    let _: usize = redis.xack(STREAM, "mailer", &ids).await.unwrap();
    let (kept, others) = (ids[300].clone(), [&ids[..300], &ids[301..]].concat());
    let _: usize = redis.xack(STREAM, "payment", &others).await.unwrap();
    eventually("something is trimmed", || async { (world.entries().await.len() < 600).then_some(()) }).await;
    surveyed(&relay, &mut redis).await;
    let left: Vec<String> = world.entries().await.into_iter().map(|entry| entry.id).collect();
    assert!(left.ends_with(&ids[300..]), "{} of the 300 that must stay are left", left.len());

    let _: usize = redis.xack(STREAM, "payment", &[kept]).await.unwrap();
    eventually("the rest is trimmed", || async { (world.entries().await.len() < 300).then_some(()) }).await;
    surveyed(&relay, &mut redis).await;
    let left: Vec<String> = world.entries().await.into_iter().map(|entry| entry.id).collect();
    assert!(left.ends_with(&ids[550..]), "the newest 50 stay although all are acknowledged; {} are left", left.len());
    let trimmed = relay.metric("souk_relay_trimmed_total{stream=\"souk:order\"}").await.unwrap();
    assert_eq!(trimmed as usize + left.len(), 600);
}

#[tokio::test]
async fn a_stream_with_a_missing_group_is_not_trimmed() {
    let (world, relay, mut redis) = world_with_events().await;
    relay.stop().await;
    for group in ["payment", "mailer"] {
        let ids = read_all(&mut redis, group).await;
        let _: usize = redis.xack(STREAM, group, &ids).await.unwrap();
    }
    let _: usize = redis.xgroup_destroy(STREAM, "mailer").await.unwrap();
    let relay = world.relay(&["--survey-ms", "20", "--keep-entries", "50"]).await;
    surveyed(&relay, &mut redis).await;
    assert_eq!(world.entries().await.len(), 600);
    assert_eq!(read_all(&mut redis, "mailer").await.len(), 600, "the group was made again at the beginning");
}

#[tokio::test]
async fn metrics_tell_lag_pending_age_and_dead_letters_of_each_group() {
    let (_world, relay, mut redis) = world_with_events().await;
    let ids = read_all(&mut redis, "payment").await;
    let _: usize = redis.xack(STREAM, "payment", &ids[..590]).await.unwrap();
    let _: String = redis.xadd("souk:order:dead", "*", &[("group", "payment"), ("event", "{}")]).await.unwrap();
    let sample = |name: &str, group: &str| format!("souk_relay_{name}{{stream=\"souk:order\",group=\"{group}\"}}");
    for (name, group, value) in [
        ("group_lag", "payment", 0.0),
        ("group_lag", "mailer", 600.0),
        ("group_pending", "payment", 10.0),
        ("group_pending", "mailer", 0.0),
        ("group_consumers", "payment", 1.0),
        ("dead_letters", "payment", 1.0),
    ] {
        let sample = sample(name, group);
        eventually(&format!("{sample} is {value}"), || async { (relay.metric(&sample).await? == value).then_some(()) })
            .await;
    }
    let age = sample("group_oldest_pending_age_seconds", "payment");
    assert!(relay.metric(&age).await.unwrap() > 0.0);
    assert!(relay.get("/healthz").await.starts_with("HTTP/1.0 200"));
    assert!(relay.get("/readyz").await.starts_with("HTTP/1.0 200"));
}
