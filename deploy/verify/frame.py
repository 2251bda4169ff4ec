"""What every check of `make verify-deploy` is written against.

A check is a file in `checks/` with a docstring that says what it promises and a function `check(it)`. It calls
`it.saw(text)` for what it looked at, `it.problem(text)` for what is wrong, and `it.skip(why)` when it cannot be done
here. A check that saw nothing fails: a check of nothing is always green.
"""

import dataclasses
import importlib
import pathlib
import time
import traceback

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Schemas of other projects, kept beside the checkout. Where it is absent, what needs it is skipped.
SHARED = ROOT.parent / "shared"
CHECKS = pathlib.Path(__file__).parent / "checks"


class Skipped(Exception):
    """Ends a check that cannot be done here; says why."""


@dataclasses.dataclass
class Findings:
    """What one check found."""

    name: str
    root: pathlib.Path = ROOT
    shared: pathlib.Path = SHARED
    problems: list = dataclasses.field(default_factory=list)
    seen: list = dataclasses.field(default_factory=list)
    skipped: str = ""

    def saw(self, text):
        self.seen.append(text)

    def problem(self, text):
        self.problems.append(text)

    def skip(self, why):
        raise Skipped(why)

    def need_shared(self, name):
        """The path of a file or folder in ../shared; skips the check where there is none."""
        path = self.shared / name
        if not path.exists():
            self.skip(f"../shared/{name} is absent")
        return path

    @property
    def state(self):
        if self.problems:
            return "FAILED"
        return "skipped" if self.skipped else "ok"


def names():
    return sorted(path.stem for path in CHECKS.glob("*.py") if not path.stem.startswith("_"))


def run(name, **places):
    """Runs one check and returns its findings; a check that breaks is one that failed."""
    findings = Findings(name, **places)
    try:
        importlib.import_module(f"checks.{name}").check(findings)
        if not findings.seen and not findings.problems:
            findings.problem("looked at nothing")
    except Skipped as skipped:
        findings.skipped = str(skipped)
    except Exception:
        findings.problem("the check itself broke:\n" + traceback.format_exc())
    return findings


def report(findings, seconds):
    said = findings.skipped or ", ".join(findings.seen)
    print(f"{findings.state:<8} {findings.name:<16} {said} ({seconds:.1f} s)", flush=True)
    for problem in findings.problems:
        print("         - " + problem.replace("\n", "\n           "), flush=True)


def run_all(selected):
    """Runs the checks, prints a line for each and the sum, and returns whether none failed."""
    unknown = sorted(set(selected) - set(names()))
    if unknown:
        print(f"there is no check {', '.join(unknown)}: {', '.join(names())}")
        return False
    states = []
    for name in selected or names():
        began = time.monotonic()
        findings = run(name)
        report(findings, time.monotonic() - began)
        states.append(findings.state)
    passed, failed, skipped = (states.count(state) for state in ("ok", "FAILED", "skipped"))
    print(f"verify-deploy: {passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return failed == 0
