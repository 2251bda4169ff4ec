//! Groups, doorbells and ticks.
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use futures::StreamExt;
use redis::AsyncCommands;
use souk_testkit::{DEADLINE, eventually};
use std::future::Future;
use support::{STREAM, World, emit};

/// Listens to the payment service's doorbell.
async fn doorbell(world: &World) -> redis::aio::PubSub {
    let mut pubsub = redis::Client::open(world.redis.url()).unwrap().get_async_pubsub().await.unwrap();
    pubsub.subscribe("souk:doorbell:payment").await.unwrap();
    pubsub
}

/// Waits for a message of this kind.
async fn hears(pubsub: &mut redis::aio::PubSub, kind: &str) {
    let mut messages = pubsub.on_message();
    let heard = async {
        loop {
            let message = messages.next().await.expect("the connection ended");
            if message.get_payload::<String>().unwrap() == kind {
                return;
            }
        }
    };
    within(heard, kind).await;
}

async fn within(future: impl Future<Output = ()>, what: &str) {
    tokio::time::timeout(DEADLINE, future).await.unwrap_or_else(|_| panic!("no {what} was heard"));
}

/// Reads everything new for the payment group without acknowledging it, and returns how much that was.
async fn read(redis: &mut redis::aio::MultiplexedConnection) -> usize {
    let options = redis::streams::StreamReadOptions::default().group("payment", "c").count(10_000);
    let reply: Option<redis::streams::StreamReadReply> =
        redis.xread_options(&[STREAM], &[">"], &options).await.unwrap();
    reply.map_or(0, |reply| reply.keys.iter().map(|key| key.ids.len()).sum())
}

#[tokio::test]
async fn a_published_event_rings_the_services_that_read_its_stream() {
    let world = World::new().await;
    let _relay = world.relay(&["--survey-ms", "60000"]).await; // so that no survey rings
    let mut bell = doorbell(&world).await;
    let client = world.order.connect().await.unwrap();
    emit(&client, "k", 1, 1).await.unwrap();
    hears(&mut bell, "ring").await;
    assert_eq!(world.entries().await.len(), 1, "it rings after the entry is there");
}

#[tokio::test]
async fn the_last_of_many_events_is_rung_for() {
    let world = World::new().await;
    let _relay = world.relay(&["--survey-ms", "60000", "--batch-max", "3"]).await;
    let mut bell = doorbell(&world).await;
    let mut redis = world.connect_redis().await;
    let client = world.order.connect().await.unwrap();
    emit(&client, "k", 1, 500).await.unwrap();
    let mut seen = 0;
    let drains = async {
        // A consumer that looks only when it is rung must have seen all of them after the last ring.
        let mut messages = bell.on_message();
        while seen < 500 {
            let message = messages.next().await.unwrap();
            if message.get_payload::<String>().unwrap() == "ring" {
                seen += read(&mut redis).await;
            }
        }
    };
    within(drains, "ring for the last event").await;
}

#[tokio::test]
async fn every_service_is_ticked_also_when_nothing_happens() {
    let world = World::new().await;
    let _relay = world.relay(&[]).await;
    let mut bell = doorbell(&world).await;
    hears(&mut bell, "tick").await;
    hears(&mut bell, "tick").await;
}

#[tokio::test]
async fn a_group_with_lag_is_rung_although_no_event_passed_the_relay() {
    let world = World::new().await;
    let _relay = world.relay(&["--survey-ms", "20"]).await;
    let mut bell = doorbell(&world).await;
    let mut redis = world.connect_redis().await;
    let _: String = redis.xadd(STREAM, "*", &[("event", "{}")]).await.unwrap();
    hears(&mut bell, "ring").await;
    hears(&mut bell, "ring").await; // and again, as long as nobody reads
}

#[tokio::test]
async fn groups_start_at_the_beginning_and_are_made_again_when_redis_was_emptied() {
    let world = World::new().await;
    let mut redis = world.connect_redis().await;
    let _: String = redis.xadd(STREAM, "*", &[("event", "{}")]).await.unwrap();
    let relay = world.relay(&["--survey-ms", "20"]).await;
    assert_eq!(read(&mut redis).await, 1, "what was published before the group existed is delivered");

    let _: () = redis::cmd("FLUSHALL").query_async(&mut redis).await.unwrap();
    eventually("both groups exist again", || {
        let mut redis = redis.clone();
        async move {
            let groups: redis::streams::StreamInfoGroupsReply = redis.xinfo_groups(STREAM).await.ok()?;
            (groups.groups.len() == 2).then_some(())
        }
    })
    .await;
    let client = world.order.connect().await.unwrap();
    emit(&client, "k", 1, 2).await.unwrap();
    world.published(2).await;
    assert_eq!(read(&mut redis).await, 2);
    relay.stop().await;
}
