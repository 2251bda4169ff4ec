//! The hint to the relay that a service's outbox has rows. Lossy by design: the relay also polls.

use crate::redis::Redis;

/// Tells the relay that `service` wrote outbox rows, without waiting for it.
pub fn hint(service: &'static str) {
    spin_sdk::wasip3::spawn(async move {
        if let Ok(redis) = Redis::events().await {
            // A lost hint costs one poll interval, nothing else.
            let _ = redis.publish(&format!("souk:outbox:{service}"), "1").await;
        }
    });
}
