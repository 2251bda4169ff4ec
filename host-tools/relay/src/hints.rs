//! Listens for the services' hints that their outbox has rows. A hint may get lost: polling finds the rows then.

use crate::redis_link::Backoff;
use crate::run::Shared;
use futures::StreamExt;
use std::sync::Arc;
use std::time::Duration;

const CHANNEL_PREFIX: &str = "souk:outbox:";
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
    let channels: Vec<String> = shared.services.keys().map(|service| format!("{CHANNEL_PREFIX}{service}")).collect();
    pubsub.subscribe(&channels).await?;
    backoff.reset();
    // Hints sent while nobody listened are lost: look everywhere once.
    shared.services.values().for_each(|service| service.hint.notify_one());
    let mut messages = pubsub.on_message();
    while let Ok(Some(message)) = tokio::time::timeout(SILENCE, messages.next()).await {
        let service = message.get_channel_name().strip_prefix(CHANNEL_PREFIX);
        if let Some(service) = service.and_then(|name| shared.services.get(name)) {
            service.hint.notify_one();
        }
    }
    Ok(())
}
