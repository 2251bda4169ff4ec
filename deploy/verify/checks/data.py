"""What the data rests on: a migration comes before the pods that need it; streams are kept on disk and nothing of them is
evicted; in production nothing that can be several is alone; and relay, mailer, migration, gateway, KEDA and the operator come
through to what they need."""

import application
import charts
from reach import pod, reaches

HOOK = "helm.sh/hook"


def hook_problems(objects):
    """An upgrade's migration ends before its pods start, and what lets it reach the databases is there before it."""
    problems, jobs = [], charts.of_kind(objects, "Job")
    policy = charts.of_kind(objects, "NetworkPolicy").get("migrate", {}).get("metadata", {}).get("annotations", {})
    wanted = {"migrate": "post-install,pre-upgrade", "migrate-new": "post-upgrade"}
    for name, when in wanted.items():
        notes = jobs.get(name, {}).get("metadata", {}).get("annotations", {})
        if notes.get(HOOK) != when:
            problems.append(f"the Job {name} runs {notes.get(HOOK) or 'whenever it likes'}, not {when}")
    if policy.get(HOOK) != wanted["migrate"] or int(policy.get("helm.sh/hook-weight", 0)) >= 0:
        problems.append("the migration's network policy is not there before the migration")
    return problems


def valkey_problems(objects, in_production):
    """Events are kept, the cache may go."""
    problems, maps = [], charts.of_kind(objects, "ConfigMap")
    settings = {name: dict(line.split(" ", 1) for line in maps[name]["data"]["valkey.conf"].splitlines() if " " in line and line[0] != "#")
                for name in ("streams", "cache")}
    wanted = {"appendonly": "yes", "maxmemory-policy": "noeviction"}
    if in_production:
        wanted["appendfsync"] = "always"
    problems += [f"streams has {key} {settings['streams'].get(key)}, not {value}" for key, value in wanted.items()
                 if settings["streams"].get(key) != value]
    if not charts.of_kind(objects, "StatefulSet")["streams"]["spec"].get("volumeClaimTemplates"):
        problems.append("streams has no volume")
    if settings["cache"].get("maxmemory-policy") != "allkeys-lfu":
        problems.append("the cache does not evict")
    return problems


def alone(objects):
    """What a node that vanishes would take with it. Streams and analytics may be: docs/operate.md says what then happens."""
    problems = []
    for name, deployment in charts.of_kind(objects, "Deployment").items():
        scaled = charts.of_kind(objects, "ScaledObject").get(name, {}).get("spec", {})
        if scaled.get("minReplicaCount", deployment["spec"].get("replicas", 1)) < 2:
            problems.append(f"there is one {name}")
    for name, scaled in charts.of_kind(objects, "ScaledObject").items():
        if scaled["spec"]["minReplicaCount"] < 2 and name != "analytics":
            problems.append(f"there may be one {name}")
    for name, cluster in charts.of_kind(objects, "Cluster").items():
        if cluster["spec"]["instances"] < 3 or "synchronous" not in cluster["spec"]["postgresql"]:
            problems.append(f"{name}: what is committed may be on one machine alone")
    return problems


def ways(objects, services):
    """Who must come through to whom: what it is, from, to, port."""
    clusters, operator, keda = charts.of_kind(objects, "Cluster"), pod("cnpg-system"), pod("keda")
    streams, cache, gateway = pod(name="streams"), pod(name="cache"), pod(name="api-gateway")
    for name in ("relay", "mailer"):
        yield f"{name} to the streams", pod(name=name), streams, 6379
    yield "KEDA to the streams", keda, streams, 6379
    yield "the gateway to the cache", gateway, cache, 6379
    for service in services:
        yield f"the gateway to {service}", gateway, pod(name=service), 80
    for cluster in clusters:
        database = pod(cluster=cluster)
        for name in ("relay", "migrate"):
            yield f"{name} to {cluster}", pod(name=name), database, 5432
        yield f"{cluster} to its replicas", database, database, 5432
        yield f"the operator to {cluster}", operator, database, 8000
        yield f"{cluster} to the operator's plug-ins", database, operator, 9090
    for one in (*map(lambda name: pod(name=name), [*services, "relay", "mailer", "migrate", "api-gateway"]),
                *map(lambda cluster: pod(cluster=cluster), clusters)):
        yield f"{dict(one.labels)} to names", one, pod("kube-system", dns="kube-dns"), 53


def way_problems(objects, services):
    policies = list(charts.of_kind(objects, "NetworkPolicy").values())
    problems = [f"{what} ({port}): the network policies do not let it through"
                for what, source, target, port in ways(objects, services) if not reaches(policies, source, target, port)]
    strangers = [(pod(name="storefront"), pod(name="streams"), 6379), (pod("default"), pod(name="order"), 80)]
    strangers += [(pod("default"), pod(cluster=name), 5432) for name in charts.of_kind(objects, "Cluster")]
    return problems + [f"{source} reaches {target}" for source, target, port in strangers if reaches(policies, source, target, port)]


def check(it):
    services = application.services(it.root)
    for file in charts.values_files():
        objects, in_production = charts.documents(file), file is None
        problems = [*hook_problems(objects), *valkey_problems(objects, in_production), *way_problems(objects, services)]
        problems += alone(objects) if in_production else []
        for problem in problems:
            it.problem(f"{charts.label(file)}: {problem}")
        it.saw(f"{len(list(ways(objects, services)))} ways of {charts.label(file)}")
