//! streams.toml: which service publishes on which stream and which consumer groups read it.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The streams by name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topology {
    /// `souk:order` and the like.
    pub streams: BTreeMap<String, Stream>,
}

/// One stream.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// The service whose outbox feeds it.
    pub publisher: String,
    /// The consumer groups that must see every entry.
    pub groups: BTreeSet<String>,
}

/// Why streams.toml could not be used.
#[derive(Debug, thiserror::Error)]
pub enum TopologyError {
    /// It could not be read.
    #[error("cannot read {path}: {error}; name the file with --streams")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said; part of the message, so not its source.
        error: std::io::Error,
    },
    /// It does not have the shape of a topology.
    #[error("{path} is not a stream topology: {message}")]
    Shape {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
}

impl Topology {
    /// Reads and checks a file.
    pub fn read(path: &Path) -> Result<Self, TopologyError> {
        let text =
            std::fs::read_to_string(path).map_err(|error| TopologyError::Read { path: path.to_owned(), error })?;
        Self::parse(&text).map_err(|message| TopologyError::Shape { path: path.to_owned(), message })
    }

    /// Parses the text of a topology.
    pub fn parse(text: &str) -> Result<Self, String> {
        let topology: Self = toml::from_str(text).map_err(|error| error.to_string().trim_end().replace('\n', " "))?;
        for (name, stream) in &topology.streams {
            let plain =
                |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            if !name.strip_prefix("souk:").is_some_and(plain) {
                return Err(format!("stream {name:?} is not named souk:<lower-case letters>"));
            }
            if stream.groups.is_empty() {
                return Err(format!("stream {name} has no group, so its entries would be trimmed unread"));
            }
            if let Some(bad) = stream.groups.iter().chain([&stream.publisher]).find(|service| !plain(service)) {
                return Err(format!("stream {name}: {bad:?} is no service name"));
            }
        }
        Ok(topology)
    }

    /// The groups that read `stream`.
    pub fn groups(&self, stream: &str) -> impl Iterator<Item = &str> {
        self.streams.get(stream).into_iter().flat_map(|stream| stream.groups.iter().map(String::as_str))
    }
}

impl Stream {
    /// The service whose leader looks after this stream: its publisher, or, when that has no database (the
    /// mailer), the first group that has one.
    pub fn steward(&self, has_database: impl Fn(&str) -> bool) -> Option<&str> {
        std::iter::once(&self.publisher).chain(&self.groups).map(String::as_str).find(|service| has_database(service))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repositorys_topology_is_valid() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../streams.toml");
        let topology = Topology::read(&path).unwrap();
        assert!(topology.groups("souk:order").any(|group| group == "payment"));
        assert_eq!(topology.groups("souk:unknown").count(), 0);
    }

    #[test]
    fn mistakes_are_named() {
        for (text, part) in [
            ("[streams.orders]\npublisher = \"order\"\ngroups = [\"a\"]", "orders"),
            ("[streams.\"souk:order\"]\npublisher = \"order\"\ngroups = []", "no group"),
            ("[streams.\"souk:order\"]\npublisher = \"order\"\ngroups = [\"A B\"]", "A B"),
            ("[streams.\"souk:order\"]\npublisher = \"order\"\ngroup = [\"a\"]", "group"),
        ] {
            let message = Topology::parse(text).unwrap_err();
            assert!(message.contains(part) && !message.contains('\n'), "{message}");
        }
    }

    #[test]
    fn a_stream_without_a_database_of_its_publisher_is_looked_after_by_a_reader() {
        let topology =
            Topology::parse("[streams.\"souk:mailer\"]\npublisher = \"mailer\"\ngroups = [\"x\", \"notification\"]");
        let stream = &topology.unwrap().streams["souk:mailer"];
        assert_eq!(stream.steward(|service| service == "notification"), Some("notification"));
        assert_eq!(stream.steward(|_| false), None);
    }
}
