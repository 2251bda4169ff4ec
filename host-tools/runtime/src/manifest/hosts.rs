//! `allowed_outbound_hosts`: what a component may connect to. An entry is `scheme://host[:port]`, where the scheme and
//! the port may be `*`, the port a range `a..b` (b not included) or missing (the scheme's own), and the host `*`,
//! `*.domain`, a network like `10.0.0.0/8`, or a name. Everything that is not allowed is denied.

use std::net::IpAddr;

/// The entries of one component.
#[derive(Debug, Default, Clone)]
pub struct AllowedHosts(Vec<Entry>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    scheme: Option<String>,
    host: Host,
    port: Port,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Host {
    Any,
    Subdomain(String),
    Network(IpAddr, u8),
    Name(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Port {
    Any,
    Range(u16, u16),
    One(u16),
}

impl AllowedHosts {
    /// Reads the entries; the error says which one is wrong and how it should look.
    pub fn parse(entries: &[String]) -> Result<Self, String> {
        entries.iter().map(|entry| parse_entry(entry)).collect::<Result<Vec<_>, _>>().map(Self)
    }

    /// Whether a connection with `scheme` to `host` and `port` is allowed.
    pub fn allows(&self, scheme: &str, host: &str, port: u16) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        self.0.iter().any(|entry| {
            entry.scheme.as_deref().is_none_or(|allowed| allowed == scheme)
                && entry.port.allows(port)
                && entry.host.allows(&host)
        })
    }

    /// Whether an entry names another component (`http://name.spin.internal`).
    pub fn has_service_chaining(&self) -> bool {
        self.0.iter().any(|entry| match &entry.host {
            Host::Name(name) | Host::Subdomain(name) => name == "spin.internal" || name.ends_with(".spin.internal"),
            _ => false,
        })
    }
}

impl Host {
    fn allows(&self, host: &str) -> bool {
        match self {
            Host::Any => true,
            Host::Subdomain(domain) => {
                host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
            }
            Host::Network(network, bits) => host.parse().is_ok_and(|ip| in_network(ip, *network, *bits)),
            Host::Name(name) => name == host,
        }
    }
}

impl Port {
    fn allows(&self, port: u16) -> bool {
        match self {
            Port::Any => true,
            Port::Range(from, to) => (*from..*to).contains(&port),
            Port::One(one) => *one == port,
        }
    }
}

fn parse_entry(entry: &str) -> Result<Entry, String> {
    let wrong = |why: &str| format!("allowed_outbound_hosts entry `{entry}` {why}");
    let (scheme, rest) = entry
        .split_once("://")
        .ok_or_else(|| wrong("has no scheme; write scheme://host:port, for example https://example.com"))?;
    let scheme_ok = !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    if scheme != "*" && !scheme_ok {
        return Err(wrong("has an invalid scheme"));
    }
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let named_scheme = (scheme != "*").then(|| scheme.to_owned());
    if let Some((address, bits)) = rest.split_once('/') {
        return match (address.parse::<IpAddr>(), bits.parse::<u8>()) {
            (Ok(ip), Ok(bits)) if bits <= if ip.is_ipv4() { 32 } else { 128 } => Ok(Entry {
                scheme: named_scheme,
                host: Host::Network(ip, bits),
                port: default_port(scheme).map_or(Port::Any, Port::One),
            }),
            _ => Err(wrong("has a path; only scheme, host and port are allowed")),
        };
    }
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let host = match host {
        "" => return Err(wrong("has no host")),
        "*" => Host::Any,
        name => match name.strip_prefix("*.") {
            Some(domain) if !domain.is_empty() && !domain.contains('*') => Host::Subdomain(domain.to_ascii_lowercase()),
            _ if name.contains('*') => return Err(wrong("may have `*` only as the whole host or its first label")),
            _ => Host::Name(name.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase()),
        },
    };
    let port = match port {
        None => match default_port(scheme) {
            Some(port) => Port::One(port),
            None => return Err(wrong("needs a port, since its scheme has no default one")),
        },
        Some("*") => Port::Any,
        Some(text) => match text.split_once("..") {
            Some((from, to)) => match (from.parse(), to.parse()) {
                (Ok(from), Ok(to)) if from < to => Port::Range(from, to),
                _ => return Err(wrong("has an invalid port range")),
            },
            None => Port::One(text.parse().map_err(|_| wrong("has an invalid port"))?),
        },
    };
    Ok(Entry { scheme: named_scheme, host, port })
}

/// The port a scheme means when none is written.
pub fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        "redis" | "rediss" => Some(6379),
        "postgres" | "postgresql" => Some(5432),
        "mysql" => Some(3306),
        "mqtt" => Some(1883),
        _ => None,
    }
}

fn in_network(ip: IpAddr, network: IpAddr, bits: u8) -> bool {
    match (ip, network) {
        (IpAddr::V4(ip), IpAddr::V4(network)) => {
            let shift = 32_u32.saturating_sub(bits.into());
            u32::from(ip).checked_shr(shift).unwrap_or(0) == u32::from(network).checked_shr(shift).unwrap_or(0)
        }
        (IpAddr::V6(ip), IpAddr::V6(network)) => {
            let shift = 128_u32.saturating_sub(bits.into());
            u128::from(ip).checked_shr(shift).unwrap_or(0) == u128::from(network).checked_shr(shift).unwrap_or(0)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(entries: &[&str]) -> AllowedHosts {
        AllowedHosts::parse(&entries.iter().map(|e| (*e).to_owned()).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn a_host_without_a_port_means_the_schemes_default_port() {
        let allowed = hosts(&["redis://cache", "https://example.com"]);
        assert!(allowed.allows("redis", "cache", 6379));
        assert!(!allowed.allows("redis", "cache", 6380));
        assert!(allowed.allows("https", "EXAMPLE.com", 443));
        assert!(!allowed.allows("http", "example.com", 443));
    }

    #[test]
    fn wildcards_ranges_and_networks() {
        assert!(hosts(&["*://*:*"]).allows("postgres", "db", 1));
        let sub = hosts(&["http://*.example.com"]);
        assert!(sub.allows("http", "a.example.com", 80));
        assert!(!sub.allows("http", "example.com", 80));
        assert!(!sub.allows("http", "badexample.com", 80));
        let range = hosts(&["http://localhost:3000..3002"]);
        assert!(range.allows("http", "localhost", 3001));
        assert!(!range.allows("http", "localhost", 3002));
        let network = hosts(&["http://10.0.0.0/8"]);
        assert!(network.allows("http", "10.1.2.3", 80));
        assert!(!network.allows("http", "11.1.2.3", 80));
        assert!(hosts(&["http://[::1]:81"]).allows("http", "[::1]", 81));
    }

    #[test]
    fn wrong_entries_are_refused_with_the_reason() {
        for (entry, reason) in [
            ("example.com", "no scheme"),
            ("http://example.com/path", "has a path"),
            ("http://", "no host"),
            ("http://a:x", "invalid port"),
            ("http://a*b", "first label"),
            ("gopher://a", "needs a port"),
        ] {
            let error = AllowedHosts::parse(&[entry.to_owned()]).unwrap_err();
            assert!(error.contains(reason) && error.contains(entry), "{error}");
        }
    }

    #[test]
    fn service_chaining_is_noticed() {
        assert!(hosts(&["http://cart.spin.internal"]).has_service_chaining());
        assert!(hosts(&["http://*.spin.internal"]).has_service_chaining());
        assert!(!hosts(&["http://spin.internal.example.com"]).has_service_chaining());
    }
}
