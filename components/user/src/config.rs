//! The service's variables: the signing key and what access tokens say about their issuer.

use ed25519_dalek::SigningKey;
use souk_core::token::{self, Jwks};
use souk_host::{ApiError, config};
use std::cell::RefCell;
use std::sync::Arc;

/// What access tokens are signed with.
pub struct Signing {
    /// The private key.
    pub key: SigningKey,
    /// The key's name in the JWKS that every service verifies with.
    pub kid: String,
    /// Issuer of the tokens.
    pub issuer: String,
}

thread_local! {
    static SIGNING: RefCell<Option<Arc<Signing>>> = const { RefCell::new(None) };
}

/// The signing configuration, read once per instance. A key whose public half is not in the JWKS is refused: no
/// service would accept its tokens.
pub async fn signing() -> Result<Arc<Signing>, ApiError> {
    if let Some(signing) = SIGNING.with_borrow(Clone::clone) {
        return Ok(signing);
    }
    let key = token::parse_signing_key(&config::get("signing_key").await?)
        .ok_or_else(|| ApiError::defect("variable signing_key is not the base64url of a 32-byte Ed25519 seed"))?;
    let jwks = Jwks::parse(&config::get("jwks").await?)
        .map_err(|error| ApiError::defect(&format!("variable jwks cannot be used: {error}")))?;
    let kid = jwks
        .kid_of(&key.verifying_key())
        .ok_or_else(|| ApiError::defect("the public half of signing_key is not in the variable jwks"))?
        .to_owned();
    let signing = Arc::new(Signing { key, kid, issuer: config::get("token_issuer").await? });
    SIGNING.set(Some(Arc::clone(&signing)));
    Ok(signing)
}
