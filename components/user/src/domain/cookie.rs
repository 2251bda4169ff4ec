//! The cookies in which browsers keep what speaks for somebody, so that no script can read it: a refresh token or a
//! guest's token. They are sent to the routes below [`PATH`] alone, over HTTPS or to this machine, and never with a
//! request that another site caused.

/// Where browsers send the cookies.
pub const PATH: &str = "/api/users/session";
/// The cookie of a refresh token.
pub const SESSION: &str = "souk_session";
/// The cookie of a guest's token.
pub const GUEST: &str = "souk_guest";
/// Seconds that a refresh token is good for, and the longest that a browser keeps one.
pub const SESSION_TTL_S: i64 = 30 * 24 * 3600;

/// The `Set-Cookie` that keeps `value` for so many seconds; none at all takes the cookie away.
pub fn set(name: &str, value: &str, max_age_s: i64) -> String {
    format!("{name}={value}; Path={PATH}; Max-Age={max_age_s}; HttpOnly; Secure; SameSite=Strict")
}

/// The value of a cookie in a `Cookie` header.
pub fn get<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    header
        .split(';')
        .find_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name))
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_script_and_no_other_site_gets_at_a_cookie() {
        let cookie = set(SESSION, "souk_rt_x", 60);
        assert!(cookie.starts_with("souk_session=souk_rt_x; "));
        for part in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/api/users/session", "Max-Age=60"] {
            assert!(cookie.split("; ").any(|found| found == part), "{part}");
        }
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let header = "other=1; souk_session=a=b;souk_guest=c; xsouk_session=z";
        assert_eq!((get(header, SESSION), get(header, GUEST)), (Some("a=b"), Some("c")));
        assert_eq!(
            (get("", SESSION), get("souk_session", SESSION), get("souk_sessions=1", SESSION)),
            (None, None, None)
        );
    }
}
