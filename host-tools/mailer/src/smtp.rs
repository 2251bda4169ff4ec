//! One attempt to send one mail by SMTP, and when to try again.

use crate::config::Retry;
use crate::verdict::Verdict;
use anyhow::{Context, Result};
use lettre::transport::smtp::PoolConfig;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::time::{Duration, SystemTime};

/// Connections to the mail server, at most.
const CONNECTIONS: u32 = 8;
/// The longest wait for one answer of the mail server.
const ANSWER: Duration = Duration::from_secs(20);
/// The longest that one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(60);

/// The way to a mail server.
#[derive(Debug, Clone)]
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    retry: Retry,
}

impl Smtp {
    /// The mail server at `url`.
    pub fn new(url: &str, retry: Retry) -> Result<Self> {
        // The error could show the address, and with it a password.
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .ok()
            .context("SMTP_URL is not a mail server's address, as in smtps://user:password@mail.example")?;
        let pool = PoolConfig::new().max_size(CONNECTIONS);
        Ok(Self { transport: builder.timeout(Some(ANSWER)).pool_config(pool).build(), retry })
    }

    /// Tries to send once.
    pub async fn attempt(&self, message: Message) -> Verdict {
        match tokio::time::timeout(ATTEMPT, self.transport.send(message)).await {
            Ok(Ok(_)) => Verdict::Sent,
            Ok(Err(error)) => Verdict::of(&error),
            Err(_) => Verdict::Later("the mail server did not finish in time".to_owned()),
        }
    }

    /// How long to wait before attempt number `attempt` (the second is 1), or `None` when a mail queued at `queued_at`
    /// is to be given up.
    pub fn wait(&self, attempt: u32, queued_at: SystemTime, now: SystemTime) -> Option<Duration> {
        let age = now.duration_since(queued_at).unwrap_or_default();
        let doubled = self.retry.first.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)));
        (age < self.retry.give_up).then(|| doubled.min(self.retry.longest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn waits_double_up_to_the_longest_until_the_mail_is_too_old() {
        let smtp = Smtp::new("smtp://127.0.0.1:1", Retry::default()).unwrap();
        let (queued_at, s) = (SystemTime::UNIX_EPOCH, Duration::from_secs);
        let waits: Vec<_> = [1, 2, 3, 8, 99].map(|n| smtp.wait(n, queued_at, queued_at + s(60)).unwrap()).into();
        assert_eq!(waits, [s(1), s(2), s(4), s(120), s(120)]);
        assert_eq!(smtp.wait(2, queued_at, queued_at + s(24 * 3600)), None);
    }

    #[test]
    fn an_address_that_is_none_is_refused_without_being_shown() {
        let error = Smtp::new("mail.example with secret", Retry::default()).unwrap_err();
        assert!(!format!("{error:#}").contains("secret"));
    }
}
