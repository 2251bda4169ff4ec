//! Environments that leave nothing behind, for tests.

use std::fs;
use std::path::PathBuf;

use crate::error::{FileContext, LocalError, Result};

/// A fresh directory under the system's temporary one, which every user may enter.
pub(crate) fn directory() -> Result<PathBuf> {
    let mut random = [0u8; 8];
    getrandom::fill(&mut random).map_err(|e| LocalError::Setting(format!("no random numbers: {e}")))?;
    let path = std::env::temp_dir().join(format!("souk-{:016x}", u64::from_le_bytes(random)));
    fs::create_dir(&path).file("create", &path)?;
    Ok(path)
}
