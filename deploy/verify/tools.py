"""Tools that the checks run, each in a version of its own under target/tools: Python packages, and Go programs through
the Go module proxy."""

import os
import pathlib
import shutil
import subprocess
import tempfile

from frame import ROOT, Skipped

FOLDER = ROOT / "target/tools"


def missing(why):
    """A tool that a person may lack is a reason to skip, one that CI lacks is a failure."""
    raise RuntimeError(why) if os.environ.get("CI") else Skipped(why)


def go_program(name, package, version):
    """The path of a Go program; built on first use, which takes minutes for a large one."""
    program = FOLDER / "go" / f"{name}-{version}"
    if program.exists():
        return program
    if shutil.which("go") is None:
        missing(f"{name} is built with Go, and there is no Go: install it (https://go.dev/dl) and try again")
    print(f"==> building {name} {version} into target/tools (once)", flush=True)
    program.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=program.parent) as folder:
        command = ["go", "install", "-ldflags=-s -w", f"{package}@{version}"]
        done = subprocess.run(command, env={**os.environ, "GOBIN": folder}, capture_output=True, text=True)
        if done.returncode:
            missing(f"{name} {version} cannot be built with {go_version()}: {done.stderr.strip().splitlines()[-1]}")
        # Whoever was faster wins; both are the same.
        os.replace(pathlib.Path(folder) / name, program)
    return program


def go_version():
    return subprocess.run(["go", "env", "GOVERSION"], capture_output=True, text=True).stdout.strip()


def helm():
    return go_program("helm", "helm.sh/helm/v4/cmd/helm", "v4.3.1")


def program(name, otherwise):
    """The path of a program from the system's packages or of a Python package."""
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("VERIFY_BIN", ""), os.environ["PATH"]]))
    if found is None:
        missing(f"{name} is missing: {otherwise}")
    return found


def output(command, **options):
    """Runs a command; returns its exit code and all that it printed."""
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          **options)
    return done.returncode, done.stdout
