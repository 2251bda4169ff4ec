//! What the mailer is told: flags, or the environment.

use anyhow::{Context, Result};
use clap::Parser;
use lettre::message::Mailbox;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Delivers queued e-mails by SMTP, or into a folder with a mailbox page to read them.
#[derive(Debug, Parser)]
#[command(name = "souk-mailer", version)]
pub struct Args {
    /// Redis that carries the event streams.
    #[arg(long, env = "MAILER_REDIS_URL", default_value = "redis://127.0.0.1:6379/0", hide_env_values = true)]
    redis_url: String,
    /// Mail server, as in smtps://user:password@mail.example or smtp://mail.example:25. Without one, mails are kept in
    /// the mail folder.
    #[arg(long, env = "SMTP_URL", hide_env_values = true)]
    smtp_url: Option<String>,
    /// Folder for mails when there is no mail server; each becomes <message id>.eml.
    #[arg(long, env = "MAILER_MAIL_DIR", default_value = ".souk/mail")]
    mail_dir: PathBuf,
    /// Where the mailbox page, /metrics and /healthz are served.
    #[arg(long, env = "MAILER_LISTEN", default_value = "127.0.0.1:9083")]
    pub listen: SocketAddr,
    /// Sender of all mails.
    #[arg(long, env = "MAILER_FROM", default_value = "Souk <hello@souk.example>")]
    from: String,
    /// Name of this process in the consumer group: one of its own for each process that runs at the same time, and
    /// the same again after a restart. The host's name when left out.
    #[arg(long, env = "MAILER_CONSUMER")]
    consumer: Option<String>,
}

/// Where mails go.
#[derive(Debug, Clone)]
pub enum Delivery {
    /// To the mail server at this address (which may hold a password).
    Smtp(String),
    /// Into this folder.
    Folder(PathBuf),
}

/// When a mail that could not be handed over is tried again.
#[derive(Debug, Clone, Copy)]
pub struct Retry {
    /// Before the second attempt; doubled for each further one.
    pub first: Duration,
    /// The longest wait between attempts.
    pub longest: Duration,
    /// A mail older than this is given up.
    pub give_up: Duration,
}

impl Default for Retry {
    /// RFC 5321 section 4.5.4.1 asks for days; a mail about an order is of no use after one.
    fn default() -> Self {
        Self {
            first: Duration::from_secs(1),
            longest: Duration::from_secs(120),
            give_up: Duration::from_secs(24 * 3600),
        }
    }
}

/// A checked configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// Redis that carries the event streams; may hold a password.
    pub redis_url: String,
    /// Where mails go.
    pub delivery: Delivery,
    /// Sender of all mails.
    pub from: Mailbox,
    /// Name of this process in the consumer group.
    pub consumer: String,
    /// When to try again.
    pub retry: Retry,
}

impl Args {
    /// Checks what was given.
    pub fn into_config(self) -> Result<Config> {
        let from = self
            .from
            .parse()
            .with_context(|| format!("--from {:?} is not a sender, as in \"Souk <hello@souk.example>\"", self.from))?;
        let delivery = match self.smtp_url.filter(|url| !url.is_empty()) {
            Some(url) => Delivery::Smtp(url),
            None => Delivery::Folder(self.mail_dir),
        };
        let consumer = self.consumer.unwrap_or_else(host_name);
        Ok(Config { redis_url: self.redis_url, delivery, from, consumer, retry: Retry::default() })
    }
}

fn host_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "mailer".to_owned() } else { name.to_owned() }
}
