"""`terraform fmt` and `terraform validate`, where Terraform is installed: of every stack whose providers can be had without a
registry."""

import os
import pathlib
import platform
import re
import shutil
import subprocess
import tempfile

import frame
import tools

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
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
