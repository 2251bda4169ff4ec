"""Validation of Kubernetes objects: Kubernetes' own by its published schemas, custom resources by their CRDs, and in
both what no schema knows is an error. A cluster would drop a misspelt field without a word."""

import functools

import jsonschema
import kubernetes_validate

import sources

# That of the k3s release that is installed.
KUBERNETES = "1.35"


def strict(schema):
    """A CRD's schema as a JSON schema that refuses unknown fields."""
    if not isinstance(schema, dict):
        return schema
    found = {key: value for key, value in schema.items() if not key.startswith("x-kubernetes-")}
    if schema.get("x-kubernetes-int-or-string"):
        found.pop("type", None)
        found["anyOf"] = [{"type": "integer"}, {"type": "string"}]
    for key in ("properties", "patternProperties"):
        if key in found:
            found[key] = {name: strict(value) for name, value in found[key].items()}
    for key in ("items", "additionalProperties", "not"):
        if key in found:
            found[key] = strict(found[key])
    is_free = schema.get("x-kubernetes-preserve-unknown-fields") or schema.get("x-kubernetes-embedded-resource")
    if "properties" in found and "additionalProperties" not in found and not is_free:
        found["additionalProperties"] = False
    if found.pop("nullable", False) and "type" in found:
        found["type"] = [found["type"], "null"]
    return found


@functools.cache
def custom(folder):
    """Validators of all custom resources in a folder of CRDs, by (apiVersion, kind)."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        for crd in sources.documents(path.read_text(encoding="utf-8")):
            spec = crd["spec"]
            for version in spec["versions"]:
                schema = strict(version["schema"]["openAPIV3Schema"])
                # The metadata of every object is Kubernetes' own.
                schema.setdefault("properties", {}).update(
                    {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {"type": "object"}})
                key = (f"{spec['group']}/{version['name']}", spec["names"]["kind"])
                found[key] = jsonschema.Draft202012Validator(schema)
    return found


def problems(item, crds):
    """What is wrong with an object."""
    where = f"{item.get('kind')} {item.get('metadata', {}).get('name')}"
    validator = crds.get((item.get("apiVersion"), item.get("kind")))
    if validator:
        return [f"{where}: {error.json_path}: {error.message}" for error in validator.iter_errors(item)]
    try:
        kubernetes_validate.validate(item, KUBERNETES, strict=True)
    except kubernetes_validate.SchemaNotFoundError:
        return [f"{where}: no Kubernetes {KUBERNETES} and no CRD knows {item.get('apiVersion')} {item.get('kind')}"]
    except kubernetes_validate.ValidationError as error:
        path = ".".join(str(part) for part in error.path)
        return [f"{where}: {path}: {error.message}"]
    return []
