//! Application variables and the `{{ name }}` templates over them. Values come from `SPIN_VARIABLE_<NAME>` or the
//! default; they are resolved once, at the start, so a missing one is found before anything is served.

use super::raw;
use crate::error::{Error, Result};
use std::collections::{BTreeMap, HashMap};

/// The application's variables with their values.
#[derive(Debug, Default)]
pub struct Variables(HashMap<String, String>);

impl Variables {
    /// Takes each variable's value from `env` (asked for `SPIN_VARIABLE_<NAME>`) or its default.
    ///
    /// Fails when a required variable has neither, when a declaration has neither `default` nor `required = true`,
    /// and for a name that Spin would not accept.
    pub fn resolve(declared: &BTreeMap<String, raw::Variable>, env: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let mut values = HashMap::new();
        for (name, declaration) in declared {
            check_name(name).map_err(|why| Error::Variable(format!("invalid variable name `{name}`: {why}")))?;
            if !declaration.required && declaration.default.is_none() {
                return Err(Error::Variable(format!(
                    "variable `{name}` needs either a `default` or `required = true`"
                )));
            }
            let key = format!("SPIN_VARIABLE_{}", name.to_ascii_uppercase());
            let value = env(&key).or_else(|| declaration.default.clone()).ok_or_else(|| {
                Error::Variable(format!("no provider resolved required variable(s): `{name}` (set {key})"))
            })?;
            values.insert(name.clone(), value);
        }
        Ok(Self(values))
    }

    /// Replaces every `{{ name }}` in `text`; `place` says where the text stands, for the error.
    pub fn expand(&self, text: &str, place: &str) -> Result<String> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((literal, after)) = rest.split_once("{{") {
            let Some((name, tail)) = after.split_once("}}") else {
                return Err(Error::Variable(format!("{place}: `{{{{` without `}}}}`")));
            };
            let name = name.trim();
            check_name(name).map_err(|why| Error::Variable(format!("{place}: invalid variable `{name}`: {why}")))?;
            let value = self.0.get(name).ok_or_else(|| {
                Error::Variable(format!("{place}: variable `{name}` is not declared under [variables]"))
            })?;
            out.push_str(literal);
            out.push_str(value);
            rest = tail;
        }
        out.push_str(rest);
        Ok(out)
    }
}

/// Spin's rule for variable names: lower-case letters, digits and single underscores, a letter first.
pub fn check_name(name: &str) -> std::result::Result<(), &'static str> {
    if name.is_empty() {
        return Err("must not be empty");
    }
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err("must start with a lower-case letter");
    }
    if name.chars().any(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')) {
        return Err("may have only lower-case letters, digits and underscores");
    }
    if name.split('_').any(str::is_empty) {
        return Err("must not have two underscores in a row or one at the end");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(default: Option<&str>, required: bool) -> BTreeMap<String, raw::Variable> {
        let variable =
            raw::Variable { default: default.map(str::to_owned), required, secret: false, description: None };
        BTreeMap::from([("db_host".to_owned(), variable)])
    }

    #[test]
    fn the_environment_overrides_the_default() {
        let env = |key: &str| (key == "SPIN_VARIABLE_DB_HOST").then(|| "pg".to_owned());
        let variables = Variables::resolve(&declared(Some("localhost"), false), env).unwrap();
        assert_eq!(variables.expand("postgres://{{ db_host }}:5432", "x").unwrap(), "postgres://pg:5432");
    }

    #[test]
    fn a_required_variable_without_a_value_is_refused() {
        let error = Variables::resolve(&declared(None, true), |_| None).unwrap_err().to_string();
        assert!(error.contains("db_host") && error.contains("SPIN_VARIABLE_DB_HOST"), "{error}");
    }

    #[test]
    fn templates_combine_and_undeclared_names_are_refused() {
        let variables = Variables::resolve(&declared(Some("a"), false), |_| None).unwrap();
        assert_eq!(variables.expand("{{db_host}}-{{ db_host }}.", "x").unwrap(), "a-a.");
        assert!(variables.expand("{{ other }}", "x").unwrap_err().to_string().contains("other"));
        assert!(variables.expand("{{ db_host", "x").is_err());
    }

    #[test]
    fn names_follow_spins_rule() {
        for good in ["a", "a1", "a_b", "db_url2"] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        for bad in ["", "A", "1a", "_a", "a_", "a__b", "a-b", "käse"] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }
}
