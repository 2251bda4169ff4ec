"""Who reaches whom through the network policies, judged as a network plug-in does: a pod that a policy selects may do what any
of its policies allows, on both ends of a connection."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Pod:
    """What policies know a pod by. `namespace` is None for the application's own."""

    labels: tuple
    namespace: str | None = None


def pod(namespace=None, **labels):
    """`pod(name="relay")` has the label `souk.dev/name`, `pod(cluster="order-db")` is an instance of a database."""
    names = {"name": "souk.dev/name", "cluster": "cnpg.io/cluster", "dns": "k8s-app"}
    return Pod(tuple(sorted((names[key], value) for key, value in labels.items())), namespace)


def selects(selector, labels):
    """Whether a label selector fits."""
    wanted = selector.get("matchLabels", {})
    exist = [entry["key"] for entry in selector.get("matchExpressions", []) if entry["operator"] == "Exists"]
    return all(labels.get(key) == value for key, value in wanted.items()) and all(key in labels for key in exist)


def fits(peer, other):
    """Whether an entry of `from` or `to` means a pod."""
    if "namespaceSelector" in peer:
        if not selects(peer["namespaceSelector"], {"kubernetes.io/metadata.name": other.namespace or "souk"}):
            return False
    elif other.namespace is not None:
        return False
    return selects(peer.get("podSelector", {}), dict(other.labels))


def allows(policies, direction, side, here, other, port):
    """Whether the policies of `here` let it speak to `other` (Egress, to) or be spoken to (Ingress, from)."""
    mine = [policy["spec"] for policy in policies
            if direction in policy["spec"]["policyTypes"] and selects(policy["spec"]["podSelector"], dict(here.labels))]
    if not mine or here.namespace is not None:
        return True
    rules = [rule for spec in mine for rule in spec.get(direction.lower(), [])]
    return any((side not in rule or any(fits(peer, other) for peer in rule[side]))
               and ("ports" not in rule or port in [entry["port"] for entry in rule["ports"]]) for rule in rules)


def reaches(policies, source, target, port):
    """Whether a connection comes through at both ends."""
    return (allows(policies, "Egress", "to", source, target, port)
            and allows(policies, "Ingress", "from", target, source, port))
