"""Each promise about the gateway is broken once, and found broken."""

import unittest

import apisix_schema
import application
import frame
import gateway
import support
from checks import gateway as check


class Matching(unittest.TestCase):
    def test_segments_and_the_rest(self):
        self.assertTrue(gateway.matches("/api/a/:id", "/api/a/7"))
        self.assertFalse(gateway.matches("/api/a/:id", "/api/a/7/b"))
        self.assertTrue(gateway.matches("/api/a/*", "/api/a/7/b"))
        self.assertFalse(gateway.matches("/api/a", "/api/ab"))

    def test_priority_wins_over_exactness_and_methods_count(self):
        routes = [{"id": "exact", "uri": "/a", "methods": ["GET"]}, {"id": "all", "uri": "/*"},
                  {"id": "first", "uri": "/b*", "priority": 1}, {"id": "b", "uri": "/b"}]
        found = gateway.Gateway({}, {"routes": routes}, True)
        self.assertEqual([found.route(*request)["id"] for request in [("GET", "/a"), ("POST", "/a"), ("GET", "/b")]],
                         ["exact", "all", "first"])


class Gateway(unittest.TestCase):
    def setUp(self):
        self.services, self.operations = application.services(frame.ROOT), application.operations(frame.ROOT)
        self.found = support.apisix()
        self.routes = self.found.rules["routes"]

    def assert_found(self, problems, word):
        self.assertIn(word, "\n".join(problems))

    def test_a_trigger_without_a_route(self):
        self.routes.remove(support.route(self.found, "payment"))
        self.assert_found(check.trigger_problems(self.found, self.services), "the trigger of payment has no route")

    def test_a_route_that_no_trigger_serves(self):
        self.routes.append({"id": "x", "uri": "/api/secret/*", "upstream_id": "order"})
        self.assert_found(check.trigger_problems(self.found, self.services), "no trigger of order serves /api/secret/*")

    def test_a_route_to_the_wrong_service(self):
        support.route(self.found, "order")["upstream_id"] = "payment"
        self.assert_found(check.token_problems(self.found, self.services, self.operations), "goes to payment")

    def test_a_token_that_is_not_asked_for(self):
        del support.route(self.found, "order")["plugins"]["jwt-auth"]
        self.assert_found(check.token_problems(self.found, self.services, self.operations),
                          "POST /api/orders/cart/merge needs a token, and the gateway asks for none")

    def test_figures_that_everybody_could_read(self):
        self.routes.remove(support.route(self.found, "internal-api-analytics-metrics"))
        self.assert_found(check.token_problems(self.found, self.services, self.operations),
                          "GET /api/analytics/metrics is for the inside alone, and the gateway serves it")

    def test_a_token_that_nobody_can_have_yet(self):
        self.routes.remove(support.route(self.found, "open-api-users-login"))
        self.assert_found(check.token_problems(self.found, self.services, self.operations),
                          "POST /api/users/login is for anybody")

    def test_a_limit_that_each_replica_counts_alone(self):
        support.route(self.found, "order")["plugins"]["limit-count"]["policy"] = "local"
        self.assert_found(check.plugin_problems(self.found), "route order: its limit does not count in Redis")

    def test_a_limit_that_all_routes_use_up_together(self):
        shared = next(one for one in self.found.rules["plugin_configs"] if one["id"] == "api")["plugins"]
        shared["limit-count"] = support.route(self.found, "order")["plugins"].pop("limit-count")
        self.assert_found(check.plugin_problems(self.found), "its routes would be counted together")

    def test_a_limit_for_an_operation_that_is_not_there(self):
        support.route(self.found, "limited-api-orders-checkout")["uri"] = "/api/orders/chekout"
        self.assert_found(check.name_problems(self.found, self.operations), "there is no operation /api/orders/chekout")

    def test_an_identity_that_a_caller_made_up(self):
        shared = next(one for one in self.found.rules["plugin_configs"] if one["id"] == "api")["plugins"]
        shared["proxy-rewrite"]["headers"]["remove"].remove("X-User-Id")
        self.assert_found(check.plugin_problems(self.found), "lets X-User-Id through")

    def test_a_header_that_browsers_may_not_send(self):
        operation = {"parameters": [{"in": "header", "name": "If-Match"}, {"in": "header", "name": "Souk-Hat"}, {"in": "query", "name": "q"}]}
        documents = [{"paths": {"/api/orders": {"post": operation}, "/api/payments/webhooks/gateway": {
            "post": {"parameters": [{"in": "header", "name": "Souk-Signature"}]}}}}]
        self.assertEqual(check.header_problems(self.found, documents),
                         ["browsers of other origins may not send souk-hat, which an operation reads"])

    def test_cookies_for_every_site(self):
        self.found.everywhere()["cors"]["allow_origins"] = "*"
        self.assert_found(check.plugin_problems(self.found), "every site may call")

    def test_a_plugin_that_is_not_loaded_and_an_end_that_is_missing(self):
        self.found.config["plugins"].remove("opentelemetry")
        self.found.is_ended = False
        problems = check.plugin_problems(self.found)
        self.assert_found(problems, "opentelemetry is used but not loaded")
        self.assert_found(problems, "#END")

    def test_passwords_and_cards_at_full_speed(self):
        usual = support.route(self.found, "order")["plugins"]["limit-count"]
        support.route(self.found, "open-api-users-login")["plugins"]["limit-count"] = usual
        self.routes.remove(support.route(self.found, "limited-api-orders-checkout"))
        problems = check.login_problems(self.found)
        self.assert_found(problems, "/api/users/login is limited to 600")
        self.assert_found(problems, "/api/orders/checkout is limited to 600")

    def test_a_private_answer_in_the_cache(self):
        support.route(self.found, "open-api-catalog-products")["plugins"]["proxy-cache"]["no_cache"] = ["$http_x"]
        self.assert_found(check.cache_problems(self.found, self.operations), "cached for all")

    def test_a_catalogue_that_is_not_cached(self):
        del support.route(self.found, "open-api-catalog-products")["plugins"]["proxy-cache"]
        self.assert_found(check.cache_problems(self.found, self.operations), "GET /api/catalog/products is not cached")

    def test_bodies_larger_than_the_services_take(self):
        self.assertEqual(check.body_problems(self.found, check.service_limits(frame.ROOT)), [])
        self.assertTrue(check.body_problems(self.found, [1024, 2048]))


class Schema(unittest.TestCase):
    SCHEMA = {"type": "object", "properties": {"policy": {"enum": ["local", "redis"]}, "inner": {
        "type": "object", "properties": {"a": {"type": "integer"}}}},
        "if": {"properties": {"policy": {"enum": ["redis"]}}},
        "then": {"properties": {"redis_host": {"type": "string"}}, "required": ["redis_host"]}}

    def found(self, value):
        return apisix_schema.problems_of(self.SCHEMA, value, "x")

    def test_keys_of_any_branch_are_known_and_others_are_not(self):
        self.assertEqual(self.found({"policy": "redis", "redis_host": "h", "inner": {"a": 1}}), [])
        self.assertEqual(self.found({"policy": "local", "redis_hots": "h"}), ["x: unknown key 'redis_hots'"])
        self.assertEqual(self.found({"policy": "local", "inner": {"b": 1}}), ["x.inner: unknown key 'b'"])

    def test_what_the_schema_demands_is_demanded(self):
        self.assertIn("'redis_host' is a required property", self.found({"policy": "redis"})[0])

    def test_the_real_schemas_find_mistakes(self):
        schemas, found = support.apisix_schemas(), support.apisix()
        self.assertEqual(apisix_schema.problems(found.rules, schemas), [])
        jwt = support.route(found, "order")["plugins"]["jwt-auth"]
        jwt["claims_to_verfy"] = ["exp"]
        jwt["_meta"] = {"filtr": []}
        support.route(found, "user")["plugins"]["jtw-auth"] = {}
        found.rules["upstreams"][0]["tpye"] = "roundrobin"
        found.rules["consumers"][0]["plugins"]["jwt-auth"]["algorithm"] = "EdDSA25519"
        found.rules["rotes"] = []
        text = "\n".join(apisix_schema.problems(found.rules, schemas))
        for word in ("claims_to_verfy", "filtr", "jtw-auth", "tpye", "EdDSA25519", "rotes"):
            self.assertIn(word, text)


if __name__ == "__main__":
    unittest.main()
