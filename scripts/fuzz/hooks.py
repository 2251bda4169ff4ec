"""How schemathesis signs in, and what its calls are about.

Each operation is called as an account of its own, so that one which deletes its account, signs out everywhere or gets
itself disabled shuts out no other operation's cases. Half of all paths name things that are there, since names that are
made up find nothing but the 404 of every route."""

import json
import os
import random
import time
import urllib.request
import uuid

import schemathesis

BASE = os.environ["SOUK_URL"]
TOKENS = os.environ["SOUK_TOKENS"].split()
# Operations get their accounts in the order in which they come up. The last account is the one whose things are named.
ACCOUNT_OF = {}
OWNER = TOKENS[-1]
ADDRESS = {"name": "Ana Souk", "line1": "Rua das Flores 7", "city": "Lisboa", "postal_code": "1200-192", "country": "PT"}
CHANCE = random.Random(20)


def call(method, path, body=None, **headers):
    headers = {"Authorization": f"Bearer {OWNER}", "Content-Type": "application/json", **headers}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(BASE + path, data=data, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=40) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def order(sku):
    call("PUT", f"/api/orders/cart/items/{sku}", {"quantity": 1})
    total = call("POST", "/api/orders/cart/quote", {"shipping_address": ADDRESS})["total"]
    checkout = {"shipping_address": ADDRESS, "payment_token": "tok_success", "expected_total": total}
    return call("POST", "/api/orders/checkout", checkout, **{"Idempotency-Key": str(uuid.uuid4())})["id"]


def returned(orders):
    """Sends one of the orders back, as soon as it has arrived. Of some there may not have been enough in stock."""
    for _ in range(300):
        confirmed = [one for one in (call("GET", f"/api/orders/{id}") for id in orders) if one["status"] == "confirmed"]
        if confirmed:
            path = f"/api/orders/{confirmed[0]['id']}"
            call("POST", f"{path}/ship", {})
            call("POST", f"{path}/deliver", {})
            line = {"sku": confirmed[0]["items"][0]["sku"], "quantity": 1}
            return call("POST", f"{path}/return", {"lines": [line], "reason": "Too bitter"})["returns"][0]["id"]
        time.sleep(0.1)
    raise RuntimeError("none of the orders was confirmed within 30 seconds")


def things():
    """What the parameters of paths may name."""
    products = call("GET", "/api/catalog/products?limit=20")["items"]
    slugs = [product["slug"] for product in products]
    skus = [call("GET", f"/api/catalog/products/{slug}")["variants"][0]["sku"] for slug in slugs]
    orders = [order(sku) for sku in skus[:3]]
    owner = call("GET", "/api/users/me")["id"]
    groups = [group["slug"] for kind in ("categories", "collections") for group in call("GET", f"/api/catalog/{kind}")["items"]]
    back = returned(orders)
    mails = [mail["id"] for mail in call("GET", "/api/notifications/messages")["items"]]
    codes = ["main", *(code["code"] for code in call("GET", "/api/orders/promotions")["items"])]
    return {"sku": skus, "slug_or_id": slugs, "slug": groups, "id": [*orders, owner, *mails[:3]], "order_id": orders,
            "return_id": [back], "code": codes}


THINGS = things()


@schemathesis.auth(refresh_interval=None)
class Account:
    def get(self, case, context):
        label = case.operation.label
        # Never the owner, whose things would go with the account.
        return TOKENS[ACCOUNT_OF.setdefault(label, len(ACCOUNT_OF)) % (len(TOKENS) - 1)]

    def set(self, case, data, context):
        # Instead of what was generated for the header: of bad tokens the tests of the whole shop take care.
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    for name in path_parameters or {}:
        if name in THINGS and CHANCE.random() < 0.5:
            path_parameters[name] = CHANCE.choice(THINGS[name])
    return path_parameters
