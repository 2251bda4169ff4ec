"""Terraform's files are formatted and can be parsed, and stacks and modules fit together: every variable is described,
typed, declared and used, every module is given what it asks for and nothing else, every output that is read is there, no
provider is configured from a resource or a module, and nothing secret is a plain variable or has a value in a file.
Stacks whose providers can be had are validated by Terraform itself, where it is installed."""

import json
import pathlib
import re
import tempfile

import charts
import frame
import hcl2
import validated

# Words in a name that tell a secret, unless the value is the name of a Secret, a path, or a number.
SECRET = re.compile(r"password|token|private_key|secret|credential|api_key")
HARMLESS = re.compile(r"_(path|secret|revision|sha256)$|^github_secret$|credentials_secret$")


def check(it):
    root = it.root / "terraform"
    files = sorted([*root.rglob("*.tf"), *root.rglob("*.tfvars"), *root.rglob("*.hcl")])
    files = [path for path in files if ".terraform" not in path.parts]
    parsed = {}
    for path in files:
        try:
            with path.open(encoding="utf-8") as text:
                parsed[path] = hcl2.load(text)
        except Exception as error:  # The parser has many.
            it.problem(f"{path.relative_to(root)}: {error}")
    folders = {}
    for path, content in parsed.items():
        if path.suffix == ".tf":
            folders.setdefault(path.parent, Folder(path.parent)).add(path, content)
    for folder in folders.values():
        folder.check(it, root, folders)
    for path, content in parsed.items():
        if path.suffix == ".tfvars":
            environment(it, root, path, content, folders)
    scripts = it.root / "scripts/cluster"
    if scripts.exists():
        defaults = {(str(path.relative_to(root)), name): plain(body.get("default"))
                    for path, folder in folders.items() for name, body in folder.variables.items()}
        for problem in version_problems("".join((scripts / name).read_text() for name in ("setup", "monitoring")), defaults):
            it.problem(problem)
    validated.by_terraform(it, root, folders)
    stacks = [folder for folder in folders if folder.parent.name == "stacks"]
    it.saw(f"{len(files)} files, {len(folders) - len(stacks)} modules, {len(stacks)} stacks")


def named(blocks):
    """Blocks with one label, by it."""
    found = {}
    for block in blocks:
        for label, body in block.items():
            if not label.startswith("__"):
                found[label.strip('"')] = body
    return found


class Folder:
    """One module or stack."""

    def __init__(self, path):
        self.path, self.text = path, ""
        self.variables, self.outputs, self.modules, self.providers = {}, {}, {}, {}

    def add(self, path, content):
        # Comments name things, too.
        self.text += re.sub(r"(?m)^\s*#.*$", "", path.read_text(encoding="utf-8")) + "\n"
        self.variables.update(named(content.get("variable", [])))
        self.outputs.update(named(content.get("output", [])))
        self.modules.update(named(content.get("module", [])))
        self.providers.update(named(content.get("provider", [])))

    def check(self, it, root, folders):
        here = self.path.relative_to(root)
        for kind, items in (("variable", self.variables), ("output", self.outputs)):
            for name, body in items.items():
                if not body.get("description"):
                    it.problem(f"{here}: the {kind} {name} has no description")
        for name, body in self.variables.items():
            if "type" not in body:
                it.problem(f"{here}: the variable {name} has no type")
            if SECRET.search(name) and not HARMLESS.search(name) and not (body.get("sensitive") and body.get("ephemeral")):
                it.problem(f"{here}: the variable {name} sounds like a secret: make it where it is needed, or ephemeral and sensitive")
        used = set(re.findall(r"\bvar\.(\w+)", self.text))
        for name in sorted(used ^ self.variables.keys()):
            it.problem(f"{here}: var.{name} is {'not declared' if name in used else 'declared and not used'}")
        for name, body in self.providers.items():
            if re.search(r"\b(module|data|local|[a-z0-9]+_[a-z0-9_]+)\.\w+", str(body)):
                it.problem(f"{here}: the provider {name} is configured from something that is made in the same run")
        if self.path.parent.name == "modules" and self.providers:
            it.problem(f"{here}: a module must leave providers to its stack")
        for name, body in self.modules.items():
            self.check_module(it, here, folders, name, body)

    def check_module(self, it, here, folders, name, body):
        target = folders.get((self.path / body["source"].strip('"')).resolve())
        if target is None:
            it.problem(f"{here}: the module {name} is not there: {body['source']}")
            return
        given = {key for key in body if not key.startswith("__")} - {"source", "count", "for_each", "depends_on", "providers"}
        for key in sorted(given - target.variables.keys()):
            it.problem(f"{here}: the module {name} knows no {key}")
        required = {key for key, variable in target.variables.items() if "default" not in variable}
        for key in sorted(required - given):
            it.problem(f"{here}: the module {name} is not given {key}")
        for output in set(re.findall(rf"\bmodule\.{name}(?:\[[^]]*\])?\.(\w+)", self.text)) - target.outputs.keys():
            it.problem(f"{here}: the module {name} has no output {output}")


def environment(it, root, path, content, folders):
    """A file of values names what its stack knows, gives what it must, and holds no secret. Checksums may be missing: they
    are put in with the release that they are of."""
    stack = folders.get(root / "stacks" / path.stem)
    here = path.relative_to(root)
    if stack is None:
        it.problem(f"{here}: there is no stack {path.stem}")
        return
    given = {key for key in content if not key.startswith("__")}
    for key in sorted(given - stack.variables.keys()):
        it.problem(f"{here}: the stack knows no {key}")
    required = {key for key, body in stack.variables.items() if "default" not in body and not key.endswith("sha256")}
    for key in sorted(required - given):
        it.problem(f"{here}: {key} is missing")
    if stack.path.name == "apps" and "values" in content:
        renders(it, here, content["values"])
    if re.search(r"-----BEGIN|\b[A-Za-z0-9+/]{60,}", path.read_text(encoding="utf-8")):
        it.problem(f"{here}: something in it looks like a key")


def plain(value):
    """What the parser found, without its quotes and notes."""
    if isinstance(value, dict):
        return {key.strip('"'): plain(item) for key, item in value.items() if not key.startswith("__")}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.strip('"') if isinstance(value, str) else value


def renders(it, here, values):
    """The chart takes an environment's values: it knows every key, and what they ask for fits together."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        # JSON is YAML.
        json.dump(plain(values), file)
        file.flush()
        try:
            code, said = charts.template(pathlib.Path(file.name))
        except frame.Skipped as skipped:
            it.saw(f"not the chart with {here}: {skipped}")
            return
    if code:
        it.problem(f"{here}: helm/souk does not take its values: {said.strip()}")


# A version in scripts/cluster (`name=...`) and the folder and variable that have it for Terraform.
VERSIONS = {
    "cert_manager": ("modules/cluster-addons", "cert_manager_version"), "keda": ("modules/cluster-addons", "keda_version"),
    "spin_operator": ("modules/spinkube", "spin_operator_version"),
    "cloudnative_pg": ("modules/data-services", "operator_chart_version"),
    "barman_plugin": ("modules/data-services", "barman_chart_version"),
    "prometheus_stack": ("modules/observability", "kube_prometheus_stack_version"),
    "tempo": ("modules/observability", "tempo_version"), "collector": ("modules/observability", "collector_version"),
    "shim": ("stacks/cluster", "shim_version"), "k3s": ("stacks/cluster", "k3s_version"),
}


def version_problems(scripts, defaults):
    """Whoever makes a cluster by script gets what Terraform would give. `defaults` are by folder and variable."""
    said = dict(re.findall(r"(?m)^([a-z0-9_]+)=(v?[0-9][0-9A-Za-z.+-]*)$", scripts))
    bare = lambda version: str(version).removeprefix("v").replace("+", "-")
    problems = []
    for name, place in VERSIONS.items():
        if name not in said or bare(said[name]) != bare(defaults.get(place)):
            problems.append(f"scripts/cluster has {name} {said.get(name)}, terraform/{'/'.join(place)} {defaults.get(place)}")
    return problems
