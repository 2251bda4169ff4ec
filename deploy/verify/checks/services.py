"""Each component of spin.toml is one SpinApp with the variables, secrets, probes, limits, autoscaling and disruption budget
that it needs, and with nobody else's secrets."""

import application
import charts

PLACEHOLDER = "unused"


def variables_of(app):
    return {entry["name"]: entry for entry in app["spec"].get("variables", [])}


def secret_problems(service, app, declared):
    """Secrets come from Secrets; what the component does not use is a placeholder; what is required is there."""
    found, problems = variables_of(app), []
    for name, entry in found.items():
        if name not in declared:
            problems.append(f"{service.name}: spin.toml declares no variable {name}")
            continue
        is_used = name in service.variables
        if not is_used and entry.get("value") != PLACEHOLDER:
            problems.append(f"{service.name} is given {name}, which it does not use")
        if is_used and declared[name].get("secret") and "secretKeyRef" not in entry.get("valueFrom", {}):
            problems.append(f"{service.name}: the secret {name} does not come from a Secret")
        if is_used and entry.get("value") == PLACEHOLDER:
            problems.append(f"{service.name} uses {name} and is given a placeholder")
    # Spin wants every required variable of the application, also those of components that are not there.
    for name, variable in declared.items():
        if variable.get("required") and name not in found:
            problems.append(f"{service.name} does not start: the required variable {name} has no value")
    return problems


def scaling_problems(service, app, objects):
    """One autoscaler: processor time, and the lag of the service's group on each of its streams."""
    problems = []
    scaled = [item for item in charts.of_kind(objects, "ScaledObject").values()
              if item["spec"]["scaleTargetRef"]["name"] == service.name]
    if not app["spec"].get("enableAutoscaling"):
        if scaled or "replicas" not in app["spec"]:
            problems.append(f"{service.name}: without autoscaling it has a number of replicas and no ScaledObject")
        return problems
    if "replicas" in app["spec"]:
        problems.append(f"{service.name}: the operator refuses `replicas` beside `enableAutoscaling`")
    if len(scaled) != 1:
        return [*problems, f"{service.name} has {len(scaled)} ScaledObjects: two autoscalers of one Deployment fight"]
    triggers = scaled[0]["spec"]["triggers"]
    if [trigger for trigger in triggers if trigger["type"] == "cpu"] == []:
        problems.append(f"{service.name} does not scale with its processor time")
    if "cpu" not in app["spec"]["resources"].get("requests", {}):
        problems.append(f"{service.name}: a percentage of the requested processor time needs a request")
    lags = [trigger["metadata"] for trigger in triggers if trigger["type"] == "redis-streams"]
    if sorted(lag["stream"] for lag in lags) != sorted(service.streams):
        problems.append(f"{service.name} reads {service.streams} and scales with {[lag['stream'] for lag in lags]}")
    for lag in lags:
        if lag["consumerGroup"] != service.name or "lagCount" not in lag:
            problems.append(f"{service.name}: the trigger of {lag['stream']} does not watch the lag of its own group")
    if service.name not in charts.of_kind(objects, "PodDisruptionBudget"):
        problems.append(f"{service.name} has no disruption budget")
    return problems


def probe_problems(service, app):
    """A service is asked on its own API whether it is alive and ready."""
    api = service.routes[0].removesuffix("/...")
    wanted = {"readiness": f"{api}/readyz", "liveness": f"{api}/healthz"} if service.database else dict.fromkeys(
        ("readiness", "liveness"), "/.well-known/spin/health")
    checks = app["spec"].get("checks", {})
    return [f"{service.name}: the {kind} probe asks {checks.get(kind, {}).get('httpGet', {}).get('path')} and not {path}"
            for kind, path in wanted.items() if checks.get(kind, {}).get("httpGet", {}).get("path") != path]


def limit_problems(service, app):
    limits = app["spec"].get("resources", {}).get("limits", {})
    if "memory" not in limits or "memory" not in app["spec"].get("invocationLimits", {}):
        return [f"{service.name} has no memory limit, or none for an instance"]
    return []


def values_problems(variables, declared):
    """`global.variables` can set what spin.toml declares and what is no secret."""
    problems = [f"global.variables.{name}: spin.toml declares no such variable" for name in variables if name not in declared]
    return problems + [f"global.variables.{name} is a secret: it belongs into a Secret" for name in variables
                       if declared.get(name, {}).get("secret")]


def problems_of(objects, services, declared):
    apps, problems = charts.of_kind(objects, "SpinApp"), []
    executors = charts.of_kind(objects, "SpinAppExecutor")
    problems += [f"{name} is no component of spin.toml" for name in sorted(set(apps) - set(services))]
    if charts.of_kind(objects, "HorizontalPodAutoscaler"):
        problems.append("a HorizontalPodAutoscaler of ours would fight KEDA's")
    for name, service in services.items():
        if name not in apps:
            problems.append(f"{name} has no SpinApp")
            continue
        app = apps[name]
        if app["spec"].get("components") != [name]:
            problems.append(f"{name} runs the components {app['spec'].get('components')}")
        if app["spec"].get("executor") not in executors:
            problems.append(f"{name}: there is no executor {app['spec'].get('executor')} in its namespace")
        problems += secret_problems(service, app, declared)
        problems += scaling_problems(service, app, objects)
        problems += probe_problems(service, app) + limit_problems(service, app)
    return problems


def check(it):
    services, declared = application.services(it.root), application.declared(it.root)
    for file in charts.values_files():
        variables = charts.values(file).get("global", {}).get("variables", {})
        for problem in [*problems_of(charts.documents(file), services, declared), *values_problems(variables, declared)]:
            it.problem(f"{charts.label(file)}: {problem}")
    it.saw(f"{len(services)} services")
