"""Grafana's dashboards are what their generator writes, each panel has a title, a place of its own and a query, and
Prometheus can parse every query. Whether the series exist is tested against a running shop (host-tools/tests, observed)."""

import json
import sys
import tempfile

import tools


def check(it):
    folder = it.root / "monitoring/dashboards"
    code, said = tools.output([sys.executable, folder / "generate.py", "--check"])
    if code:
        it.problem(said.strip())
    uids, expressions, panels = set(), [], 0
    for path in sorted(folder.glob("*.json")):
        dashboard = json.loads(path.read_text())
        if dashboard["uid"] in uids:
            it.problem(f"{path.name}: the uid {dashboard['uid']} is taken")
        uids.add(dashboard["uid"])
        cells = set()
        for panel in dashboard["panels"]:
            panels += 1
            place = panel["gridPos"]
            covered = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
            if covered & cells or place["x"] + place["w"] > 24:
                it.problem(f"{path.name}: the panel {panel['title']} lies over another or outside the grid")
            cells |= covered
            if panel["type"] == "stat" and not panel["fieldConfig"]["defaults"].get("thresholds"):
                it.problem(f"{path.name}: {panel['title']} has no thresholds, so Grafana makes it red from 80 on")
            found = [target["expr"] for target in panel["targets"] if target.get("expr")]
            if not found or not panel["title"]:
                it.problem(f"{path.name}: a panel without a title or a query: {panel['title']!r}")
            expressions += [(f"{path.name}, {panel['title']}", expression) for expression in found]
    parse(it, expressions)
    it.saw(f"{len(uids)} dashboards, {panels} panels")


def parse(it, expressions):
    """As rules, since promtool reads those."""
    promtool = tools.program("promtool", "scripts/setup test installs it")
    rules = [{"record": f"panel_{number}", "expr": expression} for number, (_, expression) in enumerate(expressions)]
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
        # JSON is YAML.
        json.dump({"groups": [{"name": "panels", "rules": rules}]}, file)
        file.flush()
        code, said = tools.output([promtool, "check", "rules", file.name])
    if code:
        it.problem(said.strip())
