"""Validation by APISIX's own schemas. APISIX passes over keys that no schema names, and leaves out a route that does not
fit with nothing but a line in its log."""

import jsonschema

# Keys that every plugin takes.
META = {"disable", "error_response", "priority", "filter", "pre_function"}
# Where a schema says more about the same object.
BRANCHES = ("if", "then", "else", "not")
LISTS = ("allOf", "anyOf", "oneOf")


def branches(schema):
    """The schema and all of its branches."""
    if not isinstance(schema, dict):
        return
    yield schema
    for key in BRANCHES:
        yield from branches(schema.get(key))
    for key in LISTS:
        for entry in schema.get(key, []):
            yield from branches(entry)
    for entry in schema.get("dependencies", {}).values():
        yield from branches(entry)


def unknown(schema, value, path):
    """Keys of a value, at any depth, that no branch of its schema names."""
    parts = list(branches(schema))
    if isinstance(value, list):
        for number, entry in enumerate(value):
            for part in parts:
                if isinstance(part.get("items"), dict):
                    yield from unknown(part["items"], entry, f"{path}[{number}]")
    if not isinstance(value, dict):
        return
    is_free = any("patternProperties" in part or part.get("additionalProperties") for part in parts)
    is_named = any("properties" in part for part in parts)
    for key, entry in value.items():
        named = [part["properties"][key] for part in parts if key in part.get("properties", {})]
        if not named and is_named and not is_free:
            yield f"{path}: unknown key {key!r}"
        # One of the branches that name the key has to know all that is in it.
        inner = [list(unknown(one, entry, f"{path}.{key}")) for one in named]
        if inner and all(inner):
            yield from inner[0]


def problems_of(schema, value, path):
    validator = jsonschema.Draft7Validator(schema)
    found = [f"{path}: {error.json_path}: {error.message}" for error in validator.iter_errors(value)]
    return found + list(unknown(schema, value, path))


def plugins_problems(plugins, known, path, kind="schema"):
    """Of a `plugins` object; kind is consumer_schema for a consumer's."""
    problems = []
    for name, value in plugins.items():
        if name not in known:
            problems.append(f"{path}: APISIX has no plugin {name!r}")
            continue
        value = dict(value)
        meta = value.pop("_meta", {})
        problems += [f"{path}.{name}._meta: unknown key {key!r}" for key in sorted(set(meta) - META)]
        schema = known[name].get(kind) or known[name].get("schema") or {}
        problems += problems_of(schema, value, f"{path}.{name}")
    return problems


KINDS = {"routes": "route", "upstreams": "upstream", "plugin_configs": "plugin_config", "consumers": "consumer",
         "global_rules": "global_rule", "services": "service", "ssls": "ssl", "consumer_groups": "consumer_group"}


def problems(rules, schemas):
    """All that is wrong with an apisix.yaml."""
    found, known = [], schemas["plugins"]
    for key, items in rules.items():
        if key == "plugin_metadata":
            for item in items:
                rest = {name: value for name, value in item.items() if name != "id"}
                found += problems_of(known[item["id"]]["metadata_schema"], rest, f"plugin_metadata {item['id']}")
            continue
        if key not in KINDS:
            found.append(f"APISIX knows no {key!r}")
            continue
        ids = [item.get("id", item.get("username")) for item in items]
        found += [f"{key}: {one} stands twice" for one in sorted({str(one) for one in ids if ids.count(one) > 1})]
        for item in items:
            path = f"{KINDS[key]} {item.get('id', item.get('username'))}"
            found += problems_of(schemas["main"][KINDS[key]], item, path)
            kind = "consumer_schema" if key == "consumers" else "schema"
            found += plugins_problems(item.get("plugins", {}), known, path, kind)
    return found
