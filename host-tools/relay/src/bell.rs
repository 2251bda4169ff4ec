//! Doorbells: wakes a service's consumer, coalesced, and ticks it once a second.

use crate::run::{Service, Shared};
use futures::FutureExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::MissedTickBehavior;

const TICK_EVERY: Duration = Duration::from_secs(1);

/// The channel on which a service is woken.
pub fn channel(service: &str) -> String {
    format!("souk:doorbell:{service}")
}

/// Rings for what [`Service::bell`] announces: the first at once, those that come meanwhile as one ring at the
/// interval's end. Ticks while this relay leads the service's database.
pub(crate) async fn keep_ringing(shared: Arc<Shared>, service: Arc<Service>, tick_offset: Duration) {
    let (shortest, longest) = (shared.options.ring_min(), shared.options.ring_max());
    let channel = channel(&service.name);
    let mut interval = shortest;
    // Spread over the second, so that the services do not all wake at once.
    let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + tick_offset, TICK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_due = false;
    loop {
        if !is_due {
            tokio::select! {
                () = shared.stop.cancelled() => return,
                () = service.bell.notified() => {}
                _ = ticks.tick() => {
                    if service.leads() {
                        send(&shared, &service, &channel, "tick").await;
                    }
                    continue;
                }
            }
        }
        send(&shared, &service, &channel, "ring").await;
        tokio::select! {
            () = shared.stop.cancelled() => return,
            () = tokio::time::sleep(interval) => {}
        }
        is_due = service.bell.notified().now_or_never().is_some();
        interval = if is_due { (interval * 2).min(longest) } else { shortest };
        // Continuous ringing must not starve the ticks.
        if is_due && ticks.tick().now_or_never().is_some() && service.leads() {
            send(&shared, &service, &channel, "tick").await;
        }
    }
}

async fn send(shared: &Shared, service: &Service, channel: &str, payload: &'static str) {
    let rung: redis::RedisResult<u64> =
        redis::cmd("PUBLISH").arg(channel).arg(payload).query_async(&mut shared.redis.clone()).await;
    match rung {
        Ok(listeners) => shared.metrics.count_ring(&service.name, payload, listeners),
        // A lost ring costs a tick; that Redis is away is logged where it matters.
        Err(error) => tracing::debug!(service = %service.name, %error, "a ring was lost"),
    }
}
