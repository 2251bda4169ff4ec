//! Who is asking: the bearer token of a request, verified against the configured JWKS.

use crate::{config, error::ApiError};
use axum::extract::FromRequestParts;
use http::{header, request::Parts};
use send_wrapper::SendWrapper;
use souk_core::{
    problem::Problem,
    token::{self, Claims, Jwks, Role, TokenError},
};
use std::{cell::RefCell, future::Future, rc::Rc, time::SystemTime};

/// The verified claims of a person with an account; a request without such a token is answered with 401.
#[derive(Debug, Clone)]
pub struct Identity(pub Claims);

/// The verified claims of somebody who shops: a person with an account, or a guest. Without a token: 401.
#[derive(Debug, Clone)]
pub struct Shopper(pub Claims);

/// The claims, when the request carries a token at all. A token that does not verify is still a 401.
#[derive(Debug, Clone)]
pub struct OptionalIdentity(pub Option<Claims>);

impl Identity {
    /// 403 unless the bearer has one of `roles`.
    pub fn require(&self, roles: &[Role]) -> Result<(), ApiError> {
        if self.0.has_any(roles) {
            Ok(())
        } else {
            Err(Problem::forbidden("role-missing", "Your account does not have the role that this needs.").into())
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Identity {
    type Rejection = ApiError;

    fn from_request_parts(parts: &mut Parts, _: &S) -> impl Future<Output = Result<Self, ApiError>> + Send {
        let token = bearer(parts);
        SendWrapper::new(async move {
            let claims = required(token).await?;
            if claims.is_guest() {
                return Err(
                    Problem::unauthorized("account-needed", "This needs an account. Sign in, or register.").into()
                );
            }
            Ok(Self(claims))
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Shopper {
    type Rejection = ApiError;

    fn from_request_parts(parts: &mut Parts, _: &S) -> impl Future<Output = Result<Self, ApiError>> + Send {
        let token = bearer(parts);
        SendWrapper::new(async move { required(token).await.map(Self) })
    }
}

impl<S: Sync> FromRequestParts<S> for OptionalIdentity {
    type Rejection = ApiError;

    fn from_request_parts(parts: &mut Parts, _: &S) -> impl Future<Output = Result<Self, ApiError>> + Send {
        let token = bearer(parts);
        SendWrapper::new(async move {
            match token? {
                Some(token) => Ok(Self(Some(verify(&token).await?))),
                None => Ok(Self(None)),
            }
        })
    }
}

/// The current time in Unix seconds.
pub fn now_s() -> i64 {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .unwrap_or_default()
}

fn bearer(parts: &Parts) -> Result<Option<String>, ApiError> {
    let Some(value) = parts.headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let malformed = || Problem::unauthorized("token-invalid", "The Authorization header is not `Bearer <token>`.");
    let text = value.to_str().map_err(|_| malformed())?;
    let (scheme, token) = text.split_once(' ').ok_or_else(malformed)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(Some(token.trim().to_owned())) } else { Err(malformed().into()) }
}

async fn required(token: Result<Option<String>, ApiError>) -> Result<Claims, ApiError> {
    let token = token?.ok_or_else(|| {
        Problem::unauthorized("token-missing", "Send an access token: `Authorization: Bearer <token>`.")
    })?;
    verify(&token).await
}

/// The claims of a token that this shop issued, or a 401 that says why it is none.
pub fn verify(bearer: &str) -> impl Future<Output = Result<Claims, ApiError>> + Send {
    let bearer = bearer.to_owned();
    SendWrapper::new(async move {
        let keys = jwks().await?;
        let issuer = config::get("token_issuer").await?;
        token::verify(&bearer, &keys, &issuer, now_s()).map_err(|error| {
            let slug = if error == TokenError::Expired { "token-expired" } else { "token-invalid" };
            Problem::unauthorized(slug, format!("Sign in again: {error}.")).into()
        })
    })
}

/// The key set of the variable `jwks`, parsed once per instance.
pub async fn jwks() -> Result<Rc<Jwks>, ApiError> {
    thread_local! {
        static PARSED: RefCell<Option<Rc<Jwks>>> = const { RefCell::new(None) };
    }
    if let Some(parsed) = PARSED.with_borrow(Clone::clone) {
        return Ok(parsed);
    }
    let document = config::get("jwks").await?;
    let parsed = Rc::new(Jwks::parse(&document).map_err(|error| ApiError::defect(&format!("variable jwks: {error}")))?);
    PARSED.set(Some(Rc::clone(&parsed)));
    Ok(parsed)
}
