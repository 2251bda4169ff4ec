"""GitHub's workflows: actionlint finds nothing, ShellCheck nothing in their scripts."""

import os

import tools

VERSION = "v1.7.12"


def lint(files):
    """actionlint's exit code and words."""
    program = tools.go_program("actionlint", "github.com/rhysd/actionlint/cmd/actionlint", VERSION)
    shellcheck = tools.program("shellcheck", "it comes with the checks' packages")
    return tools.output([program, "-no-color", "-shellcheck", shellcheck, "-pyflakes=", *files], cwd=os.path.dirname(files[0]))


def check(it):
    folder = it.root / ".github/workflows"
    files = sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")])
    if not files:
        it.skip("there are no workflows yet")
    code, text = lint(files)
    if code:
        it.problem(text.strip())
    it.saw(f"{len(files)} workflows")
