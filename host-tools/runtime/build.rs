//! Finds the WIT files of the Spin interfaces inside the spin-sdk package that the lock file pins, copies the three
//! packages the runtime implements into OUT_DIR and writes a `bindings.rs` over them. Nothing of it is kept in the
//! repository, and once the package has been fetched the build needs no network.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The WIT packages the runtime implements, as the folders under `wit/deps` are called.
const PACKAGES: [&str; 3] = ["spin-postgres@4.2.0", "spin-redis@3.0.0", "spin-variables@3.0.0"];

const WORLD: &str = "package souk:runtime;

world spin-host {
    import spin:postgres/postgres@4.2.0;
    import spin:redis/redis@3.0.0;
    import spin:variables/variables@3.0.0;
}
";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=Cargo.toml");
    let out = PathBuf::from(env::var("OUT_DIR")?).join("wit");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    let sdk = spin_sdk_dir()?;
    for package in PACKAGES {
        let from = sdk.join("wit/deps").join(package);
        println!("cargo::rerun-if-changed={}", from.display());
        let to = out.join("deps").join(package);
        fs::create_dir_all(&to)?;
        for entry in fs::read_dir(&from).map_err(|e| format!("spin-sdk has no {}: {e}", from.display()))? {
            let entry = entry?;
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    fs::write(out.join("world.wit"), WORLD)?;
    fs::write(out.with_file_name("bindings.rs"), bindings(&out))?;
    Ok(())
}

/// The folder of the spin-sdk package, as cargo resolves it for this crate.
fn spin_sdk_dir() -> Result<PathBuf, Box<dyn Error>> {
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("Cargo.toml");
    let metadata = |extra: &[&str]| -> Result<_, Box<dyn Error>> {
        let mut command = Command::new(env::var("CARGO")?);
        command.args(["metadata", "--format-version", "1", "--filter-platform", "wasm32-wasip2", "--manifest-path"]);
        Ok(command.arg(&manifest).args(extra).output()?)
    };
    let offline = metadata(&["--offline"])?;
    let output = if offline.status.success() { offline } else { metadata(&[])? };
    if !output.status.success() {
        return Err(format!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let packages =
        metadata.get("packages").and_then(|list| list.as_array()).ok_or("cargo metadata lists no packages")?;
    let is_sdk = |package: &&serde_json::Value| package.get("name").is_some_and(|name| name == "spin-sdk");
    let sdk = packages.iter().find(is_sdk).ok_or("spin-sdk is not in the dependency graph")?;
    let manifest = sdk.get("manifest_path").and_then(|path| path.as_str()).ok_or("spin-sdk has no manifest path")?;
    Ok(Path::new(manifest).parent().ok_or("spin-sdk has no folder")?.to_path_buf())
}

fn bindings(wit: &Path) -> String {
    format!(
        r#"wasmtime::component::bindgen!({{
    path: {wit:?},
    world: "souk:runtime/spin-host",
    imports: {{
        "spin:postgres/postgres.[constructor]connection-builder": trappable,
        "spin:postgres/postgres.[method]connection-builder.set-ca-root": trappable,
        "spin:postgres/postgres.[drop]connection-builder": trappable,
        "spin:postgres/postgres.[drop]connection": trappable,
        "spin:redis/redis.[drop]connection": trappable,
        // The synchronous forms: the guest stands still meanwhile, the host does not.
        "spin:postgres/postgres.[static]connection.open": async | trappable,
        "spin:postgres/postgres.[method]connection.query": async | trappable,
        "spin:postgres/postgres.[method]connection.execute": async | trappable,
        "spin:postgres/postgres.[method]connection-builder.build": async | trappable,
        default: async | store | trappable,
    }},
    with: {{
        "spin:postgres/postgres.connection": crate::host::postgres::Connection,
        "spin:postgres/postgres.connection-builder": crate::host::postgres::ConnectionBuilder,
        "spin:redis/redis.connection": crate::host::redis::Connection,
    }},
}});
"#
    )
}
