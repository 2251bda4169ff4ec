//! Addresses of servers: a private one's, or those given as SOUK_PG_URL and SOUK_REDIS_URL.

use url::Url;

use crate::error::{LocalError, Result};

/// A Postgres server and the role that may create databases and roles on it.
#[derive(Clone, PartialEq)]
pub struct PostgresServer {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// A role with CREATEDB and CREATEROLE.
    pub user: String,
    /// Its password; may be empty.
    pub password: String,
    /// The database to connect to first.
    pub database: String,
}

impl PostgresServer {
    /// Reads `postgres://user:password@host:port/database`.
    pub fn parse(text: &str) -> Result<Self> {
        Self::parse_variable("SOUK_PG_URL", text)
    }

    /// The same for what stands in another variable.
    pub fn parse_variable(variable: &str, text: &str) -> Result<Self> {
        let url = parse(variable, text, &["postgres", "postgresql"])?;
        if let Some((_, mode)) = url.query_pairs().find(|(key, value)| key == "sslmode" && value != "disable") {
            return Err(LocalError::Setting(format!(
                "{variable} asks for sslmode={mode}, but the operator's tools speak plain TCP only: \
                 use a local address or a tunnel"
            )));
        }
        let database = url.path().trim_start_matches('/');
        Ok(Self {
            host: url.host_str().unwrap_or("127.0.0.1").to_owned(),
            port: url.port().unwrap_or(5432),
            user: non_empty(decode(url.username()), "postgres"),
            password: decode(url.password().unwrap_or_default()),
            database: non_empty(decode(database), "postgres"),
        })
    }

    /// `host:port`, as application variables want it.
    pub fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// A URL for one of its databases. User and password come percent-encoded.
    pub fn url(&self, user: &str, password: &str, database: &str) -> String {
        format!("postgres://{}:{}@{}/{}", encode(user), encode(password), self.address(), encode(database))
    }

    /// The URL of the role that creates databases.
    pub fn admin_url(&self) -> String {
        self.url(&self.user, &self.password, &self.database)
    }
}

impl std::fmt::Debug for PostgresServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PostgresServer({}@{})", self.user, self.address())
    }
}

/// A Redis (or Valkey) server.
#[derive(Clone, PartialEq)]
pub struct RedisServer {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// What stands before the host in a URL: nothing, `:password@` or `user:password@`.
    pub auth: String,
}

impl RedisServer {
    /// Reads `redis://user:password@host:port`. Streams live in database 0, so another one is refused.
    pub fn parse(text: &str) -> Result<Self> {
        let url = parse("SOUK_REDIS_URL", text, &["redis"])?;
        if !matches!(url.path(), "" | "/" | "/0") {
            return Err(LocalError::Setting("SOUK_REDIS_URL names a database other than 0: leave it out".to_owned()));
        }
        let auth = match (url.username(), url.password()) {
            ("", None) => String::new(),
            (user, password) => format!("{user}:{}@", password.unwrap_or_default()),
        };
        Ok(Self { host: url.host_str().unwrap_or("127.0.0.1").to_owned(), port: url.port().unwrap_or(6379), auth })
    }

    /// `host:port`, as application variables want it.
    pub fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// The URL of database 0.
    pub fn url(&self) -> String {
        format!("redis://{}{}/0", self.auth, self.address())
    }
}

impl std::fmt::Debug for RedisServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RedisServer({})", self.address())
    }
}

fn parse(name: &str, text: &str, schemes: &[&str]) -> Result<Url> {
    let url = Url::parse(text).map_err(|e| LocalError::Setting(format!("{name} is not a URL: {e}")))?;
    if schemes.contains(&url.scheme()) {
        return Ok(url);
    }
    let wanted = schemes.first().copied().unwrap_or_default();
    Err(LocalError::Setting(format!("{name} begins with {}://, but must begin with {wanted}://", url.scheme())))
}

fn non_empty(text: String, default: &str) -> String {
    if text.is_empty() { default.to_owned() } else { text }
}

/// Percent-decodes one part of a URL.
fn decode(text: &str) -> String {
    let form = text.replace('+', "%2B").replace('&', "%26");
    url::form_urlencoded::parse(format!("v={form}").as_bytes()).next().map(|(_, v)| v.into_owned()).unwrap_or_default()
}

/// Percent-encodes everything but letters, digits and `_.-*`.
fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_postgres_url_is_read_with_its_defaults() {
        let server = PostgresServer::parse("postgres://ad%40min:p%2Fw+1&2@db.example").unwrap();
        assert_eq!(server.address(), "db.example:5432");
        assert_eq!((server.user.as_str(), server.password.as_str()), ("ad@min", "p/w+1&2"));
        assert_eq!(server.database, "postgres");
        assert_eq!(PostgresServer::parse(&server.admin_url()).unwrap(), server);
    }

    #[test]
    fn unusable_urls_are_refused_by_name() {
        for (text, part) in
            [("mysql://h", "postgres://"), ("nonsense", "SOUK_PG_URL"), ("postgres://h/d?sslmode=require", "sslmode")]
        {
            let message = PostgresServer::parse(text).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        }
        assert!(RedisServer::parse("redis://h/3").unwrap_err().to_string().contains("database"));
        assert!(RedisServer::parse("rediss://h").unwrap_err().to_string().contains("redis://"));
    }

    #[test]
    fn passwords_never_show_in_debug_output() {
        let text = format!(
            "{:?} {:?}",
            PostgresServer::parse("postgres://u:hunter2@h").unwrap(),
            RedisServer::parse("redis://:hunter2@h").unwrap()
        );
        assert!(!text.contains("hunter2"), "{text}");
    }

    #[test]
    fn a_redis_password_goes_into_the_auth_variable() {
        let server = RedisServer::parse("redis://:secret@h:6400/0").unwrap();
        assert_eq!(server.auth, ":secret@");
        assert_eq!(server.url(), "redis://:secret@h:6400/0");
    }
}
