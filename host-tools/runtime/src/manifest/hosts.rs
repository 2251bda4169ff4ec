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
        let host = host.trim_start_matches('[').trim_end_matches(']');
        // URLs of the web are read with their host in lower case, others as they are; entries always as they are.
        let host = match scheme {
            "http" | "https" => host.to_ascii_lowercase(),
            _ => host.to_owned(),
        };
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
        .trim()
        .split_once("://")
        .ok_or_else(|| wrong("has no scheme; write scheme://host:port, for example https://example.com"))?;
    let any_scheme = scheme == "*";
    if !any_scheme && (scheme.is_empty() || !scheme.chars().all(char::is_alphabetic)) {
        return Err(wrong("has an invalid scheme: letters only"));
    }
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (rest, None),
    };
    Ok(Entry {
        scheme: (!any_scheme).then(|| scheme.to_owned()),
        host: parse_host(host).map_err(wrong)?,
        port: parse_port(port, scheme).map_err(wrong)?,
    })
}

fn parse_host(host: &str) -> Result<Host, &'static str> {
    if let Some((address, bits)) = host.split_once('/') {
        return match (address.parse::<IpAddr>(), bits.parse::<u8>()) {
            (Ok(ip), Ok(bits)) if bits <= if ip.is_ipv4() { 32 } else { 128 } => Ok(Host::Network(ip, bits)),
            _ => Err("has a path; only scheme, host and port are allowed"),
        };
    }
    match host {
        "" => Err("has no host"),
        "*" => Ok(Host::Any),
        "self" | "self.alt" => Err("allows requests to the application itself, which this runtime does not offer"),
        name => match name.strip_prefix("*.") {
            Some(domain) if !domain.is_empty() && !domain.contains('*') => Ok(Host::Subdomain(domain.to_owned())),
            _ if name.contains('*') => Err("may have `*` only as the whole host or its first label"),
            _ => Ok(Host::Name(name.trim_start_matches('[').trim_end_matches(']').to_owned())),
        },
    }
}

fn parse_port(port: Option<&str>, scheme: &str) -> Result<Port, &'static str> {
    let Some(port) = port else {
        return default_port(scheme).map(Port::One).ok_or("needs a port, since its scheme has no default one");
    };
    if port == "*" {
        return Ok(Port::Any);
    }
    match port.split_once("..") {
        Some((from, to)) => match (from.parse(), to.parse()) {
            (Ok(from), Ok(to)) if from < to => Ok(Port::Range(from, to)),
            _ => Err("has an invalid port range"),
        },
        None => port.parse().map(Port::One).map_err(|_| "has an invalid port"),
    }
}

/// The port a scheme means when none is written.
pub fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        "redis" => Some(6379),
        "postgres" => Some(5432),
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
        let network = hosts(&["*://10.0.0.0/8:5432"]);
        assert!(network.allows("postgres", "10.1.2.3", 5432));
        assert!(!network.allows("postgres", "10.1.2.3", 5433));
        assert!(hosts(&["http://[::1]:81"]).allows("http", "[::1]", 81));
    }

    #[test]
    fn capitals_count_as_they_do_on_spin() {
        assert!(hosts(&["https://example.com"]).allows("https", "Example.COM", 443));
        assert!(!hosts(&["https://Example.com"]).allows("https", "Example.com", 443));
        assert!(hosts(&["redis://Cache"]).allows("redis", "Cache", 6379));
        assert!(!hosts(&["redis://cache"]).allows("redis", "Cache", 6379));
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
            // Spin knows no default port for these.
            ("rediss://a", "needs a port"),
            ("postgresql://a", "needs a port"),
            ("*://10.0.0.0/8", "needs a port"),
            ("http://[::1]", "invalid port"),
            ("http+unix://a:1", "letters only"),
            ("http://self", "application itself"),
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
