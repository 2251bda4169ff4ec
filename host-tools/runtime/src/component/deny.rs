//! What a dependency may not use. Unless the manifest says otherwise it gets none of the component's capabilities: the
//! interfaces that would give it some are satisfied by a generated component whose functions trap.

use super::names::name_exported_functions;
use wac_graph::CompositionGraph;
use wac_graph::types::Package;
use wit_component::{ComponentEncoder, DecodedWasm, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{LiftLowerAbi, ManglingAndAbi};

/// The beginnings of the names of interfaces that are capabilities.
const CAPABILITIES: [&str; 6] = ["spin:", "fermyon:", "wasi:http/", "wasi:sockets/", "wasi:keyvalue/", "wasi:config/"];

/// The imports of a dependency that it is not given.
pub fn denied_imports(graph: &CompositionGraph, package: &Package) -> Vec<String> {
    let imports = graph.types()[package.ty()].imports.keys();
    imports.filter(|import| CAPABILITIES.iter().any(|prefix| import.starts_with(prefix))).cloned().collect()
}

/// A component that exports the interfaces `denied`, as `dependency` imports them, with functions that trap.
pub fn stand_in(dependency: &[u8], denied: &[String]) -> anyhow::Result<Vec<u8>> {
    let DecodedWasm::Component(mut resolve, _) = wit_component::decode(dependency)? else {
        anyhow::bail!("it is a WIT package and not a component");
    };
    let exports: String = denied.iter().map(|name| format!("export {name};\n")).collect();
    let package = resolve.push_source("denied.wit", &format!("package souk:denied;\nworld denied {{\n{exports}}}"))?;
    let world = resolve.select_world(&[package], Some("denied"))?;
    let module = dummy_module(&resolve, world, ManglingAndAbi::Legacy(LiftLowerAbi::Sync));
    // So that the log can say which one was called.
    let mut module = name_exported_functions(&module).unwrap_or(module);
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)?;
    ComponentEncoder::default().module(&module)?.encode()
}
