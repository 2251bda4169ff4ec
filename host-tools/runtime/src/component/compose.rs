//! Component dependencies: imports of a component that other components satisfy, composed into one component before
//! compilation, as Spin composes them. Every module inside is named after the part that it belongs to.

use super::deny::{denied_imports, stand_in};
use super::dependency::{OWN, denied_name, module_name};
use super::names::name_modules;
use crate::error::{Error, Result};
use crate::manifest::{self, Dependency};
use wac_graph::types::Package;
use wac_graph::{CompositionGraph, EncodeOptions, NodeId};

/// The component with its dependencies inside; `wasm` itself when it has none.
pub fn compose(id: &str, wasm: Vec<u8>, manifest: &manifest::Component) -> Result<Vec<u8>> {
    if manifest.dependencies.is_empty() {
        return Ok(wasm);
    }
    let mut graph = CompositionGraph::new();
    let wasm = name_modules(&wasm, OWN).unwrap_or(wasm);
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
        let bytes = name_modules(&bytes, &module_name(&dependency.name)).unwrap_or(bytes);
        let package = Package::from_bytes(&format!("souk:dependency-{index}"), None, &*bytes, graph.types_mut())
            .map_err(|e| wrong(format!("{} is not a valid component: {e:#}", dependency.path.display())))?;
        let denied = if manifest.dependencies_inherit { Vec::new() } else { denied_imports(&graph, &package) };
        let instance = graph.register_package(package).map_err(|e| wrong(e.to_string()))?;
        let instance = graph.instantiate(instance);
        if let Some(first) = denied.first() {
            deny(&mut graph, instance, index, &dependency.name, &bytes, &denied).map_err(|e| {
                wrong(format!(
                    "it imports `{first}`, which cannot be denied to it ({e:#}), and a dependency has no capabilities \
                     unless the component sets dependencies_inherit_configuration = true"
                ))
            })?;
        }
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

fn main_exports(graph: &CompositionGraph, node: NodeId) -> Vec<String> {
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

/// Satisfies what `dependency` imports and may not use.
fn deny(
    graph: &mut CompositionGraph,
    instance: NodeId,
    index: usize,
    dependency: &str,
    bytes: &[u8],
    denied: &[String],
) -> anyhow::Result<()> {
    let wasm = stand_in(bytes, denied)?;
    let wasm = name_modules(&wasm, &denied_name(dependency)).unwrap_or(wasm);
    let package = Package::from_bytes(&format!("souk:denied-{index}"), None, wasm, graph.types_mut())?;
    let package = graph.register_package(package)?;
    let stand_in = graph.instantiate(package);
    for import in denied {
        let node = graph.alias_instance_export(stand_in, import)?;
        graph.set_instantiation_argument(instance, import, node)?;
    }
    Ok(())
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
