//! Which roles an account can have.

use souk_core::token::Role;

/// The name of a role, as the database and tokens write it; `None` for what no account can be.
fn name(role: Role) -> Option<&'static str> {
    match role {
        Role::Guest => None,
        Role::Customer => Some("customer"),
        Role::Support => Some("support"),
        Role::Merchant => Some("merchant"),
        Role::Admin => Some("admin"),
    }
}

/// The names of `roles` for an account, or what is wrong with them.
pub fn names(roles: &[Role]) -> Result<Vec<&'static str>, &'static str> {
    if roles.is_empty() {
        return Err("must name at least one role; disable an account that may do nothing");
    }
    let names: Option<Vec<_>> = roles.iter().copied().map(name).collect();
    let names = names.ok_or("an account cannot be a guest")?;
    let twice = names.iter().enumerate().any(|(at, name)| names.iter().skip(at + 1).any(|other| other == name));
    if twice { Err("must name each role once") } else { Ok(names) }
}

/// The name of a role to look for.
pub fn wanted(role: Role) -> Result<&'static str, &'static str> {
    name(role).ok_or("no account is a guest")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_one_role_at_least_each_once_and_is_no_guest() {
        assert_eq!(names(&[Role::Admin, Role::Customer]), Ok(vec!["admin", "customer"]));
        for bad in [&[][..], &[Role::Guest], &[Role::Customer, Role::Guest], &[Role::Admin, Role::Admin]] {
            assert!(names(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names_are_what_tokens_say() {
        for role in [Role::Customer, Role::Support, Role::Merchant, Role::Admin] {
            assert_eq!(serde_json::to_value(role).unwrap(), wanted(role).unwrap());
        }
        assert!(wanted(Role::Guest).is_err());
    }
}
