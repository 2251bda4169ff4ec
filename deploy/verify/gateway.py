"""The gateway's configuration as APISIX reads it: which route a request takes, and which plugins work on it there."""

import dataclasses
import re

import sources

# `${{NAME}}`: the environment's value, put into the file before it is read.
VARIABLE = re.compile(r"\$\{\{\s*([A-Z_]+)\s*(:=[^}]*)?\}\}")
END = "#END"


@dataclasses.dataclass
class Gateway:
    """Both files of the gateway."""

    config: dict
    rules: dict
    is_ended: bool

    def plugins(self, route):
        """The plugins of a route: those of its plugin_config, over which its own stand."""
        shared = {item["id"]: item["plugins"] for item in self.rules.get("plugin_configs", [])}
        return {**shared.get(route.get("plugin_config_id"), {}), **route.get("plugins", {})}

    def everywhere(self):
        """The plugins of all global rules."""
        return {name: value for rule in self.rules.get("global_rules", []) for name, value in rule["plugins"].items()}

    def route(self, method, path):
        """The route that a request takes: the highest priority wins, then the most exact path."""
        matching = [(route.get("priority", 0), exactness(uri), route) for route in self.rules["routes"]
                    for uri in uris(route) if matches(uri, path) and method in route.get("methods", [method])]
        return max(matching, key=lambda found: found[:2])[2] if matching else None


def read(data):
    """From a ConfigMap's data."""
    text = VARIABLE.sub(r"\1", data["apisix.yaml"])
    (config,), (rules,) = sources.documents(data["config.yaml"]), sources.documents(text)
    return Gateway(config, rules, data["apisix.yaml"].rstrip().endswith("\n" + END))


def uris(route):
    return route["uris"] if "uris" in route else [route["uri"]]


def matches(uri, path):
    """As radixtree_uri_with_parameter does: `:name` is a segment, `*` at the end the rest."""
    pattern = re.sub(r":[a-z_]+", "[^/]+", re.escape(uri).replace(r"\*", ".*"))
    return re.fullmatch(pattern, path) is not None


def exactness(uri):
    return (not uri.endswith("*"), ":" not in uri, len(uri))


def variables(text):
    return {name for name, _ in VARIABLE.findall(text)}
