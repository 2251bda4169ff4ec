//! Who sends a request, as far as it can be told without a token: the address that it came from and what the browser
//! calls itself.

use std::net::{IpAddr, SocketAddr};

/// Most characters kept of a browser's name.
const DEVICE_CHARS: usize = 200;

/// The address that attempts are counted for. `peer` is the other end of the connection as the host saw it
/// (`address:port`). `forwarded` is the value of the last X-Forwarded-For header, and only to be passed when a proxy of
/// ours writes it: its last hop is the one that this proxy added, everything before it is hearsay.
///
/// Of an IPv6 address only the network (/64) counts, since one client has all the addresses in it. `None` when there is
/// no usable address.
pub fn counted_address(peer: Option<&str>, forwarded: Option<&str>) -> Option<String> {
    let hop = forwarded.and_then(|value| value.rsplit(',').next()).and_then(parse);
    let address = hop.or_else(|| peer.and_then(parse))?;
    Some(match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    })
}

fn parse(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

/// What the browser calls itself, without control characters and at most so long; `None` when it says nothing.
pub fn device(user_agent: Option<&str>) -> Option<String> {
    let clean: String = user_agent?.trim().chars().filter(|c| !c.is_control()).take(DEVICE_CHARS).collect();
    (!clean.is_empty()).then_some(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(peer: &str, forwarded: Option<&str>) -> Option<String> {
        counted_address(Some(peer), forwarded)
    }

    #[test]
    fn without_a_trusted_proxy_the_connections_other_end_counts() {
        assert_eq!(counted("203.0.113.7:4711", None).unwrap(), "203.0.113.7");
        assert_eq!(counted("[2001:db8:1:2:3:4:5:6]:80", None).unwrap(), "2001:db8:1:2::/64");
        assert_eq!(counted("[::ffff:203.0.113.7]:80", None).unwrap(), "203.0.113.7");
    }

    #[test]
    fn behind_a_trusted_proxy_the_last_hop_counts_and_no_other() {
        let forged = Some("198.51.100.1, 203.0.113.9");
        assert_eq!(counted("10.0.0.1:80", forged).unwrap(), "203.0.113.9");
        assert_eq!(counted("10.0.0.1:80", Some("203.0.113.9:555")).unwrap(), "203.0.113.9");
        assert_eq!(counted("10.0.0.1:80", Some("[2001:db8::1]")).unwrap(), "2001:db8:0:0::/64");
        // A hop that is no address: the proxy is all that is known.
        assert_eq!(counted("10.0.0.1:80", Some("198.51.100.1, unknown")).unwrap(), "10.0.0.1");
    }

    #[test]
    fn neighbours_in_one_ipv6_network_count_as_one() {
        assert_eq!(counted("[2001:db8::1]:1", None), counted("[2001:db8::ffff:2]:9", None));
        assert_ne!(counted("[2001:db8:0:1::1]:1", None), counted("[2001:db8:0:2::1]:1", None));
    }

    #[test]
    fn nonsense_is_no_address() {
        for bad in ["", "x", "1.2.3", "1.2.3.4.5", "[", "\u{1F600}"] {
            assert_eq!(counted(bad, None), None, "{bad:?}");
        }
        assert_eq!(counted_address(None, None), None);
    }

    #[test]
    fn a_device_is_a_short_plain_line() {
        assert_eq!(device(Some(" Firefox\u{0}\t/1 ")).unwrap(), "Firefox/1");
        assert_eq!(device(Some(&"x".repeat(500))).unwrap().len(), 200);
        assert_eq!((device(Some(" \u{7}")), device(None)), (None, None));
    }
}
