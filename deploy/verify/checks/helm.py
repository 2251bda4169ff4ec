"""Helm accepts the chart and every values file, and refuses a misspelt key by its name."""

import charts


def misspelt(it, *arguments, word):
    code, text = charts.template(None, *arguments)
    if code == 0:
        it.problem(f"the key {word!r} is accepted: values.schema.json does not know all keys")
    elif word not in text:
        it.problem(f"the key {word!r} is refused, but not by its name: {text.strip()}")


def check(it):
    files = charts.values_files()
    for file in files:
        values = ["--values", file] if file else []
        code, text = charts.helm("lint", charts.CHART, "--strict", *values)
        if code:
            it.problem(f"helm lint with {charts.label(file)}: {text.strip()}")
        code, text = charts.template(file)
        if code:
            it.problem(f"helm template with {charts.label(file)}: {text.strip()}")
    misspelt(it, "--set", "ordr.replicas=2", word="ordr")
    misspelt(it, "--set", "order.autoscaling.maximum=2", word="maximum")
    misspelt(it, "--set", "global.postgres.instanses=2", word="instanses")
    misspelt(it, "--set", "api-gateway.limits./api/users/login.cuont=1", word="cuont")
    it.saw(f"{len(files)} values files")
