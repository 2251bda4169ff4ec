//! An account as the API shows it, and the access token that speaks for it.

use serde::{Deserialize, Serialize};
use souk_core::token::{Claims, Role};
use utoipa::ToSchema;
use uuid::Uuid;

/// Seconds that an access token is good for.
pub const ACCESS_TOKEN_TTL_S: i64 = 900;

/// The languages that mails are written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Portuguese.
    Pt,
}

impl Locale {
    /// As the database writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Pt => "pt",
        }
    }
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = User)]
pub struct Account {
    /// UUIDv7.
    pub id: Uuid,
    /// The address it signs in with.
    #[schema(example = "ana@souk.example", format = "email")]
    pub email: String,
    /// The name that mails and parcels are addressed to.
    #[schema(example = "Ana Souk")]
    pub name: String,
    /// The language of its mails.
    pub locale: Locale,
    /// What it may do.
    pub roles: Vec<Role>,
    /// Whether a token that was mailed to the address has come back.
    pub email_verified: bool,
    /// RFC 3339.
    #[schema(format = "date-time")]
    pub created_at: String,
}

impl Account {
    /// What an access token issued at `now_s` (Unix seconds) says about this account.
    pub fn claims(&self, issuer: &str, now_s: i64) -> Claims {
        Claims {
            iss: issuer.to_owned(),
            sub: self.id,
            email: self.email.clone(),
            name: self.name.clone(),
            roles: self.roles.clone(),
            iat: now_s,
            exp: now_s.saturating_add(ACCESS_TOKEN_TTL_S),
        }
    }
}

/// What became of the wish to delete an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Farewell {
    /// It is deleted.
    Deleted,
    /// It is an admin's: another admin has to take the role away first.
    Admin,
    /// It is gone or has another password since that was verified.
    Changed,
}

/// What a sign-in is checked against.
pub struct Credentials {
    /// The account.
    pub id: Uuid,
    /// Its address.
    pub email: String,
    /// PHC string of its password's argon2id hash.
    pub password_hash: String,
    /// Whether it was disabled.
    pub disabled: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_access_token_speaks_for_the_account_for_a_quarter_of_an_hour() {
        let json = r#"{"id":"01890a5d-ac96-774b-bcce-b302099a8057","email":"a@b.example","name":"Ana","locale":"pt",
                       "email_verified":false,"roles":["customer","admin"],"created_at":"2026-01-01T00:00:00.000Z"}"#;
        let account: Account = serde_json::from_str(json).unwrap();
        let claims = account.claims("souk", 1000);
        assert_eq!((claims.sub, claims.iat, claims.exp), (account.id, 1000, 1900));
        assert_eq!(claims.roles, [Role::Customer, Role::Admin]);
        assert_eq!(account.locale.as_str(), "pt");
    }
}
