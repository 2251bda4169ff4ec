"""In production Prometheus finds every process that has figures, and comes through to it; and everything that makes spans sends
them to the collector and comes through to that."""

import application
import charts
import gateway
from reach import Pod, allows, pod, reaches

# What must be scraped, besides every database.
SCRAPED = {"relay", "mailer", "analytics", "api-gateway", "valkey"}
TRACED = ("relay", "mailer")


def template_of(objects, labels):
    """The pod template that a selector finds."""
    for item in objects:
        template = item.get("spec", {}).get("template", {}) if item["kind"] in ("Deployment", "StatefulSet") else {}
        if template and labels.items() <= template["metadata"]["labels"].items():
            yield template


def targets(objects, monitor):
    """(pod, port) of everything that a ServiceMonitor scrapes; nothing when it finds no Service or no such port."""
    wanted, (endpoint,) = monitor["spec"]["selector"]["matchLabels"], monitor["spec"]["endpoints"]
    app = wanted.get("core.spinkube.dev/app-name")
    if app in charts.of_kind(objects, "SpinApp") and endpoint.get("targetPort") == "http-app":
        # The operator's Service and container: platform-facts, B 1.4.
        yield pod(name=app), 80
    for service in charts.of_kind(objects, "Service").values():
        if not wanted.items() <= service["metadata"].get("labels", {}).items():
            continue
        for port in (entry for entry in service["spec"]["ports"] if entry.get("name") == endpoint.get("port")):
            for template in template_of(objects, service["spec"]["selector"]):
                ports = [found["containerPort"] for container in template["spec"]["containers"] for found in container.get("ports", [])
                         if found.get("name") == port["targetPort"]]
                yield from ((Pod(tuple(sorted(template["metadata"]["labels"].items()))), number) for number in ports)


def scrape_problems(objects, namespace):
    policies, prometheus = list(charts.of_kind(objects, "NetworkPolicy").values()), pod(namespace)
    monitors, problems = charts.of_kind(objects, "ServiceMonitor"), []
    problems += [f"nothing scrapes {name}" for name in sorted(SCRAPED - monitors.keys())]
    for name, monitor in monitors.items():
        found = list(targets(objects, monitor))
        if not found:
            problems.append(f"the monitor of {name} finds nothing with its port")
        problems += [f"Prometheus does not come through to {name} at {port}" for target, port in found
                     if not reaches(policies, prometheus, target, port)]
    scraped = {monitor["spec"]["selector"]["matchLabels"]["cnpg.io/cluster"] for monitor in charts.of_kind(objects, "PodMonitor").values()}
    for name in charts.of_kind(objects, "Cluster"):
        if name not in scraped or not reaches(policies, prometheus, pod(cluster=name), 9187):
            problems.append(f"nothing scrapes the database {name}, or it does not come through")
    return problems


def trace_problems(objects, endpoint, namespace, services):
    """`endpoint` is where the collector is."""
    problems = []
    for executor in charts.of_kind(objects, "SpinAppExecutor").values():
        if executor["spec"]["deploymentConfig"].get("otel", {}).get("exporter_otlp_endpoint") != endpoint:
            problems.append("SpinApps send no traces to the collector")
    for name in TRACED:
        (container,) = charts.pods_of(charts.of_kind(objects, "Deployment")[name])["containers"]
        if {"name": "OTEL_EXPORTER_OTLP_ENDPOINT", "value": endpoint} not in container["env"]:
            problems.append(f"{name} sends no traces to the collector")
    edge = gateway.read(charts.of_kind(objects, "ConfigMap")["api-gateway"]["data"])
    metadata = {item["id"]: item for item in edge.rules.get("plugin_metadata", [])}.get("opentelemetry", {})
    if "opentelemetry" not in edge.everywhere() or f"http://{metadata.get('collector', {}).get('address')}" != endpoint:
        problems.append("the gateway sends no traces to the collector")
    policies = list(charts.of_kind(objects, "NetworkPolicy").values())
    problems += [f"{name} does not come through to the collector" for name in (*services, *TRACED, "api-gateway")
                 if not allows(policies, "Egress", "to", pod(name=name), pod(namespace), 4318)]
    return problems


def check(it):
    objects = charts.documents(None)
    values = charts.values()
    services, namespace = application.services(it.root), values["global"]["monitoring"]["namespace"]
    for problem in [*scrape_problems(objects, namespace), *trace_problems(objects, values["global"]["otlpEndpoint"], namespace, services)]:
        it.problem(problem)
    it.saw(f"{len(charts.of_kind(objects, 'ServiceMonitor')) + len(charts.of_kind(objects, 'PodMonitor'))} monitors")
