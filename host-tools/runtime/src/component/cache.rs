//! Compiled components on disk, keyed by the component's content and everything that decides the code: the engine's
//! version and configuration and this program's build. A second start maps the files instead of compiling.

use crate::error::{Error, Result};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use wasmtime::Engine;
use wasmtime::component::Component;

/// The cache folder, or none, and what was found in it.
pub struct Cache {
    dir: Option<PathBuf>,
    compiled: AtomicUsize,
    found: AtomicUsize,
}

impl Cache {
    /// A cache in `dir`, created for the current user alone; without one nothing is kept.
    pub fn new(dir: Option<&Path>) -> Result<Self> {
        if let Some(dir) = dir {
            create_private(dir)
                .map_err(|e| Error::Host(format!("cannot create the cache folder {}: {e}", dir.display())))?;
        }
        Ok(Self { dir: dir.map(Path::to_path_buf), compiled: AtomicUsize::new(0), found: AtomicUsize::new(0) })
    }

    /// How many components were compiled and how many found.
    pub fn counts(&self) -> (usize, usize) {
        (self.compiled.load(Ordering::Relaxed), self.found.load(Ordering::Relaxed))
    }

    /// The compiled form of `wasm`.
    pub fn compile(&self, engine: &Engine, id: &str, wasm: &[u8]) -> Result<Component> {
        let Some(dir) = &self.dir else { return self.compile_now(engine, id, wasm) };
        let path = dir.join(format!("{}.cwasm", key(engine, wasm)));
        if path.exists() {
            match load(engine, &path) {
                Ok(component) => {
                    self.found.fetch_add(1, Ordering::Relaxed);
                    return Ok(component);
                }
                Err(error) => {
                    tracing::warn!("the cached {} cannot be used and is compiled again: {error:#}", path.display())
                }
            }
        }
        let component = self.compile_now(engine, id, wasm)?;
        if let Err(error) = store(&component, &path) {
            tracing::warn!("component `{id}` cannot be kept in the cache: {error:#}");
        }
        Ok(component)
    }

    fn compile_now(&self, engine: &Engine, id: &str, wasm: &[u8]) -> Result<Component> {
        self.compiled.fetch_add(1, Ordering::Relaxed);
        Component::new(engine, wasm).map_err(|e| Error::component(id, format!("is not a valid component: {e:#}")))
    }
}

fn create_private(dir: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// Content and compiler settings as one name.
fn key(engine: &Engine, wasm: &[u8]) -> String {
    struct Feed(Sha256);
    impl Hasher for Feed {
        fn finish(&self) -> u64 {
            0
        }
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
    }
    let mut feed = Feed(Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut feed);
    feed.0.update(wasm);
    feed.0.finalize().iter().fold(String::with_capacity(64), |mut out, byte| {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[expect(unsafe_code, reason = "wasmtime trusts compiled code by contract")]
fn load(engine: &Engine, path: &Path) -> wasmtime::Result<Component> {
    // SAFETY: the folder is the user's own (mode 0700 when created here) and every file in it was written by `store`
    // from the engine's own output; wasmtime checks version and settings before it uses one.
    unsafe { Component::deserialize_file(engine, path) }
}

/// Writes beside the target and renames, so that a reader never sees half a file.
fn store(component: &Component, path: &Path) -> wasmtime::Result<()> {
    let part = path.with_extension(format!("{}.part", std::process::id()));
    fs::write(&part, component.serialize()?)?;
    fs::rename(&part, path)?;
    Ok(())
}
