//! Finds the migrations of the platform and of each service, in the order of their version numbers.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The repository's root: two levels above this crate.
pub fn repository_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The `V<number>__<name>.sql` files of a folder, lowest number first.
pub fn sql_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !name.ends_with(".sql") {
            continue;
        }
        let version: u32 = name
            .strip_prefix('V')
            .and_then(|rest| rest.split_once("__"))
            .and_then(|(number, _)| number.parse().ok())
            .with_context(|| format!("{} is not named V<number>__<name>.sql", path.display()))?;
        files.push((version, path));
    }
    files.sort();
    Ok(files.into_iter().map(|(_, path)| path).collect())
}

pub(crate) fn shared() -> Result<Vec<PathBuf>> {
    sql_files(&repository_root().join("components/shared/migrations"))
}

pub(crate) fn of_service(service: &str) -> Result<Vec<PathBuf>> {
    let mut files = shared()?;
    files.extend(sql_files(&repository_root().join("components").join(service).join("migrations"))?);
    Ok(files)
}
