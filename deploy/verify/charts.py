"""The chart of Souk as Helm renders it."""

import functools
import pathlib

import frame
import sources
import tools

CHART = frame.ROOT / "helm/souk"
NAMESPACE = "souk"


def values_files(chart=CHART):
    """Every way in which the chart is meant to be installed: its own values, and each file that is merged over them."""
    return [None, *sorted(chart.glob("values-*.yaml"))]


def label(file):
    return file.name if file else "values.yaml"


def helm(*arguments):
    return tools.output([tools.helm(), *arguments])


def template(file, *arguments, chart=CHART):
    """Exit code and output of `helm template`."""
    values = ["--values", file] if file else []
    return helm("template", "souk", chart, "--namespace", NAMESPACE, *values, *arguments)


@functools.cache
def documents(file, chart=CHART):
    """All objects that a values file gives; an error of Helm's ends the check."""
    code, text = template(file, chart=chart)
    if code:
        raise RuntimeError(f"helm template fails with {label(file)}: {text.strip()}")
    return sources.documents(text)


def values(file=None):
    """What a values file says; without one, the chart's own."""
    (found,) = sources.documents((file or CHART / "values.yaml").read_text(encoding="utf-8"))
    return found


def of_kind(objects, kind):
    """Objects of a kind by name."""
    return {item["metadata"]["name"]: item for item in objects if item["kind"] == kind}


def pods_of(item):
    """The pod template's spec of an object that makes pods, or nothing."""
    template = item.get("spec", {}).get("template") if isinstance(item.get("spec"), dict) else None
    return template.get("spec", {}) if isinstance(template, dict) else {}


def relative(path):
    path = pathlib.Path(path)
    return path.relative_to(frame.ROOT) if path.is_relative_to(frame.ROOT) else path
