//! Access tokens: short-lived JWTs signed with Ed25519 (`alg` EdDSA, RFC 8037), verified against a JWKS.
//!
//! Only EdDSA is accepted, whatever the token's header says, and `kid` must name a key of the configured set.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Seconds by which clocks may differ.
const LEEWAY_S: i64 = 5;

/// What a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Has a cart and may buy, but no account: the bearer of a guest's token. No account has this role.
    Guest,
    /// Buys.
    Customer,
    /// Sees orders and helps shoppers.
    Support,
    /// Runs products, stock and orders.
    Merchant,
    /// Everything.
    Admin,
}

/// What a token says about its bearer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Issuer.
    pub iss: String,
    /// The user's id.
    pub sub: Uuid,
    /// The user's e-mail address.
    pub email: String,
    /// The user's name.
    pub name: String,
    /// The user's roles.
    pub roles: Vec<Role>,
    /// Issued at, Unix seconds.
    pub iat: i64,
    /// Expires at, Unix seconds.
    pub exp: i64,
}

impl Claims {
    /// Whether the bearer has at least one of `roles`.
    pub fn has_any(&self, roles: &[Role]) -> bool {
        self.roles.iter().any(|role| roles.contains(role))
    }

    /// Whether the bearer has no account: `sub` is then an id of this guest alone, `email` and `name` are empty.
    pub fn is_guest(&self) -> bool {
        self.roles.contains(&Role::Guest)
    }
}

/// Why a token was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not three base64url parts with the JSON that belongs there.
    #[error("the token cannot be read")]
    Malformed,
    /// Signed with another algorithm or an unknown key, or the signature is wrong, or another issuer.
    #[error("the token was not issued by this shop")]
    Forged,
    /// Too old, or from the future.
    #[error("the token has expired")]
    Expired,
}

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    kid: String,
}

#[derive(Serialize, Deserialize)]
struct Jwk {
    kty: String,
    crv: String,
    kid: String,
    x: String,
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    use_: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alg: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct JwkSet {
    keys: Vec<Jwk>,
}

/// The keys that tokens are verified with.
#[derive(Debug, Clone)]
pub struct Jwks(Vec<(String, VerifyingKey)>);

/// The JWKS document cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("not a JWKS with at least one Ed25519 key")]
pub struct InvalidJwks;

impl Jwks {
    /// Parses a JWKS document (RFC 7517). Keys of other kinds are passed over; none left is an error.
    pub fn parse(json: &str) -> Result<Self, InvalidJwks> {
        let set: JwkSet = serde_json::from_slice(json.as_bytes()).map_err(|_| InvalidJwks)?;
        let keys: Vec<_> = set
            .keys
            .into_iter()
            .filter(|jwk| jwk.kty == "OKP" && jwk.crv == "Ed25519")
            .filter_map(|jwk| {
                let bytes: [u8; 32] = URL_SAFE_NO_PAD.decode(jwk.x).ok()?.try_into().ok()?;
                Some((jwk.kid, VerifyingKey::from_bytes(&bytes).ok()?))
            })
            .collect();
        if keys.is_empty() { Err(InvalidJwks) } else { Ok(Self(keys)) }
    }

    /// The `kid` under which `key` stands in this set.
    pub fn kid_of(&self, key: &VerifyingKey) -> Option<&str> {
        self.0.iter().find(|(_, known)| known == key).map(|(kid, _)| kid.as_str())
    }

    fn key(&self, kid: &str) -> Option<&VerifyingKey> {
        self.0.iter().find(|(known, _)| known == kid).map(|(_, key)| key)
    }
}

/// The JWKS document that publishes `keys` (kid, key).
pub fn jwks_json(keys: &[(&str, VerifyingKey)]) -> String {
    let keys = keys
        .iter()
        .map(|(kid, key)| Jwk {
            kty: "OKP".to_owned(),
            crv: "Ed25519".to_owned(),
            kid: (*kid).to_owned(),
            x: URL_SAFE_NO_PAD.encode(key.as_bytes()),
            use_: Some("sig".to_owned()),
            alg: Some("EdDSA".to_owned()),
        })
        .collect();
    serde_json::to_string(&JwkSet { keys }).unwrap_or_default()
}

/// Reads a private key: base64url (no padding) of the 32-byte Ed25519 seed.
pub fn parse_signing_key(encoded: &str) -> Option<SigningKey> {
    let seed: [u8; 32] = URL_SAFE_NO_PAD.decode(encoded.trim()).ok()?.try_into().ok()?;
    Some(SigningKey::from_bytes(&seed))
}

/// Signs `claims` as a compact JWT.
pub fn sign(claims: &Claims, key: &SigningKey, kid: &str) -> String {
    let header = Header { alg: "EdDSA".to_owned(), kid: kid.to_owned() };
    let encode = |bytes: Vec<u8>| URL_SAFE_NO_PAD.encode(bytes);
    let head = encode(serde_json::to_vec(&header).unwrap_or_default());
    let body = encode(serde_json::to_vec(claims).unwrap_or_default());
    let signed = format!("{head}.{body}");
    let signature = encode(key.sign(signed.as_bytes()).to_bytes().to_vec());
    format!("{signed}.{signature}")
}

/// The claims of a token that one of `jwks` signed for `issuer` and that is valid at `now_s` (Unix seconds).
pub fn verify(token: &str, jwks: &Jwks, issuer: &str, now_s: i64) -> Result<Claims, TokenError> {
    let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
    let (head, body) = signed.split_once('.').ok_or(TokenError::Malformed)?;
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Malformed);
    let header: Header = serde_json::from_slice(&decode(head)?).map_err(|_| TokenError::Malformed)?;
    if header.alg != "EdDSA" {
        return Err(TokenError::Forged);
    }
    let key = jwks.key(&header.kid).ok_or(TokenError::Forged)?;
    let signature = Signature::from_slice(&decode(signature)?).map_err(|_| TokenError::Malformed)?;
    key.verify(signed.as_bytes(), &signature).map_err(|_| TokenError::Forged)?;
    let claims: Claims = serde_json::from_slice(&decode(body)?).map_err(|_| TokenError::Malformed)?;
    if claims.iss != issuer {
        return Err(TokenError::Forged);
    }
    if now_s > claims.exp.saturating_add(LEEWAY_S) || claims.iat > now_s.saturating_add(LEEWAY_S) {
        return Err(TokenError::Expired);
    }
    Ok(claims)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_bytes(&[seed; 32])
    }

    fn jwks() -> Jwks {
        Jwks::parse(&jwks_json(&[("k1", key(1).verifying_key())])).unwrap()
    }

    fn claims() -> Claims {
        Claims {
            iss: "souk".into(),
            sub: Uuid::nil(),
            email: "a@b.example".into(),
            name: "A".into(),
            roles: vec![Role::Customer],
            iat: NOW,
            exp: NOW + 900,
        }
    }

    #[test]
    fn a_signed_token_gives_its_claims_back() {
        assert_eq!(verify(&sign(&claims(), &key(1), "k1"), &jwks(), "souk", NOW), Ok(claims()));
    }

    #[test]
    fn another_key_another_kid_and_another_issuer_are_forged() {
        let verdict = |token: &str| verify(token, &jwks(), "souk", NOW);
        assert_eq!(verdict(&sign(&claims(), &key(2), "k1")), Err(TokenError::Forged));
        assert_eq!(verdict(&sign(&claims(), &key(1), "k2")), Err(TokenError::Forged));
        let other = Claims { iss: "bazaar".into(), ..claims() };
        assert_eq!(verdict(&sign(&other, &key(1), "k1")), Err(TokenError::Forged));
    }

    #[test]
    fn an_unsigned_token_is_never_accepted() {
        let token = sign(&claims(), &key(1), "k1");
        let body = token.split('.').nth(1).unwrap();
        let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","kid":"k1"}"#);
        assert_eq!(verify(&format!("{head}.{body}."), &jwks(), "souk", NOW), Err(TokenError::Forged));
    }

    #[test]
    fn a_changed_claim_breaks_the_signature() {
        let token = sign(&claims(), &key(1), "k1");
        let admin = Claims { roles: vec![Role::Admin], ..claims() };
        let body = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&admin).unwrap());
        let mut parts: Vec<&str> = token.split('.').collect();
        parts[1] = &body;
        assert_eq!(verify(&parts.join("."), &jwks(), "souk", NOW), Err(TokenError::Forged));
    }

    #[test]
    fn tokens_expire_and_do_not_come_from_the_future() {
        let token = sign(&claims(), &key(1), "k1");
        assert_eq!(verify(&token, &jwks(), "souk", NOW + 906), Err(TokenError::Expired));
        assert_eq!(verify(&token, &jwks(), "souk", NOW - 6), Err(TokenError::Expired));
    }

    #[test]
    fn noise_is_malformed_and_never_panics() {
        for noise in ["", ".", "..", "a.b.c", "....", "\u{1F600}.x.y"] {
            assert_eq!(verify(noise, &jwks(), "souk", NOW), Err(TokenError::Malformed), "{noise:?}");
        }
    }
}
