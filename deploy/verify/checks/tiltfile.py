"""The Tiltfile runs against a stand-in of Tilt's API, and what it asks for is there: charts, images that the charts use,
objects that they make, scripts, and the ports that people are told."""

import shlex

import charts
import tilt

PORTS = {3000, 3001, 9080}


def object_ids(objects):
    return {f"{item['metadata']['name']}:{item['kind'].lower()}" for item in objects}


def problems_of(recorded, objects, root):
    problems, names = [], {item["metadata"]["name"] for item in objects}
    ids, known = object_ids(objects), set()
    for resource in [*recorded.of("k8s_resource"), *recorded.of("local_resource")]:
        known.add(resource.get("new_name") or resource.get("workload") or resource.get("name"))
    for resource in recorded.of("k8s_resource"):
        workload = resource.get("workload")
        if workload and workload not in names:
            problems.append(f"k8s_resource {workload}: the chart makes no such object")
        problems += [f"k8s_resource: the chart makes no {one}" for one in resource.get("objects", []) if one not in ids]
    for resource in [*recorded.of("k8s_resource"), *recorded.of("local_resource")]:
        for dependency in resource.get("resource_deps", []):
            if dependency not in known:
                problems.append(f"nothing is called {dependency}, which something waits for")
    applications = {item["metadata"]["name"] for item in objects if item["kind"] == "SpinApp"}
    problems += [f"{name} is in no group and waits for nothing" for name in sorted(applications - known)]
    images = {build["ref"] for build in [*recorded.of("custom_build"), *recorded.of("docker_build")]}
    settings = [one for call in recorded.of("helm") for one in call.get("set", [])]
    for kind in ("application", "tools", "migrate"):
        used = [one.split("=")[1] for one in settings if one.startswith(f"global.image.{kind}=")]
        if used == [] or used[0] not in images:
            problems.append(f"the image of global.image.{kind} is not built here")
    for call in recorded.of("helm"):
        problems += [f"there is no {path}" for path in [call["pathToChartDir"], *call.get("values", [])]
                     if not (root / path).exists()]
    for build in [*recorded.of("custom_build"), *recorded.of("docker_build")]:
        paths = [*build.get("deps", []), *build.get("only", []), *([build["dockerfile"]] if "dockerfile" in build else [])]
        problems += [f"image {build['ref']}: there is no {path}" for path in paths if not (root / path).exists()]
    commands = [call.get("cmd", "") for call in recorded.of("local_resource")]
    commands += [" ".join(call.get("argv", [])) for call in recorded.of("cmd_button")]
    for command in commands:
        for word in shlex.split(command.replace("&&", " ")):
            if word.startswith("scripts/") and not (root / word).exists():
                problems.append(f"there is no {word}")
    buttons = " ".join(call.get("name", "") for call in recorded.of("cmd_button"))
    problems += [f"there is no button for {task}" for task in ("seed", "verify") if task not in buttons]
    if not any(call.get("kind") == "SpinApp" for call in recorded.of("k8s_kind")):
        problems.append("Tilt is not told where a SpinApp names its image")
    return problems + port_problems(recorded)


def port_problems(recorded):
    """Ports are forwarded by Tilt, by kubectl, or opened by a server that is asked whether it is ready."""
    ports = {call["local_port"] for call in recorded.of("port_forward")}
    ports |= {call["port"] for call in recorded.of("http_get_action")}
    served = " ".join(call.get("serve_cmd", "") for call in recorded.of("local_resource"))
    ports |= {port for port in PORTS if "port-forward" in served and f" {port}:" in served}
    return [f"port {port} leads nowhere" for port in sorted(PORTS - ports)]


def check(it):
    objects = charts.documents(charts.CHART / "values-dev.yaml")
    recorded = tilt.run((it.root / "Tiltfile").read_text(encoding="utf-8"))
    for problem in problems_of(recorded, objects, it.root):
        it.problem(problem)
    it.saw(f"{len(recorded.calls)} calls of Tilt's API")
