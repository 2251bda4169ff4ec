"""What the gateway does with requests: every HTTP trigger of spin.toml has its route and nothing else has one; a token is
asked for where the OpenAPI documents ask for one and nowhere else; limits, breaker, clean headers, caching."""

import re

import application
import charts
import gateway

IDENTITY = {"X-Consumer-Username", "X-Credential-Identifier", "X-Consumer-Custom-ID", "X-Userinfo", "X-User-Id"}
# What somebody would try again and again: passwords, tokens of mails, cards.
TRIED = ("/api/users/login", "/api/users/register", "/api/users/password/forgot", "/api/users/password/reset",
         "/api/users/verify-email", "/api/orders/checkout")
GUARDED = ("limit-count", "api-breaker", "client-control", "proxy-rewrite")
EVERYWHERE = ("real-ip", "request-id", "cors", "prometheus")


def sample(path):
    """A path that a template of OpenAPI matches."""
    return re.sub(r"\{[a-z_]+\}", "x1", path)


def trigger_problems(found, services):
    """Routes against triggers, in both directions."""
    problems, wanted = [], {}
    for service in services.values():
        for route in service.routes:
            base = route.removesuffix("/...")
            wanted[service.name] = {base, f"{base}/*"} if base else {"/*"}
    for name, paths in wanted.items():
        have = {uri for route in found.rules["routes"] if route.get("upstream_id") == name for uri in gateway.uris(route)}
        problems += [f"the trigger of {name} has no route {path}" for path in sorted(paths - have)]
    for route in found.rules["routes"]:
        upstream = route.get("upstream_id")
        if upstream is None and "fault-injection" in route.get("plugins", {}):
            continue
        prefixes = [path.removesuffix("/*").removesuffix("*") for path in wanted.get(upstream, ())]
        for uri in gateway.uris(route):
            inside = [one for one in prefixes if uri == one or uri.startswith(one.rstrip("/") + "/")]
            if not inside:
                problems.append(f"route {route['id']}: no trigger of {upstream} serves {uri}")
    return problems


def token_problems(found, services, operations):
    """The edge asks for a token where the documents do; what is internal is not there at all."""
    problems = []
    owner = {service.routes[0].removesuffix("/..."): name for name, service in services.items()}
    for operation in operations:
        path = sample(operation.path)
        route = found.route(operation.method, path)
        plugins = found.plugins(route) if route else {}
        what = f"{operation.method} {operation.path}"
        if operation.path.endswith("/metrics"):
            problems += [] if "fault-injection" in plugins else [f"{what} is for the inside alone, and the gateway serves it"]
            continue
        if "fault-injection" in plugins:
            problems.append(f"{what} is not there for anybody")
            continue
        if route is None or route["upstream_id"] != owner["/".join(path.split("/")[:3])]:
            problems.append(f"{what} goes to {route and route.get('upstream_id')}")
        elif operation.is_open and "jwt-auth" in plugins:
            problems.append(f"{what} is for anybody, and the gateway asks for a token (route {route['id']})")
        elif not operation.is_open and "jwt-auth" not in plugins:
            problems.append(f"{what} needs a token, and the gateway asks for none (route {route['id']})")
    return problems


def plugin_problems(found):
    """What every route has, and how it is set."""
    # APISIX keeps a counter for what a limit stands in.
    problems = [f"the plugin_config {shared['id']} has a limit: its routes would be counted together"
                for shared in found.rules["plugin_configs"] if "limit-count" in shared["plugins"]]
    for route in found.rules["routes"]:
        plugins = found.plugins(route)
        if "upstream_id" not in route:
            continue
        problems += [f"route {route['id']} has no {name}" for name in GUARDED if name not in plugins]
        limit = plugins.get("limit-count", {})
        if (limit.get("policy"), limit.get("rejected_code"), limit.get("allow_degradation")) != ("redis", 429, True):
            problems.append(f"route {route['id']}: its limit does not count in Redis, answer 429, and let pass without Redis")
        removed = set(plugins.get("proxy-rewrite", {}).get("headers", {}).get("remove", []))
        problems += [f"route {route['id']} lets {name} through" for name in sorted(IDENTITY - removed)]
        statuses = set(plugins.get("api-breaker", {}).get("unhealthy", {}).get("http_statuses", []))
        if not {500, 502, 503, 504} <= statuses:
            problems.append(f"route {route['id']}: the breaker does not open at {sorted({500, 502, 503, 504} - statuses)}")
        jwt = plugins.get("jwt-auth", {})
        if jwt and (jwt.get("key_claim_name"), jwt.get("claims_to_verify")) != ("iss", ["exp"]):
            problems.append(f"route {route['id']}: tokens name their key by `iss` and expire by `exp`")
    everywhere = found.everywhere()
    problems += [f"there is no {name} for all routes" for name in EVERYWHERE if name not in everywhere]
    if "*" in everywhere.get("cors", {}).get("allow_origins", "*"):
        problems.append("every site may call with the shopper's cookies")
    if not any(consumer["plugins"].get("jwt-auth", {}).get("algorithm") == "EdDSA"
               for consumer in found.rules.get("consumers", [])):
        problems.append("no consumer verifies EdDSA")
    used = {name for route in found.rules["routes"] for name in found.plugins(route)} | set(everywhere)
    used |= {item["id"] for item in found.rules.get("plugin_metadata", [])}
    problems += [f"the plugin {name} is used but not loaded" for name in sorted(used - set(found.config["plugins"]))]
    if not found.is_ended:
        problems.append("apisix.yaml does not end with #END: it would never be read")
    return problems


def login_problems(found):
    """Passwords, links in mails and cards cannot be tried at the pace at which products can be read."""
    usual, problems = found.plugins(found.route("GET", "/api/orders"))["limit-count"], []
    for path in TRIED:
        limit = found.plugins(found.route("POST", path))["limit-count"]
        if limit["count"] / limit["time_window"] >= usual["count"] / usual["time_window"] / 10:
            problems.append(f"{path} is limited to {limit['count']} in {limit['time_window']} s, hardly less than anything else")
    return problems


def header_problems(found, documents):
    """Browsers may send every header that an operation reads; what a webhook is signed with comes from no browser."""
    allowed = found.everywhere()["cors"]["allow_headers"].split(",")
    read = {parameter["name"].lower() for document in documents for path, item in document["paths"].items() if "/webhooks/" not in path
            for operation in item.values() for parameter in operation.get("parameters", []) if parameter.get("in") == "header"}
    return [f"browsers of other origins may not send {name}, which an operation reads" for name in sorted(read - set(allowed))]


def name_problems(found, operations):
    """A route of its own is for an operation that is there: a limit whose path is misspelt would limit nothing."""
    known = {operation.path for operation in operations}
    paths = {re.sub(r":([a-z_]+)", r"{\1}", uri) for route in found.rules["routes"] for uri in gateway.uris(route)}
    return [f"there is no operation {path}, and it has a route of its own" for path in sorted(paths - known)
            if not path.endswith(("*", "/openapi.json")) and path.count("/") > 2]


def cache_problems(found, operations):
    """Catalogue reads for anybody are cached; nobody who sends a token is served from there."""
    problems = []
    for operation in operations:
        route = found.route(operation.method, sample(operation.path))
        cache = found.plugins(route).get("proxy-cache") if route else None
        is_read = operation.is_open and operation.method == "GET" and operation.path.startswith("/api/catalog/")
        if is_read != (cache is not None):
            problems.append(f"{operation.method} {operation.path} {'is not' if is_read else 'is'} cached")
        if cache and not ("$http_authorization" in cache["cache_bypass"] and "$http_authorization" in cache["no_cache"]):
            problems.append(f"{operation.path}: what is meant for one reader is cached for all")
    return problems


def body_problems(found, limits):
    """The gateway takes bodies as large as the services take them, and no larger."""
    usual, large = limits
    sizes = {found.plugins(route)["client-control"]["max_body_size"] for route in found.rules["routes"]
             if "upstream_id" in route}
    problems = [] if sizes <= {usual, large} else [f"bodies are limited to {sorted(sizes)}, the services' to {limits}"]
    if found.config["nginx_config"]["http"]["client_max_body_size"] < max(sizes):
        problems.append("nginx refuses bodies that a route takes")
    return problems


def service_limits(root):
    """The services' own limits of a body: usual, and for batches."""
    text = (root / "components/shared/host/src/http.rs").read_text(encoding="utf-8")
    found = re.findall(r"const (?:BATCH_)?BODY_LIMIT: usize = ([0-9* ]+);", text)
    product = 1
    sizes = []
    for expression in found:
        product = 1
        for factor in expression.split("*"):
            product *= int(factor)
        sizes.append(product)
    return sorted(sizes)


def check(it):
    services, operations = application.services(it.root), application.operations(it.root)
    limits = service_limits(it.root)
    documents = application.documents(it.root)
    for file in charts.values_files():
        objects = charts.documents(file)
        data = charts.of_kind(objects, "ConfigMap")["api-gateway"]["data"]
        found = gateway.read(data)
        problems = [*trigger_problems(found, services), *token_problems(found, services, operations),
                    *plugin_problems(found), *login_problems(found), *cache_problems(found, operations),
                    *body_problems(found, limits), *name_problems(found, operations), *header_problems(found, documents)]
        container = charts.pods_of(charts.of_kind(objects, "Deployment")["api-gateway"])["containers"][0]
        given = {entry["name"] for entry in container["env"]}
        passed = set(found.config["nginx_config"]["envs"])
        for name in sorted(gateway.variables(data["apisix.yaml"]) | {"JWT_PUBLIC_KEY"}):
            if name not in given or name not in passed:
                problems.append(f"the file uses {name}, which the gateway's process is not given")
        for problem in problems:
            it.problem(f"{charts.label(file)}: {problem}")
    it.saw(f"{len(operations)} operations")
