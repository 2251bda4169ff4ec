"""The OpenTelemetry collector's configuration holds together: every part that a pipeline names is there, every part that
is there is named, memory is limited first, and a SpinApp gets its name before anything is counted by name."""

import sources


def check(it):
    (config,) = sources.documents((it.root / "monitoring/otel/collector.yaml").read_text())
    parts = {kind: set(config.get(kind, {})) for kind in ("receivers", "processors", "exporters", "connectors")}
    used = {kind: set() for kind in parts}
    pipelines = config["service"]["pipelines"]
    for name, pipeline in pipelines.items():
        for kind in ("receivers", "processors", "exporters"):
            for part in pipeline[kind]:
                kinds = [kind] if kind == "processors" else [kind, "connectors"]
                home = next((home for home in kinds if part in parts[home]), None)
                if home is None:
                    it.problem(f"the pipeline {name} names {part}, which is not among the {kind}")
                else:
                    used[home].add(part)
        processors = pipeline["processors"]
        if "otlp" in pipeline["receivers"]:
            if processors[0] != "memory_limiter":
                it.problem(f"the pipeline {name} must begin with memory_limiter")
            if processors.index("k8sattributes") > processors.index("transform/service_name"):
                it.problem(f"the pipeline {name} names services before it knows their pods")
    for kind, names in parts.items():
        for part in sorted(names - used[kind]):
            it.problem(f"no pipeline uses {part}")
    for connector in parts["connectors"]:
        sides = [kind for kind in ("receivers", "exporters") if any(connector in p[kind] for p in pipelines.values())]
        if len(sides) != 2:
            it.problem(f"the connector {connector} must end one pipeline and begin another")
    if config["connectors"]["spanmetrics"]["histogram"]["unit"] != "s":
        it.problem("rules and dashboards read the histogram of span metrics in seconds")
    it.saw(f"{len(pipelines)} pipelines")
