"""A stand-in for Tilt: its functions with their own parameters, which write down what they were called with. A Tiltfile
runs here in a Starlark interpreter; a misspelt function or parameter is an error, as it is in Tilt."""

import dataclasses
import json

import starlark


@dataclasses.dataclass
class Recorded:
    """What a Tiltfile asked for."""

    calls: list = dataclasses.field(default_factory=list)

    def of(self, name):
        return [arguments for called, arguments in self.calls if called == name]


# Function to its parameters, those without a default first, after Tilt's API reference. What is not in here, Souk's
# Tiltfile does not use.
REQUIRED = {
    "allow_k8s_contexts": ["contexts"],
    "default_registry": ["host"],
    "update_settings": [],
    "local_resource": ["name"],
    "custom_build": ["ref", "command", "deps"],
    "docker_build": ["ref", "context"],
    "k8s_kind": ["kind"],
    "k8s_yaml": ["yaml"],
    "k8s_resource": [],
    "helm": ["pathToChartDir"],
    "port_forward": ["local_port"],
    "link": ["url"],
    "probe": [],
    "http_get_action": ["port"],
    "cmd_button": ["name"],
}
OPTIONAL = {
    "allow_k8s_contexts": [],
    "default_registry": ["host_from_cluster", "single_name"],
    "update_settings": ["max_parallel_updates", "k8s_upsert_timeout_secs", "suppress_unused_image_warnings"],
    "local_resource": ["cmd", "deps", "trigger_mode", "resource_deps", "ignore", "auto_init", "serve_cmd", "cmd_bat",
                       "serve_cmd_bat", "allow_parallel", "links", "tags", "env", "serve_env", "readiness_probe", "dir",
                       "serve_dir", "labels"],
    "custom_build": ["tag", "disable_push", "live_update", "match_in_env_vars", "ignore", "entrypoint", "command_bat",
                     "outputs_image_ref_to", "image_deps", "env", "dir", "skips_local_docker"],
    "docker_build": ["build_args", "dockerfile", "dockerfile_contents", "live_update", "match_in_env_vars", "ignore",
                     "only", "entrypoint", "target", "ssh", "network", "secret", "container_args", "cache_from",
                     "pull", "platform", "extra_tag", "extra_hosts"],
    "k8s_kind": ["api_version", "image_json_path", "image_object_json_path", "pod_readiness"],
    "k8s_yaml": ["allow_duplicates"],
    "k8s_resource": ["workload", "new_name", "port_forwards", "extra_pod_selectors", "trigger_mode", "resource_deps",
                     "objects", "auto_init", "pod_readiness", "links", "labels", "discovery_strategy"],
    "helm": ["name", "namespace", "values", "set", "kube_version", "skip_crds"],
    "port_forward": ["container_port", "name", "link_path", "host"],
    "link": ["name"],
    "probe": ["initial_delay_secs", "timeout_secs", "period_secs", "success_threshold", "failure_threshold", "exec",
              "http_get", "tcp_socket"],
    "http_get_action": ["host", "scheme", "path"],
    "cmd_button": ["resource", "argv", "text", "location", "icon_name", "icon_svg", "env", "dir", "inputs",
                   "requires_confirmation"],
}


def recorder(name, recorded):
    parameters = REQUIRED[name] + OPTIONAL[name]

    def call(*given, **named):
        if len(given) > len(parameters):
            raise TypeError(f"{name} takes {len(parameters)} arguments")
        arguments = dict(zip(parameters, given))
        for key, value in named.items():
            if key not in parameters:
                raise TypeError(f"{name} has no parameter {key!r}")
            if key in arguments:
                raise TypeError(f"{name} got {key!r} twice")
            arguments[key] = value
        missing = [key for key in REQUIRED[name] if key not in arguments]
        if missing:
            raise TypeError(f"{name} wants {', '.join(missing)}")
        recorded.calls.append((name, arguments))
        return json.dumps({name: arguments})

    return call


def run(text):
    """What a Tiltfile asks for; an error of its own is raised."""
    recorded = Recorded()
    globals_ = starlark.Globals.extended_by([starlark.LibraryExtension.StructType, starlark.LibraryExtension.Json])
    dialect = starlark.Dialect.extended()
    dialect.enable_top_level_stmt = True
    module = starlark.Module()
    for name in REQUIRED:
        module.add_callable(name, recorder(name, recorded))
    module["TRIGGER_MODE_MANUAL"], module["TRIGGER_MODE_AUTO"] = "manual", "auto"

    def load(path):
        if path != "ext://uibutton":
            raise FileNotFoundError(f"no extension {path} is known")
        extension = starlark.Module()
        extension.add_callable("cmd_button_", recorder("cmd_button", recorded))
        source = 'cmd_button = cmd_button_\nlocation = struct(NAV = "nav", RESOURCE = "resource")\n'
        starlark.eval(extension, starlark.parse(path, source, dialect), globals_)
        return extension.freeze()

    starlark.eval(module, starlark.parse("Tiltfile", text, dialect), globals_, starlark.FileLoader(load))
    return recorded
