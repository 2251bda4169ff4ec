//! Where the values of application variables come from: a file, if there is one, and the environment.

use anyhow::Context;
use std::collections::BTreeMap;
use std::path::Path;

/// The variables in a file, by their names in the manifest.
pub type File = BTreeMap<String, String>;

/// Reads a TOML file of `name = "value"` lines. An error names the place and never shows a value.
pub fn read(path: &Path) -> anyhow::Result<File> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        anyhow::anyhow!("{} line {line}: not a line like name = \"value\"", path.display())
    })
}

/// The value for `key`, as in SPIN_VARIABLE_SHOP_URL.
pub fn value(file: Option<&File>, key: &str) -> Option<String> {
    let name = key.strip_prefix("SPIN_VARIABLE_").unwrap_or(key).to_ascii_lowercase();
    file.and_then(|file| file.get(&name).cloned()).or_else(|| std::env::var(key).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_wins_over_the_environment() {
        let file = File::from([("path".to_owned(), "from the file".to_owned())]);
        assert_eq!(value(Some(&file), "SPIN_VARIABLE_PATH").as_deref(), Some("from the file"));
        // PATH stands for any variable that the environment has.
        assert_eq!(value(Some(&File::new()), "PATH"), std::env::var("PATH").ok());
        assert_eq!(value(None, "SPIN_VARIABLE_NO_SUCH_THING"), None);
    }

    #[test]
    fn an_unreadable_file_is_an_error_that_keeps_secrets() {
        let path = std::env::temp_dir().join(format!("souk-variables-{}.toml", std::process::id()));
        std::fs::write(&path, "a = \"1\"\nkey = secret\n").unwrap();
        let error = format!("{:#}", read(&path).unwrap_err());
        std::fs::remove_file(&path).unwrap();
        assert!(error.contains("line 2") && !error.contains("secret"), "{error}");
        assert!(read(&path).is_err());
    }
}
