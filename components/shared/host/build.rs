//! Deflates the OpenAPI documents, which the components carry: they are a twentieth of a component as text, and a tenth
//! of that deflated.

use std::{env, error::Error, fs, path::Path};

const LEVEL: u8 = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let root = env::var("CARGO_MANIFEST_DIR")?;
    let folder = Path::new(&root).join("../../../docs/openapi");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={}", folder.display());
    let out = env::var("OUT_DIR")?;
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        let (Some(name), Some("json")) = (path.file_stem(), path.extension().and_then(|extension| extension.to_str()))
        else {
            continue;
        };
        let deflated = miniz_oxide::deflate::compress_to_vec(&fs::read(&path)?, LEVEL);
        fs::write(Path::new(&out).join(name).with_extension("deflate"), deflated)?;
    }
    Ok(())
}
