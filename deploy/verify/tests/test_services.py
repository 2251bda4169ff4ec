"""Each promise about the services' objects is broken once, and found broken."""

import unittest

import application
import charts
import frame
import support
from checks import policies, services


def found(objects):
    return services.problems_of(objects, application.services(frame.ROOT), application.declared(frame.ROOT))


def app(objects, name):
    return charts.of_kind(objects, "SpinApp")[name]


class Services(unittest.TestCase):
    def broken(self, objects, *words):
        text = "\n".join(found(objects))
        for word in words:
            self.assertIn(word, text)

    def test_the_chart_is_good(self):
        self.assertEqual(found(support.objects()), [])

    def test_a_service_that_is_missing(self):
        objects = support.objects()
        objects.remove(app(objects, "payment"))
        self.broken(objects, "payment has no SpinApp")

    def test_the_signing_key_in_the_wrong_hands(self):
        objects = support.objects()
        entry = services.variables_of(app(objects, "order"))["signing_key"]
        del entry["value"]
        entry["valueFrom"] = {"secretKeyRef": {"name": "souk-signing-key", "key": "signing_key"}}
        self.broken(objects, "order is given signing_key, which it does not use")

    def test_a_password_in_plain_sight(self):
        objects = support.objects()
        entry = services.variables_of(app(objects, "order"))["order_pg_password"]
        del entry["valueFrom"]
        entry["value"] = "hunter2"
        self.broken(objects, "the secret order_pg_password does not come from a Secret")

    def test_a_required_variable_without_a_value(self):
        objects = support.objects()
        spec = app(objects, "storefront")["spec"]
        spec["variables"] = [entry for entry in spec["variables"] if entry["name"] != "jwks"]
        self.broken(objects, "storefront does not start: the required variable jwks has no value")

    def test_two_autoscalers_of_one_deployment(self):
        objects = support.objects()
        second = {"kind": "ScaledObject", "metadata": {"name": "order-2"}, "spec": {"scaleTargetRef": {"name": "order"}}}
        self.broken([*objects, second], "order has 2 ScaledObjects")
        rival = {"kind": "HorizontalPodAutoscaler", "metadata": {"name": "order"}, "spec": {}}
        self.broken([*objects, rival], "would fight KEDA's")

    def test_a_stream_whose_lag_nobody_watches(self):
        objects = support.objects()
        triggers = charts.of_kind(objects, "ScaledObject")["inventory"]["spec"]["triggers"]
        triggers.remove(next(one for one in triggers if one["metadata"].get("stream") == "souk:order"))
        self.broken(objects, "inventory reads")

    def test_replicas_beside_autoscaling_probes_and_limits(self):
        objects = support.objects()
        app(objects, "order")["spec"]["replicas"] = 2
        app(objects, "user")["spec"]["checks"]["readiness"]["httpGet"]["path"] = "/"
        del app(objects, "catalog")["spec"]["invocationLimits"]
        objects.remove(charts.of_kind(objects, "PodDisruptionBudget")["payment"])
        self.broken(objects, "refuses `replicas`", "user: the readiness probe", "catalog has no memory limit",
                    "payment has no disruption budget")

    def test_an_executor_of_another_namespace(self):
        objects = support.objects()
        app(objects, "order")["spec"]["executor"] = "other"
        self.broken(objects, "order: there is no executor other")


    def test_values_of_variables_that_are_none_or_secret(self):
        declared = application.declared(frame.ROOT)
        self.assertEqual(services.values_problems({"address_limit": "1"}, declared), [])
        text = "\n".join(services.values_problems({"adress_limit": "1", "signing_key": "x"}, declared))
        self.assertIn("adress_limit: spin.toml declares no such variable", text)
        self.assertIn("signing_key is a secret", text)


class Policies(unittest.TestCase):
    def setUp(self):
        self.services = application.services(frame.ROOT)
        self.objects = support.objects()
        self.policies = charts.of_kind(self.objects, "NetworkPolicy")

    def found(self, name):
        service = self.services[name]
        return "\n".join([*policies.compare(service, service.outbound, self.objects),
                          *policies.other_side(service, service.outbound, self.objects)])

    def test_the_chart_is_good(self):
        self.assertEqual("".join(self.found(name) for name in self.services), "")

    def test_a_way_that_spin_toml_does_not_open(self):
        self.policies["order"]["spec"]["egress"].append(
            {"to": [{"podSelector": {"matchLabels": {"cnpg.io/cluster": "payment-db"}}}], "ports": [{"port": 5432}]})
        self.assertIn("order may reach {'cnpg.io/cluster': 'payment-db'}:5432", self.found("order"))

    def test_the_whole_internet(self):
        self.policies["order"]["spec"]["egress"].append({"ports": [{"port": 443}]})
        self.assertIn("order may reach {}:443", self.found("order"))

    def test_a_way_that_is_closed(self):
        self.policies["order"]["spec"]["egress"].pop()
        self.assertIn("order may not reach", self.found("order"))

    def test_what_spin_toml_allows_later_is_missed(self):
        service = self.services["order"]
        wanted = [*service.outbound, "cache"]
        problems = policies.compare(service, wanted, self.objects) + policies.other_side(service, wanted, self.objects)
        self.assertEqual(len(problems), 2, problems)

    def test_a_server_that_keeps_its_client_out_or_lets_a_stranger_in(self):
        self.policies["streams"]["spec"]["ingress"] = []
        self.assertIn("the policy of streams keeps out order", self.found("order"))
        self.policies["user-db"]["spec"]["ingress"][0]["from"].append(
            {"podSelector": {"matchLabels": {"souk.dev/name": "storefront"}}})
        self.assertEqual(self.found("storefront"), "")
        self.policies["cache"]["spec"]["ingress"][0]["from"].append(
            {"podSelector": {"matchLabels": {"souk.dev/name": "storefront"}}})
        self.assertIn("the policy of cache lets in storefront", self.found("storefront"))


if __name__ == "__main__":
    unittest.main()
