"""Pods of ours run without rights: not as root, nothing to gain, a root that cannot be written, limits, no token of the
cluster's API; what is served is asked whether it is alive."""

import charts

# Writes its own configuration beside its programs at every start.
WRITES_ITS_ROOT = {"api-gateway"}


def problems_of(item):
    name, pod, problems = item["metadata"]["name"], charts.pods_of(item), []
    if not pod:
        return []
    security = pod.get("securityContext", {})
    if not security.get("runAsNonRoot") or security.get("runAsUser", 0) == 0:
        problems.append(f"{name} may run as root")
    if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        problems.append(f"{name} may make any system call")
    if pod.get("automountServiceAccountToken") is not False:
        problems.append(f"{name} is given a token of the cluster's API")
    for container in pod["containers"]:
        where, own = f"{name}/{container['name']}", container.get("securityContext", {})
        if own.get("allowPrivilegeEscalation") is not False or own.get("capabilities", {}).get("drop") != ["ALL"]:
            problems.append(f"{where} may gain rights")
        if not own.get("readOnlyRootFilesystem") and name not in WRITES_ITS_ROOT:
            problems.append(f"{where} may write its root")
        resources = container.get("resources", {})
        if "memory" not in resources.get("limits", {}) or "cpu" not in resources.get("requests", {}):
            problems.append(f"{where} has no limit of memory, or no request")
        if item["kind"] != "Job" and container.get("ports") and container["name"] != "exporter":
            problems += [f"{where} has no {probe}" for probe in ("livenessProbe", "readinessProbe") if probe not in container]
        problems += [f"{where}: its {probe} logs in with the password of the day when the pod started"
                     for probe in ("livenessProbe", "readinessProbe") if logs_in_with_the_environment(container.get(probe, {}))]
        if container["image"].endswith(":latest") or ":" not in container["image"]:
            problems.append(f"{where}: {container['image']} is another one tomorrow")
    return problems


def logs_in_with_the_environment(probe):
    """A rotated password changes in mounted files; in the environment of a pod that runs it does not."""
    command = " ".join(probe.get("exec", {}).get("command", []))
    return "valkey-cli" in command and "REDISCLI_AUTH=$(cat /etc/valkey-secret/password)" not in command


def check(it):
    for file in charts.values_files():
        objects = [item for item in charts.documents(file) if charts.pods_of(item)]
        for item in objects:
            for problem in problems_of(item):
                it.problem(f"{charts.label(file)}: {problem}")
        it.saw(f"{len(objects)} workloads of {charts.label(file)}")
