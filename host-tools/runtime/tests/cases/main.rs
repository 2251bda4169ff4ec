//! The runtime tests: every folder under `host-tools/tests/runtime` holds a manifest (`spin.toml`) and what must happen
//! (`case.toml`). They run against `souk-runtime`, or with RUNTIME=spin against the `spin` binary on PATH, where cases
//! that are marked `spin_differs` are left out.
//!
//! `cargo test --release -p souk-runtime --test cases [-- FILTER]` builds the test components by itself.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code: failing is how it reports"
)]

mod case;
mod collector;
mod http;
mod program;
mod run;

use libtest_mimic::{Arguments, Failed, Trial};
use std::path::Path;
use std::process::Command;

/// The components the cases use, by crate name.
const COMPONENTS: [&str; 4] = ["runtime-probe", "runtime-composed", "runtime-greeter", "runtime-unruly"];

fn main() {
    let mut arguments = Arguments::from_args();
    // Some cases measure how long something takes, and each runs a server with two databases.
    arguments.test_threads = arguments.test_threads.or(Some(2));
    if !arguments.list {
        build_components();
    }
    let root = souk_testkit::repository_root().join("host-tools/tests/runtime");
    let mut folders: Vec<_> = std::fs::read_dir(&root)
        .expect("the folder of the runtime cases")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.join("case.toml").exists())
        .collect();
    folders.sort();
    let trials = folders.into_iter().map(|folder| trial(&folder)).collect();
    libtest_mimic::run(&arguments, trials).exit();
}

fn trial(folder: &Path) -> Trial {
    let name = folder.file_name().expect("a folder name").to_string_lossy().into_owned();
    let case = case::load(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let left_out = program::is_spin() && case.spin_differs.is_some();
    let folder = folder.to_path_buf();
    Trial::test(name, move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|e| Failed::from(e.to_string()))?;
        runtime.block_on(run::run(&folder, case)).map_err(Failed::from)
    })
    .with_ignored_flag(left_out)
}

fn build_components() {
    let root = souk_testkit::repository_root();
    let mut command = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    command.current_dir(&root).args(["build", "--profile", "wasm", "--target", "wasm32-wasip2", "--target-dir"]);
    command.arg(root.join("target/wasm"));
    for component in COMPONENTS {
        command.args(["-p", component]);
    }
    assert!(command.status().expect("cargo starts").success(), "the test components do not build");
}
