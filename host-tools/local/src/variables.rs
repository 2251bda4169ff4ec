//! The application's variables (`SPIN_VARIABLE_*`) for this environment. Runtime and `spin` read them alike.

use std::collections::BTreeMap;

use crate::databases::SERVICES;
use crate::environment::Environment;
use crate::error::Result;

/// Every variable by its spin.toml name; [`Settings::variables`](crate::Settings) has the last word.
pub(crate) fn application(environment: &Environment) -> Result<BTreeMap<String, String>> {
    let (settings, secrets, keys) = (environment.settings(), environment.secrets(), environment.key_ring()?);
    let (postgres, redis) = (environment.postgres(), environment.redis());
    let mut variables = BTreeMap::from([
        ("redis_host".to_owned(), redis.address()),
        ("redis_auth".to_owned(), redis.auth.clone()),
        ("cache_host".to_owned(), redis.address()),
        ("cache_auth".to_owned(), redis.auth.clone()),
        ("jwks".to_owned(), keys.jwks()?),
        ("signing_key".to_owned(), keys.signing),
        ("gateway_webhook_secret".to_owned(), secrets.gateway_webhook.clone()),
        // Everybody who uses a shop on one machine has the same address.
        ("address_limit".to_owned(), "10000".to_owned()),
        ("shop_url".to_owned(), format!("http://localhost:{}", settings.ports.gateway)),
    ]);
    for service in SERVICES {
        variables.insert(format!("{service}_pg_host"), postgres.address());
        variables.insert(format!("{service}_pg_password"), secrets.service(service).to_owned());
    }
    variables.extend(settings.variables.clone());
    Ok(variables)
}

/// The same as environment variables of the host process.
pub(crate) fn as_env(variables: &BTreeMap<String, String>) -> Vec<(String, String)> {
    variables.iter().map(|(name, value)| (format!("SPIN_VARIABLE_{}", name.to_uppercase()), value.clone())).collect()
}
