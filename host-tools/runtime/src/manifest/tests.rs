//! What a manifest may say, and what refuses the start.

use super::App;
use std::path::Path;

const BASE: &str = r#"
spin_manifest_version = 2
[application]
name = "shop"
version = "1.0.0"
[variables]
host = { default = "localhost" }
[[trigger.http]]
route = "/a/..."
component = "a"
[[trigger.redis]]
address = "redis://{{ host }}:6379/1"
channel = "bell"
component = "a"
[component.a]
source = "a.wasm"
allowed_outbound_hosts = ["postgres://{{ host }}:5432"]
variables = { url = "{{ host }}!" }
"#;

fn parse(text: &str) -> Result<App, String> {
    App::parse(text, Path::new("/base"), |_| None).map_err(|e| e.to_string())
}

fn refusal(text: &str) -> String {
    let message = parse(text).unwrap_err();
    assert!(!message.contains('\n'), "{message}");
    message
}

#[test]
fn a_manifest_is_read_with_its_templates_resolved() {
    let app = parse(BASE).unwrap();
    assert_eq!(app.routes, [("/a/...".to_owned(), "a".to_owned())]);
    assert_eq!(app.redis[0].address, "redis://localhost:6379/1");
    let component = &app.components["a"];
    assert_eq!(component.source, Path::new("/base/a.wasm"));
    assert_eq!(component.variables["url"], "localhost!");
    assert!(component.allowed_hosts.allows("postgres", "localhost", 5432));
}

#[test]
fn an_unknown_key_at_any_level_is_named_with_the_known_ones() {
    for (text, known) in [
        (format!("colour = 1\n{BASE}"), "application"),
        (BASE.replace("version = \"1.0.0\"", "colour = 1"), "description"),
        (BASE.replace("route =", "colour = 1\nroute ="), "executor"),
        (BASE.replace("channel =", "colour = 1\nchannel ="), "address"),
        (format!("{BASE}colour = 1\n"), "allowed_outbound_hosts"),
        (BASE.replace("{ default = \"localhost\" }", "{ default = \"x\", colour = 1 }"), "secret"),
        (format!("{BASE}[component.a.build]\ncommand = \"make\"\ncolour = 1\n"), "workdir"),
        (format!("{BASE}[component.a.profile.debug]\ncolour = 1\n"), "environment"),
        (format!("{BASE}[component.a.profile.debug.build]\ncommand = \"make\"\ncolour = 1\n"), "command"),
        (format!("{BASE}[application.trigger.redis]\ncolour = 1\n"), "address"),
        (BASE.replace("[[trigger.http]]", "[[trigger.http]]\nexecutor = { type = \"http\", colour = 1 }"), "type"),
    ] {
        let message = refusal(&text);
        assert!(message.contains("`colour`") && message.contains(known), "{message}");
    }
}

#[test]
fn what_only_builds_and_other_tools_read_is_accepted() {
    let text = BASE.replace("[variables]", "targets = [\"spinkube:0.4\"]\ntool = { x = { y = 1 } }\n[variables]");
    let build = "[component.a.build]\ncommand = [\"make\"]\nworkdir = \".\"\nwatch = [\"src\"]\n";
    let profile = "[component.a.profile.debug]\nsource = \"debug.wasm\"\nbuild = { command = \"make debug\" }\n";
    let app = parse(&format!("{text}{build}{profile}")).unwrap();
    assert_eq!(app.components["a"].source, Path::new("/base/a.wasm"), "the default profile runs");
}

#[test]
fn an_id_that_spin_does_not_read_is_refused() {
    let message =
        refusal(&BASE.replace("component.a]", "component.a_b]").replace("component = \"a\"", "component = \"a_b\""));
    assert!(message.contains("component.a_b") && message.contains("kebab-case"), "{message}");
}

#[test]
fn a_trigger_without_its_component_is_refused() {
    assert!(refusal(&BASE.replacen("component = \"a\"", "component = \"b\"", 1)).contains("`b`"));
}

#[test]
fn service_chaining_beside_a_redis_trigger_is_refused_as_spin_does() {
    let message = refusal(&BASE.replace("postgres://{{ host }}:5432", "http://b.spin.internal"));
    assert!(message.contains("local_service_chaining"), "{message}");
}

#[test]
fn what_spin_knows_and_this_runtime_does_not_is_refused() {
    assert!(refusal(&format!("{BASE}key_value_stores = [\"default\"]\n")).contains("key_value_stores"));
    let url = BASE.replace("source = \"a.wasm\"", "source = { url = \"http://x\", digest = \"sha256:1\" }");
    assert!(refusal(&url).contains("path"));
}

#[test]
fn an_undeclared_variable_in_a_template_is_refused() {
    assert!(refusal(&BASE.replace("{{ host }}!", "{{ hosts }}!")).contains("`hosts`"));
}
