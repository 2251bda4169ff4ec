"""APISIX knows every key of its configuration (its own schemas, with unknown keys refused)."""

import json

import apisix_schema
import charts
import gateway


def check(it):
    schemas = json.loads(it.need_shared("apisix-schema.json").read_text(encoding="utf-8"))
    for file in charts.values_files():
        data = charts.of_kind(charts.documents(file), "ConfigMap")["api-gateway"]["data"]
        found = gateway.read(data)
        for problem in apisix_schema.problems(found.rules, schemas):
            it.problem(f"{charts.label(file)}: {problem}")
        for name in found.config["plugins"]:
            if name not in schemas["plugins"]:
                it.problem(f"{charts.label(file)}: config.yaml lists the plugin {name!r}, which APISIX does not have")
        it.saw(f"{len(found.rules['routes'])} routes of {charts.label(file)}")
