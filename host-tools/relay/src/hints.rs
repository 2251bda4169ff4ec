//! Listens for the services' hints that their outbox has rows. A hint may get lost: polling finds the rows then. With
//! traces on, it also listens for the spans that components publish, which may get lost as well.

use crate::redis_link::Backoff;
use crate::run::Shared;
use futures::StreamExt;
use std::sync::Arc;
use std::time::Duration;

const CHANNEL_PREFIX: &str = "souk:outbox:";
const SPANS_PREFIX: &str = "souk:spans:";
/// A subscription silent for so long is opened again, in case the connection is dead without having said so.
const SILENCE: Duration = Duration::from_secs(30);

pub(crate) async fn listen(shared: Arc<Shared>) {
    let mut backoff = Backoff::new();
    loop {
        tokio::select! {
            () = shared.stop.cancelled() => return,
            result = subscription(&shared, &mut backoff) => {
                if let Err(error) = result && backoff.is_fresh() {
                    tracing::warn!(%error, "no hints for now; polling the outboxes until Redis answers");
                }
            }
        }
        tokio::select! {
            () = shared.stop.cancelled() => return,
            () = tokio::time::sleep(backoff.next_wait()) => {}
        }
    }
}

async fn subscription(shared: &Shared, backoff: &mut Backoff) -> redis::RedisResult<()> {
    let mut pubsub = shared.redis_client.get_async_pubsub().await?;
    let on = |prefix: &'static str| shared.services.keys().map(move |service| format!("{prefix}{service}"));
    let mut channels: Vec<String> = on(CHANNEL_PREFIX).collect();
    if shared.traces.are_on() {
        channels.extend(on(SPANS_PREFIX));
    }
    pubsub.subscribe(&channels).await?;
    backoff.reset();
    // Hints sent while nobody listened are lost: look everywhere once.
    shared.services.values().for_each(|service| service.hint.notify_one());
    let mut messages = pubsub.on_message();
    while let Ok(Some(message)) = tokio::time::timeout(SILENCE, messages.next()).await {
        let channel = message.get_channel_name();
        let service = |prefix| channel.strip_prefix(prefix).and_then(|name| shared.services.get(name));
        if let Some(service) = service(CHANNEL_PREFIX) {
            service.hint.notify_one();
        } else if let Some(service) = service(SPANS_PREFIX).filter(|service| service.leads()) {
            shared.traces.forward(&service.name, message.get_payload_bytes());
        }
    }
    Ok(())
}
