//! The Redis trigger: one subscriber per address string, which handles one message at a time over all channels of that
//! address. Unlike Spin, which exits when the connection drops, it connects again and resubscribes.

use crate::component::Component;
use crate::telemetry;
use futures::StreamExt;
use redis::Client;
use redis::aio::PubSub;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{oneshot, watch};

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// The channels of one address, with the components to call for each.
pub type Channels = BTreeMap<String, Vec<Arc<Component>>>;

/// Subscribes to the channels and handles their messages until `shutdown` changes. `attempted` is told when the first
/// attempt to subscribe has succeeded or failed.
pub async fn run(
    client: Client,
    label: String,
    channels: Channels,
    attempted: oneshot::Sender<()>,
    mut shutdown: watch::Receiver<bool>,
) {
    let mut attempted = Some(attempted);
    let mut pause = FIRST_PAUSE;
    let mut reported = false;
    while !*shutdown.borrow() {
        let subscribed = subscribe(&client, &channels).await;
        if let Some(sender) = attempted.take() {
            // Nobody waits any more when the start was given up.
            let _ = sender.send(());
        }
        match subscribed {
            Ok(mut subscription) => {
                tracing::info!("subscribed to {} at {label}", names(&channels));
                (pause, reported) = (FIRST_PAUSE, false);
                tokio::select! {
                    () = handle_all(&mut subscription, &channels) => {
                        tracing::warn!("the subscription at {label} was lost; subscribing again");
                    }
                    _ = shutdown.changed() => return,
                }
            }
            Err(error) => {
                if !reported {
                    tracing::warn!("cannot subscribe to {} at {label} (trying on): {error}", names(&channels));
                    reported = true;
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = shutdown.changed() => return,
        }
    }
}

fn names(channels: &Channels) -> String {
    channels.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
}

async fn subscribe(client: &Client, channels: &Channels) -> redis::RedisResult<PubSub> {
    let connecting = async {
        let mut subscription = client.get_async_pubsub().await?;
        for channel in channels.keys() {
            subscription.subscribe(channel).await?;
        }
        Ok(subscription)
    };
    match tokio::time::timeout(CONNECT_TIMEOUT, connecting).await {
        Ok(result) => result,
        Err(_) => Err((redis::ErrorKind::Io, "no answer in time").into()),
    }
}

/// Handles messages one after another until the connection drops.
async fn handle_all(subscription: &mut PubSub, channels: &Channels) {
    let mut messages = subscription.on_message();
    while let Some(message) = messages.next().await {
        let channel = message.get_channel_name();
        for component in channels.get(channel).into_iter().flatten() {
            handle(component, channel, message.get_payload_bytes().to_vec()).await;
        }
    }
}

async fn handle(component: &Component, channel: &str, payload: Vec<u8>) {
    let shared = &component.shared;
    let trace = telemetry::Context::message(channel, &shared.id);
    let result = component.handle_message(payload, trace.clone()).await;
    if let Some(trace) = trace {
        trace.end_message(result.is_err());
    }
    match result {
        Ok(()) => shared.metrics.messages_ok.inc(),
        Err(error) => {
            shared.metrics.messages_failed.inc();
            tracing::error!(component = shared.id, channel, "a message was not handled: {error}");
        }
    }
}
