//! Guests: shoppers without an account. A guest is nothing but a token; no row is written anywhere for one.

use souk_core::token::{Claims, Role};
use uuid::Uuid;

/// Seconds that a guest's token is good for: as long as a cart is kept. Signing keys stay published at least as long.
pub const GUEST_TOKEN_TTL_S: i64 = 30 * 24 * 3600;

/// What the token of a new guest says.
pub fn claims(id: Uuid, issuer: &str, now_s: i64) -> Claims {
    Claims {
        iss: issuer.to_owned(),
        sub: id,
        email: String::new(),
        name: String::new(),
        roles: vec![Role::Guest],
        iat: now_s,
        exp: now_s.saturating_add(GUEST_TOKEN_TTL_S),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_has_an_id_for_thirty_days_and_nothing_else() {
        let claims = claims(Uuid::max(), "souk", 1000);
        assert!(claims.is_guest());
        assert_eq!((claims.sub, claims.email.as_str(), claims.name.as_str()), (Uuid::max(), "", ""));
        assert_eq!((claims.roles.as_slice(), claims.exp - claims.iat), ([Role::Guest].as_slice(), 2_592_000));
    }
}
