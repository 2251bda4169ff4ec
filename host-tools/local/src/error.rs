//! What can go wrong on one machine. Each message is one line: what happened, to what, and what to do about it.

use std::path::{Path, PathBuf};

/// The result of anything in this crate.
pub type Result<T> = std::result::Result<T, LocalError>;

/// Why a local environment could not be prepared, started or stopped.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// A file or directory could not be used.
    #[error("cannot {action} {}: {error}", path.display())]
    File {
        /// What was tried, as a verb ("read", "create").
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the system said; part of the message, so not its source.
        error: std::io::Error,
    },
    /// A program is missing or unfit; the text names the remedy.
    #[error("{0}")]
    Missing(String),
    /// A setting or address is not usable; the text names it.
    #[error("{0}")]
    Setting(String),
    /// A port that a process needs is taken.
    #[error("port {port} ({purpose}) is already used{holder}: stop that, or choose another with {option}", holder = by(.holder))]
    PortBusy {
        /// The port number.
        port: u16,
        /// What it would have been used for.
        purpose: &'static str,
        /// The program that has it, when it can be found out.
        holder: Option<String>,
        /// The option that moves it.
        option: &'static str,
    },
    /// Another process works in the same directory.
    #[error("{} is in use by another souk command: wait for it, or stop it with `souk down`", .0.display())]
    Busy(PathBuf),
    /// A process ended, or did not become ready in time.
    #[error("{process} {reason} (log: {})", log.display())]
    Process {
        /// Which process.
        process: String,
        /// What happened to it.
        reason: String,
        /// Where its output is.
        log: PathBuf,
    },
    /// A database refused something.
    #[error("database {database}: {message}")]
    Database {
        /// The database's name.
        database: String,
        /// What Postgres said.
        message: String,
    },
    /// A migration that was applied differs from the file of today.
    #[error(
        "migration {migration} of {service} was edited after it was applied: put it back and add a new one, \
         or begin with empty databases (`make reset`)"
    )]
    MigrationEdited {
        /// Whose migration.
        service: String,
        /// Its file name.
        migration: String,
    },
    /// The database was migrated by a newer build.
    #[error("database souk_{service} has migration {migration}, which this build does not know: use the newer build")]
    MigrationUnknown {
        /// Whose migration.
        service: String,
        /// Its file name.
        migration: String,
    },
    /// Redis refused something or cannot be reached.
    #[error("Redis at {address}: {message}")]
    Redis {
        /// Its host and port.
        address: String,
        /// What went wrong.
        message: String,
    },
    /// An HTTP exchange failed below the level of statuses.
    #[error("{url}: {message}")]
    Http {
        /// The address asked.
        url: String,
        /// What went wrong.
        message: String,
    },
}

fn by(holder: &Option<String>) -> String {
    holder.as_ref().map(|name| format!(" by {name}")).unwrap_or_default()
}

/// Adds "cannot <action> <path>" to an I/O error.
pub(crate) trait FileContext<T> {
    fn file(self, action: &'static str, path: &Path) -> Result<T>;
}

impl<T> FileContext<T> for std::io::Result<T> {
    fn file(self, action: &'static str, path: &Path) -> Result<T> {
        self.map_err(|error| LocalError::File { action, path: path.to_owned(), error })
    }
}

/// Postgres' own sentence for an error, or the whole chain when it is not Postgres that failed.
pub(crate) fn postgres_message(error: &tokio_postgres::Error) -> String {
    if let Some(db) = error.as_db_error() {
        return db.message().to_owned();
    }
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        source = inner.source();
    }
    text
}
