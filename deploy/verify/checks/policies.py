"""Network policies allow each service what spin.toml allows it, and nothing else; and both ends of a connection allow it."""

import application
import charts

SERVERS = {"streams": {"souk.dev/name": "streams"}, "cache": {"souk.dev/name": "cache"}}
PORTS = {"postgres": 5432, "streams": 6379, "cache": 6379}


def cluster_of(service, objects):
    """The database cluster that holds a service's database."""
    found = charts.of_kind(objects, "Cluster")
    return f"{service}-db" if f"{service}-db" in found else "souk-db"


def servers_in(policy):
    """What a policy lets a service reach besides names and traces: (labels of the other side, port)."""
    found = set()
    for rule in policy["spec"].get("egress", []):
        for peer in rule.get("to", [{}]):
            if "namespaceSelector" in peer:
                continue
            labels = tuple(sorted(peer.get("podSelector", {}).get("matchLabels", {}).items()))
            found |= {(labels, port["port"]) for port in rule.get("ports", [])}
    return found


def compare(service, wanted, objects):
    """Problems of one service's policy."""
    policy = charts.of_kind(objects, "NetworkPolicy").get(service.name)
    if policy is None:
        return [f"{service.name} has no network policy"]
    expected = set()
    for server in wanted:
        labels = SERVERS.get(server) or {"cnpg.io/cluster": cluster_of(service.name, objects)}
        expected.add((tuple(sorted(labels.items())), PORTS[server]))
    found, problems = servers_in(policy), []
    for labels, port in sorted(found - expected):
        problems.append(f"{service.name} may reach {dict(labels)}:{port}, which spin.toml does not allow it")
    for labels, port in sorted(expected - found):
        problems.append(f"{service.name} may not reach {dict(labels)}:{port}, which spin.toml allows it")
    return problems


def admits(policy, service, port):
    """Whether a server's policy lets a service in."""
    for rule in policy["spec"].get("ingress", []):
        peers = [peer.get("podSelector", {}).get("matchLabels", {}).get("souk.dev/name") for peer in rule.get("from", [])]
        if service in peers and port in [entry["port"] for entry in rule.get("ports", [])]:
            return True
    return False


def other_side(service, wanted, objects):
    """Problems of the policies of those whom the service speaks to."""
    policies, problems = charts.of_kind(objects, "NetworkPolicy"), []
    for server in ("postgres", "streams", "cache"):
        name = cluster_of(service.name, objects) if server == "postgres" else server
        is_open = name in policies and admits(policies[name], service.name, PORTS[server])
        if is_open != (server in wanted):
            word = "lets in" if is_open else "keeps out"
            problems.append(f"the policy of {name} {word} {service.name}, and spin.toml says otherwise")
    return problems


def check(it):
    services = application.services(it.root)
    for file in charts.values_files():
        objects = charts.documents(file)
        default = charts.of_kind(objects, "NetworkPolicy").get("nothing-unless-allowed", {}).get("spec", {})
        if default.get("podSelector") != {} or set(default.get("policyTypes", [])) != {"Ingress", "Egress"}:
            it.problem(f"{charts.label(file)}: nothing denies what no policy allows")
        for service in services.values():
            for problem in [*compare(service, service.outbound, objects), *other_side(service, service.outbound, objects)]:
                it.problem(f"{charts.label(file)}: {problem}")
    it.saw(f"{len(services)} services")
