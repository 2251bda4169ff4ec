//! Why a start was refused. Every message is one line that says what is wrong, with what, and what to do about it.

use std::path::PathBuf;

/// A start that failed. `Display` is what the operator reads.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The manifest cannot be read.
    #[error("cannot read the manifest {path}: {error}", path = path.display())]
    ManifestUnreadable {
        /// The manifest's path as given.
        path: PathBuf,
        /// What the file system said; part of the message, so not its source.
        error: std::io::Error,
    },
    /// The manifest is not what Spin's manifest version 2 allows.
    #[error("{0}")]
    Manifest(String),
    /// A variable has no value or a template cannot be resolved.
    #[error("{0}")]
    Variable(String),
    /// A component's file cannot be loaded, composed, compiled or linked.
    #[error("component `{id}`: {message}")]
    Component {
        /// The component's id in the manifest.
        id: String,
        /// What is wrong and what to do.
        message: String,
    },
    /// The host side cannot be set up (engine, cache folder, address, log folder).
    #[error("{0}")]
    Host(String),
}

/// Result of anything that may refuse a start.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error about one component.
    pub fn component(id: &str, message: impl Into<String>) -> Self {
        Self::Component { id: id.to_owned(), message: message.into() }
    }
}
