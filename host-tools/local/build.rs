//! Embeds every service's migrations, so that one binary can prepare a machine that has no checkout.
#![allow(clippy::print_stdout, reason = "a build script speaks to cargo through stdout")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

include!("src/services.rs");

fn main() -> io::Result<()> {
    let components = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../components").canonicalize()?;
    println!("cargo:rerun-if-changed=src/services.rs");
    println!("cargo:rerun-if-changed=build.rs");

    let platform = ("platform", components.join("shared/migrations"));
    let services = SERVICES.iter().map(|service| (*service, components.join(service).join("migrations")));
    let mut code = String::from("&[\n");
    for (name, folder) in std::iter::once(platform).chain(services) {
        println!("cargo:rerun-if-changed={}", folder.display());
        let _ = writeln!(code, "  ({name:?}, &[");
        for file in files(&folder)? {
            let Some(stem) = file.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".sql"))
            else {
                continue;
            };
            println!("cargo:rerun-if-changed={}", file.display());
            let _ = writeln!(code, "    ({stem:?}, include_str!({:?})),", file.display().to_string());
        }
        code.push_str("  ]),\n");
    }
    code.push(']');
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("migrations.rs"), code)
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut entries = fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}
