"""Prometheus' and Alertmanager's configuration is what their own tools accept, the rules pass their unit tests, and every
alert has one."""

import re
import tempfile

import sources
import tools


def check(it):
    promtool = tools.program("promtool", "scripts/setup test installs it")
    folder = it.root / "monitoring/prometheus"
    rules, tests = sorted(folder.glob("rules/*.yml")), sorted(folder.glob("tests/*.yml"))
    for what in (["check", "config", folder / "local.yml"], ["check", "rules", *rules], ["test", "rules", *tests]):
        code, said = tools.output([promtool, *what])
        if code:
            it.problem(said.strip())
    alerts = alerts_of(rules)
    tested = set(re.findall(r"alertname: (\w+)", "".join(path.read_text() for path in tests)))
    for name in sorted(alerts - tested):
        it.problem(f"no unit test in monitoring/prometheus/tests has the alert {name}")
    for name in sorted(tested - alerts):
        it.problem(f"there is no alert {name}")
    it.saw(f"{len(alerts)} alerts, {len(tested)} with unit tests")
    alertmanager(it)


def alerts_of(rules):
    groups = [group for path in rules for document in sources.documents(path.read_text()) for group in document["groups"]]
    return {rule["alert"] for group in groups for rule in group["rules"] if "alert" in rule}


def alertmanager(it):
    """Routes lead to receivers that exist; amtool says the rest, where there is one."""
    path = it.root / "monitoring/alertmanager/alertmanager.yml"
    (config,) = sources.documents(path.read_text())
    receivers = {receiver["name"] for receiver in config["receivers"]}
    for name in sorted(wanted(config["route"]) ^ receivers):
        it.problem(f"alertmanager.yml: the receiver {name} is either not there or not used")
    known = alerts_of((it.root / "monitoring/prometheus/rules").glob("*.yml"))
    for name in re.findall(r"Souk\w+", path.read_text()):
        if name not in known:
            it.problem(f"alertmanager.yml: there is no alert {name}")
    amtool = tools.shutil.which("amtool")
    if amtool is None:
        it.saw("receivers (amtool is not installed)")
        return
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as copy:
        # Debian's amtool is older than url_file.
        copy.write(re.sub(r"url_file: \S+", "url: http://localhost/", path.read_text()))
        copy.flush()
        code, said = tools.output([amtool, "check-config", copy.name])
    if code:
        it.problem(said.strip())
    it.saw(f"{len(receivers)} receivers")


def wanted(route):
    return {route["receiver"]}.union(*(wanted(child) for child in route.get("routes", [])))
