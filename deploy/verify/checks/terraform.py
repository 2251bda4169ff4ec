"""Terraform's files are formatted and can be parsed, and stacks and modules fit together: every variable is described,
typed, declared and used, every module is given what it asks for and nothing else, every output that is read is there, no
provider is configured from a resource or a module, and nothing secret is a plain variable or has a value in a file.
Stacks whose providers can be had are validated by Terraform itself, where it is installed."""

import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import tempfile

import charts
import frame
import hcl2
import tools

# Words in a name that tell a secret, unless the value is the name of a Secret, a path, or a number.
SECRET = re.compile(r"password|token|private_key|secret|credential|api_key")
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
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
    by_terraform(it, root, folders)
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


# Providers that Go's module proxy has: source, version that they stand for, package, revision. Cloudflare's takes gigabytes to
# build.
PROVIDERS = {
    "hashicorp/helm": ("3.1.2", "github.com/hashicorp/terraform-provider-helm", "v1.3.3-0.20260629194918-a4f1c1d8b008"),
    "hashicorp/kubernetes": ("2.38.0", "github.com/hashicorp/terraform-provider-kubernetes", "v1.13.4-0.20260821094251-3a33fb6cc605"),
}


def mirror(folder):
    """A folder of providers, laid out as Terraform looks for them in place of a registry."""
    for source, (version, package, revision) in PROVIDERS.items():
        built = tools.go_program(package.split("/")[-1], package, revision)
        place = folder / "registry.terraform.io" / source / version / f"{platform.system().lower()}_{ARCHITECTURES[platform.machine()]}"
        place.mkdir(parents=True)
        (place / f"{package.split('/')[-1]}_v{version}").symlink_to(built)
    configuration = folder / "terraform.rc"
    configuration.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{folder}"\n  }}\n}}\n', encoding="utf-8")
    return configuration


def by_terraform(it, root, folders):
    program = shutil.which("terraform") or shutil.which("tofu")
    if program is None:
        it.saw("Terraform is not installed: format and validation unchecked")
        return

    def run(*command, **more):
        quiet = {**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1", **more}
        done = subprocess.run([program, *command], env=quiet, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return done.returncode, done.stdout.strip()

    code, said = run(f"-chdir={root}", "fmt", "-check", "-diff", "-recursive")
    if code:
        it.problem(f"not as terraform fmt would have it:\n{said}")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        # Terraform writes beside what it reads; modules read the files of others in the repository.
        for name in ("terraform", "monitoring", "scripts"):
            if (it.root / name).exists():
                shutil.copytree(it.root / name, folder / name, ignore=shutil.ignore_patterns(".terraform*"))
        configuration = None
        for path in sorted(path for path in folders if path.parent.name == "stacks"):
            wanted = needed(path, folders)
            if not wanted <= PROVIDERS.keys():
                it.saw(f"{path.name} not validated (no {', '.join(sorted(wanted - PROVIDERS.keys()))})")
                continue
            try:
                if wanted and configuration is None:
                    (folder / "providers").mkdir()
                    configuration = mirror(folder / "providers")
            except frame.Skipped as skipped:
                it.saw(f"{path.name} not validated: {skipped}")
                continue
            chosen = {"TF_CLI_CONFIG_FILE": str(configuration)} if wanted else {}
            for command in (["init", "-backend=false", "-input=false"], ["validate", "-no-color"]):
                code, said = run(f"-chdir={folder / path.relative_to(it.root)}", *command, **chosen)
                if code:
                    it.problem(f"{path.relative_to(root)}: {said}")
                    break
            else:
                it.saw(f"{path.name} valid")


def needed(path, folders):
    """The providers of a stack and of all modules that it is made of."""
    found = set(re.findall(r'source\s*=\s*"([a-z0-9-]+/[a-z0-9-]+)"', folders[path].text))
    for body in folders[path].modules.values():
        module = (path / body["source"].strip('"')).resolve()
        found |= needed(module, folders) if module in folders else set()
    return found
