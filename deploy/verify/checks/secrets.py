"""Every Secret and ConfigMap that the chart reads is there: made by the chart, made by scripts/cluster/secrets, or by a
person, who is told so in docs/deploy.md. Nothing secret stands in the chart itself."""

import importlib.machinery
import importlib.util

import charts

# Made by a person: nobody can guess how mails are sent. Name to keys.
BY_A_PERSON = {"souk-smtp": {"url"}}
WORDS = ("password", "secret", "signing_key", "token")


def script(root):
    """scripts/cluster/secrets as a module."""
    path = str(root / "scripts/cluster/secrets")
    loader = importlib.machinery.SourceFileLoader("cluster_secrets", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("cluster_secrets", loader))
    loader.exec_module(module)
    return module


def references(item):
    """(kind, name, key, whether it must be there) of everything that an object reads."""
    if isinstance(item, list):
        for entry in item:
            yield from references(entry)
    if not isinstance(item, dict):
        return
    for field, kind in (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")):
        if field in item:
            reference = item[field]
            yield kind, reference["name"], reference["key"], not reference.get("optional")
    for field in ("passwordSecret", "secret"):
        if isinstance(item.get(field), dict) and "name" in item[field]:
            yield "Secret", item[field]["name"], "password", True
    for entry in item.get("secretTargetRef", []):
        yield "Secret", entry["name"], entry["key"], True
    if isinstance(item.get("secret"), dict) and "secretName" in item["secret"]:
        for entry in item["secret"].get("items", []):
            yield "Secret", item["secret"]["secretName"], entry["key"], True
    for value in item.values():
        yield from references(value)


def made(module, objects):
    """(kind, name) to keys of everything that will be there."""
    found = {("Secret", name): set(data()) for name, (_, data) in module.plan().items()}
    found[("ConfigMap", "souk-token-keys")] = set(module.token_keys(module.b64url(bytes(32)), []))
    for item in objects:
        if item["kind"] in ("Secret", "ConfigMap"):
            found[(item["kind"], item["metadata"]["name"])] = set(item.get("data", {}))
    found.update({("Secret", name): keys for name, keys in BY_A_PERSON.items()})
    return found


def problems_of(objects, there):
    problems = []
    for item in objects:
        if item["kind"] == "Secret":
            problems.append(f"the chart makes the Secret {item['metadata']['name']}: its value would stand in the release")
        where = f"{item['kind']} {item['metadata']['name']}"
        for kind, name, key, must in references(item):
            if must and key not in there.get((kind, name), ()):
                problems.append(f"{where} reads {key} of the {kind} {name}, which nobody makes")
        problems += [f"{where}: {text}" for text in plain(item)]
    return problems


def plain(item):
    """Environment variables that are called like a secret and have a value of their own."""
    if isinstance(item, list):
        return [text for entry in item for text in plain(entry)]
    if not isinstance(item, dict):
        return []
    found = [text for value in item.values() for text in plain(value)]
    name, value = item.get("name"), item.get("value")
    if isinstance(name, str) and isinstance(value, str) and "valueFrom" not in item and "$(" not in value:
        if any(word in name.lower() for word in WORDS) and name != "token_issuer" and value != "unused":
            found.append(f"{name} has its value in plain sight")
    return found


def check(it):
    module = script(it.root)
    for file in charts.values_files():
        objects = charts.documents(file)
        for problem in problems_of(objects, made(module, objects)):
            it.problem(f"{charts.label(file)}: {problem}")
    documented = (it.root / "docs/deploy.md").read_text(encoding="utf-8")
    for name in [*module.plan(), *BY_A_PERSON]:
        if name.replace("souk-" + name.split("-")[1] + "-db", "souk-<service>-db") not in documented and name not in documented:
            it.problem(f"docs/deploy.md does not say what {name} is")
    it.saw(f"{len(module.plan())} Secrets that are made")
