//! Component dependencies: imports of a component that other components satisfy, composed into one component before
//! compilation, as Spin composes them.

use crate::error::{Error, Result};
use crate::manifest::{self, Dependency};
use wac_graph::types::Package;
use wac_graph::{CompositionGraph, EncodeOptions};

/// The component with its dependencies inside; `wasm` itself when it has none.
pub fn compose(id: &str, wasm: Vec<u8>, manifest: &manifest::Component) -> Result<Vec<u8>> {
    if manifest.dependencies.is_empty() {
        return Ok(wasm);
    }
    let mut graph = CompositionGraph::new();
    let package = Package::from_bytes("souk:main", None, wasm, graph.types_mut())
        .map_err(|e| Error::component(id, format!("is not a valid component: {e:#}")))?;
    let imports: Vec<String> = world_imports(&graph, &package);
    let main = graph.register_package(package).map_err(|e| Error::component(id, e.to_string()))?;
    let main = graph.instantiate(main);
    for (index, dependency) in manifest.dependencies.iter().enumerate() {
        let wrong = |why: String| Error::component(id, format!("dependency `{}`: {why}", dependency.name));
        let matching: Vec<&String> = imports.iter().filter(|import| matches(&dependency.name, import)).collect();
        if matching.is_empty() {
            return Err(wrong(format!("the component imports no such interface; it imports {}", imports.join(", "))));
        }
        let bytes = std::fs::read(&dependency.path)
            .map_err(|e| wrong(format!("cannot read {}: {e}; build it first", dependency.path.display())))?;
        let package = Package::from_bytes(&format!("souk:dependency-{index}"), None, bytes, graph.types_mut())
            .map_err(|e| wrong(format!("{} is not a valid component: {e:#}", dependency.path.display())))?;
        if !manifest.dependencies_inherit {
            refuse_capabilities(&graph, &package).map_err(&wrong)?;
        }
        let instance = graph.register_package(package).map_err(|e| wrong(e.to_string()))?;
        let instance = graph.instantiate(instance);
        for import in matching {
            let export = export_name(dependency, import);
            let node = graph
                .alias_instance_export(instance, export)
                .map_err(|e| wrong(format!("{} does not export `{export}`: {e}", dependency.path.display())))?;
            graph.set_instantiation_argument(main, import, node).map_err(|e| wrong(e.to_string()))?;
        }
    }
    for export in main_exports(&graph, main) {
        let node = graph.alias_instance_export(main, &export).map_err(|e| Error::component(id, e.to_string()))?;
        graph.export(node, &export).map_err(|e| Error::component(id, e.to_string()))?;
    }
    let options = EncodeOptions { validate: false, ..EncodeOptions::default() };
    graph.encode(options).map_err(|e| Error::component(id, format!("cannot be composed: {e}")))
}

fn world_imports(graph: &CompositionGraph, package: &Package) -> Vec<String> {
    graph.types()[package.ty()].imports.keys().cloned().collect()
}

fn main_exports(graph: &CompositionGraph, node: wac_graph::NodeId) -> Vec<String> {
    let Some(package) = graph[node].package() else { return Vec::new() };
    graph.types()[graph[package].ty()].exports.keys().cloned().collect()
}

/// Whether the dependency's name covers the import: the interface itself, its package, or a plain name.
fn matches(name: &str, import: &str) -> bool {
    if name == import {
        return true;
    }
    let (name_base, name_version) = name.split_once('@').map_or((name, None), |(n, v)| (n, Some(v)));
    let (import_base, import_version) = import.split_once('@').map_or((import, None), |(n, v)| (n, Some(v)));
    let covers =
        name_base == import_base || import_base.split_once('/').is_some_and(|(package, _)| package == name_base);
    covers && name_version.is_none_or(|version| Some(version) == import_version)
}

/// The dependency's export that satisfies `import`.
fn export_name<'a>(dependency: &'a Dependency, import: &'a str) -> &'a str {
    dependency.export.as_deref().unwrap_or(import)
}

/// A dependency gets none of the component's capabilities unless the manifest says so; one that wants some is refused.
fn refuse_capabilities(graph: &CompositionGraph, package: &Package) -> std::result::Result<(), String> {
    let denied = ["spin:", "fermyon:", "wasi:http/", "wasi:sockets/", "wasi:keyvalue/", "wasi:config/"];
    match world_imports(graph, package).iter().find(|import| denied.iter().any(|prefix| import.starts_with(prefix))) {
        Some(import) => Err(format!(
            "it imports `{import}`, and a dependency has no capabilities unless the component sets \
             dependencies_inherit_configuration = true"
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_dependency_covers_its_interface_and_the_interfaces_of_its_package() {
        let import = "souk:payment/gateway@0.1.0";
        for name in ["souk:payment/gateway@0.1.0", "souk:payment/gateway", "souk:payment@0.1.0", "souk:payment"] {
            assert!(matches(name, import), "{name}");
        }
        for name in ["souk:payment/gateway@0.2.0", "souk:pay", "souk:payment/gate"] {
            assert!(!matches(name, import), "{name}");
        }
    }
}
