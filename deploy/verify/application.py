"""What spin.toml, streams.toml and the OpenAPI documents say about each service, as the cluster's files need it."""

import dataclasses
import json
import re
import tomllib

TEMPLATE = re.compile(r"\{\{\s*([a-z0-9_]+)\s*\}\}")
METHODS = ("get", "head", "post", "put", "patch", "delete")
# What a host variable in allowed_outbound_hosts stands for.
SERVERS = {"redis_host": "streams", "cache_host": "cache"}


@dataclasses.dataclass
class Service:
    """One component with its triggers."""

    name: str
    routes: list
    variables: list
    outbound: list
    streams: list
    channels: list
    database: str


def read(root, name):
    return tomllib.loads((root / name).read_text(encoding="utf-8"))


def templates(text):
    return TEMPLATE.findall(text)


def server(service, host):
    """The kind of server that an allowed host is: the service's own database, the streams, or the cache."""
    names = templates(host)
    if host == f"postgres://{{{{ {service}_pg_host }}}}":
        return "postgres"
    if len(names) == 1 and names[0] in SERVERS and host == f"redis://{{{{ {names[0]} }}}}":
        return SERVERS[names[0]]
    raise ValueError(f"{service} may reach {host!r}, for which the charts know no network policy: teach them in "
                     "deploy/verify/application.py and helm/souk/charts/lib")


def services(root):
    """Every service of spin.toml by name."""
    manifest = read(root, "spin.toml")
    shared = manifest["application"].get("trigger", {}).get("redis", {}).get("address", "")
    found = {}
    for name, component in manifest["component"].items():
        variables = component.get("variables", {})
        texts = [*variables.values(), *component.get("allowed_outbound_hosts", [])]
        redis = [trigger for trigger in manifest["trigger"].get("redis", []) if trigger["component"] == name]
        texts += [trigger.get("address", shared) for trigger in redis] + [trigger["channel"] for trigger in redis]
        outbound = {server(name, host) for host in component.get("allowed_outbound_hosts", [])}
        database = re.search(r"/([a-z_]+)\{\{ pg_options \}\}$", variables.get("pg_url", ""))
        found[name] = Service(
            name=name,
            routes=[trigger["route"] for trigger in manifest["trigger"]["http"] if trigger["component"] == name],
            variables=sorted({variable for text in texts for variable in templates(text)}),
            outbound=sorted(outbound | ({"streams"} if redis else set())),
            streams=[stream for stream in variables.get("streams", "").split(",") if stream],
            channels=[trigger["channel"] for trigger in redis],
            database=database.group(1) if database else "",
        )
    return found


def declared(root):
    """The application's variables as spin.toml declares them."""
    return read(root, "spin.toml")["variables"]


def chart_file(root, service):
    """What the chart of a service must know of spin.toml (its `spin.yaml`), as data."""
    variables = declared(root)
    required = [name for name, variable in variables.items() if variable.get("required")]
    return {
        "component": service.name,
        "routes": service.routes,
        "database": service.database,
        "outbound": service.outbound,
        "streams": service.streams,
        "variables": [{"name": name, "secret": bool(variables[name].get("secret"))} for name in service.variables],
        # Spin wants a value for every required variable of the application, also for those of other components. They
        # get a word that is no secret.
        "unused": [name for name in required if name not in service.variables],
    }


@dataclasses.dataclass(frozen=True)
class Operation:
    """One operation of an OpenAPI document."""

    method: str
    path: str
    # Whether anybody may call it, without a token.
    is_open: bool


def documents(root):
    """The OpenAPI document of every API."""
    return [json.loads(file.read_text(encoding="utf-8")) for file in sorted((root / "docs/openapi").glob("*.json"))]


def operations(root):
    """Every operation of every API."""
    found = []
    for document in documents(root):
        for path, item in document["paths"].items():
            for method in METHODS:
                if method in item:
                    security = item[method].get("security", document.get("security", []))
                    found.append(Operation(method.upper(), path, not security or {} in security))
    return found
