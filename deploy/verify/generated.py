"""The files of the charts that are made from spin.toml and the OpenAPI documents. JSON is YAML, so nothing but Python's
own library is needed to write them."""

import json

import application
import frame

NOTE = "# Made from spin.toml by scripts/deploy-generate. Do not edit.\n"


def files(root):
    """Path to text of every generated file."""
    found = {}
    services = application.services(root)
    for name, service in services.items():
        text = yaml_of(application.chart_file(root, service))
        found[root / "helm/souk/charts" / name / "spin.yaml"] = NOTE + text
    topology = application.read(root, "streams.toml")["streams"]
    databases = {name: service.database for name, service in services.items() if service.database}
    found[root / "helm/souk/spin.yaml"] = NOTE + yaml_of({"databases": databases})
    found[root / "helm/souk/charts/relay/spin.yaml"] = NOTE + yaml_of({"databases": databases})
    found[root / "helm/souk/charts/relay/streams.toml"] = (root / "streams.toml").read_text(encoding="utf-8")
    found[root / "helm/souk/charts/mailer/spin.yaml"] = NOTE + yaml_of(
        {"streams": [stream for stream, facts in topology.items() if "mailer" in facts["groups"]]})
    found[root / "helm/souk/charts/api-gateway/routes.yaml"] = NOTE + yaml_of(gateway(root, services))
    return found


def gateway(root, services):
    """Which service answers which routes, and which operations need no token."""
    routes = [{"service": name, "route": route} for name, service in services.items() for route in service.routes]
    anybody = {}
    for operation in application.operations(root):
        if operation.is_open:
            anybody.setdefault(operation.path, []).append(operation.method)
    return {"routes": routes, "open": [{"path": path, "methods": sorted(m)} for path, m in sorted(anybody.items())]}


def yaml_of(data):
    """One line for each entry of a list: small changes make small differences."""
    lines = []
    for key, value in data.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines.append(f"{key}:")
            lines += [f"  - {json.dumps(entry)}" for entry in value]
        elif isinstance(value, dict):
            lines.append(f"{key}:")
            lines += [f"  {name}: {json.dumps(entry)}" for name, entry in value.items()]
        else:
            lines.append(f"{key}: {json.dumps(value)}")
    return "\n".join(lines) + "\n"


def write(root=frame.ROOT):
    """Writes what is missing or out of date."""
    for path, text in files(root).items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(root)}")
