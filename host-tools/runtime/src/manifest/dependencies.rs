//! `[component.<id>.dependencies]`: which components satisfy a component's imports, and what Spin refuses about them.

use super::{Dependency, raw};
use std::collections::BTreeMap;
use std::path::Path;

/// The dependencies as written, with their paths starting at `base`; the error names the one that cannot be used.
pub(super) fn resolve(written: BTreeMap<String, toml::Value>, base: &Path) -> Result<Vec<Dependency>, String> {
    let mut all: Vec<Dependency> = Vec::new();
    for (name, value) in written {
        let dependency = read(name, value, base)?;
        if let Some(other) = all.iter().find(|other| overlap(&other.name, &dependency.name)) {
            return Err(format!("the dependencies `{}` and `{}` satisfy the same import", other.name, dependency.name));
        }
        all.push(dependency);
    }
    Ok(all)
}

fn read(name: String, value: toml::Value, base: &Path) -> Result<Dependency, String> {
    let wrong = |why: &str| format!("dependency `{name}`: {why}");
    let is_path = value.as_table().is_some_and(|table| table.contains_key("path"));
    if !is_path {
        return Err(wrong("only { path = \"...\" } is supported; download a registry package first"));
    }
    let raw: raw::PathDependency = value.try_into().map_err(|e: toml::de::Error| wrong(e.message()))?;
    if raw.inherit_configuration.is_some() {
        return Err(wrong("inherit_configuration is not supported; use dependencies_inherit_configuration"));
    }
    if raw.export.is_some() && name.contains(':') && !name.contains('/') {
        return Err(wrong("`export` needs the name of an interface, as in package:name/interface"));
    }
    Ok(Dependency { path: base.join(raw.path), export: raw.export, name })
}

/// Whether two names may stand for one import: the same package, and neither another interface nor another version.
fn overlap(a: &str, b: &str) -> bool {
    let parts = |name: &'_ str| {
        let (name, version) = name.split_once('@').map_or((name, None), |(name, version)| (name, Some(version)));
        let (package, interface) = name.split_once('/').map_or((name, None), |(name, part)| (name, Some(part)));
        [Some(package), interface, version].map(|part| part.map(str::to_owned))
    };
    let ([package_a, interface_a, version_a], [package_b, interface_b, version_b]) = (parts(a), parts(b));
    let differ = |a: &Option<String>, b: &Option<String>| a.is_some() && b.is_some() && a != b;
    package_a == package_b && !differ(&interface_a, &interface_b) && !differ(&version_a, &version_b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> Result<usize, String> {
        resolve(toml::from_str(text).unwrap(), Path::new("/base")).map(|all| all.len())
    }

    #[test]
    fn names_of_one_package_must_not_stand_for_the_same_import() {
        let path = r#"{ path = "a.wasm" }"#;
        for (a, b, ok) in [
            ("a:b/c", "a:b/d", true),
            ("a:b/c@0.1.0", "a:b/c@0.2.0", true),
            ("a:b/c", "e:b/c", true),
            ("a:b", "a:b/c", false),
            ("a:b/c", "a:b/c@0.1.0", false),
        ] {
            let read = refusal(&format!("\"{a}\" = {path}\n\"{b}\" = {path}"));
            assert_eq!(read.is_ok(), ok, "{a} {b}: {read:?}");
        }
    }

    #[test]
    fn an_export_satisfies_an_interface_and_not_a_package() {
        assert!(refusal(r#""a:b/c" = { path = "a.wasm", export = "d:e/f" }"#).is_ok());
        assert!(refusal(r#""a:b@0.1.0" = { path = "a.wasm", export = "d:e/f" }"#).unwrap_err().contains("interface"));
    }

    #[test]
    fn what_is_not_a_file_is_refused() {
        for value in [r#"">= 1.0""#, r#"{ version = "1.0.0" }"#, r#"{ url = "http://x", digest = "y" }"#] {
            assert!(refusal(&format!("\"a:b/c\" = {value}")).unwrap_err().contains("path"), "{value}");
        }
        assert!(refusal(r#""a:b/c" = { path = "a.wasm", colour = 1 }"#).unwrap_err().contains("`colour`"));
    }
}
