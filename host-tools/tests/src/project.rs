//! A merchant's own spin.toml: the checkout's manifest with other plug-ins in it, in a folder of its own.

use anyhow::{Context, Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Where `make` puts components, below the checkout.
const BUILT: &str = "target/wasm/wasm32-wasip2/wasm";

/// A project folder whose manifest names other plug-ins than the checkout's.
#[derive(Debug, Clone)]
pub struct Project {
    checkout: PathBuf,
    folder: PathBuf,
}

impl Project {
    /// A copy of the project in `checkout`, in the new folder `folder`.
    pub fn copy(checkout: &Path, folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder)?;
        fs::copy(checkout.join("streams.toml"), folder.join("streams.toml"))?;
        Ok(Self { checkout: checkout.to_owned(), folder })
    }

    /// The checkout that it was copied from.
    pub fn checkout(&self) -> &Path {
        &self.checkout
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes the manifest anew: of the checkout's, only the lines of these interfaces differ. A plug-in is the name of
    /// its file, as in `shipping_flat`.
    pub fn use_plugins(&self, plugins: &[(&str, &str)]) -> Result<()> {
        let built = self.checkout.join(BUILT);
        let mut manifest = fs::read_to_string(self.checkout.join("spin.toml"))?;
        for (interface, file) in plugins {
            let start = format!("\"{interface}\" = {{");
            let line = manifest.lines().find(|line| line.starts_with(&start)).context("no such dependency")?.to_owned();
            ensure!(
                built.join(format!("{file}.wasm")).is_file(),
                "{file}.wasm is not built: run `make wasm wasm-test-components plugins-python`"
            );
            manifest = manifest.replace(&line, &format!("{start} path = \"{BUILT}/{file}.wasm\" }}"));
        }
        let absolute = format!("\"{}", built.display());
        fs::write(self.folder.join("spin.toml"), manifest.replace(&format!("\"{BUILT}"), &absolute))?;
        Ok(())
    }
}
