//! Embeds the built shop, `frontend/dist`: every file with its type, an ETag, and the brotli and gzip that the build made
//! beside it.
#![allow(clippy::print_stdout, reason = "a build script speaks to cargo through stdout")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

fn main() -> ExitCode {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../frontend/dist");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={}", dist.join("index.html").display());
    let Ok(dist) = dist.canonicalize() else { return missing() };
    if !dist.join("index.html").is_file() {
        return missing();
    }
    match embed(&dist) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={} cannot be embedded: {error}", dist.display());
            ExitCode::FAILURE
        }
    }
}

fn missing() -> ExitCode {
    println!("cargo::error=frontend/dist is not there: run `make frontend` first");
    ExitCode::FAILURE
}

fn embed(dist: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    collect(dist, &mut files)?;
    files.sort();
    let mut code = String::from("&[\n");
    for file in &files {
        println!("cargo:rerun-if-changed={}", file.display());
        let Some(content_type) = content_type(file) else { continue };
        let path = file.strip_prefix(dist).unwrap_or(file).display();
        let etag = fnv(&fs::read(file)?);
        let bytes = |file: &Path| format!("include_bytes!({:?})", file.display().to_string());
        let made = |extension: &str| {
            let small = PathBuf::from(format!("{}.{extension}", file.display()));
            if small.is_file() { format!("Some({})", bytes(&small)) } else { "None".to_owned() }
        };
        let _ = writeln!(
            code,
            "  Asset {{ path: \"/{path}\", content_type: {content_type:?}, etag: \"{etag:016x}\", plain: {}, br: {}, gzip: {} }},",
            bytes(file),
            made("br"),
            made("gz")
        );
    }
    code.push(']');
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("assets.rs"), code)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // The build's own notes stay here.
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if entry.file_type()?.is_dir() { collect(&entry.path(), files)? } else { files.push(entry.path()) }
    }
    Ok(())
}

/// The media type of a file; `None` for one that is not served by itself.
fn content_type(file: &Path) -> Option<&'static str> {
    Some(match file.extension()?.to_str()? {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

/// FNV-1a: names a version of a file; nobody is to be kept from making another with the same name.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
