"""Data, ways through the network, monitors and traces: each promise is broken once, and found broken."""

import unittest

import application
import charts
import frame
import support
from checks import data, watched
from reach import allows, pod, reaches


class Reach(unittest.TestCase):
    def policy(self, direction, **spec):
        return {"spec": {"podSelector": {"matchLabels": {"souk.dev/name": "a"}}, "policyTypes": [direction], **spec}}

    def test_a_pod_that_no_policy_selects_is_free_and_another_is_not(self):
        policies = [self.policy("Ingress")]
        self.assertTrue(reaches(policies, pod(name="a"), pod(name="b"), 80))
        self.assertFalse(reaches(policies, pod(name="b"), pod(name="a"), 80))

    def test_any_policy_may_allow_and_both_ends_must(self):
        to_b = self.policy("Egress", egress=[{"to": [{"podSelector": {"matchLabels": {"souk.dev/name": "b"}}}], "ports": [{"port": 80}]}])
        policies = [self.policy("Egress"), to_b]
        self.assertTrue(reaches(policies, pod(name="a"), pod(name="b"), 80))
        self.assertFalse(reaches(policies, pod(name="a"), pod(name="b"), 81))
        self.assertFalse(reaches(policies, pod(name="a"), pod("elsewhere", name="b"), 80))

    def test_another_namespace_is_meant_by_its_name_and_its_pods_by_theirs(self):
        peer = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "keda"}}, "podSelector": {"matchLabels": {"k8s-app": "x"}}}
        policies = [self.policy("Ingress", ingress=[{"from": [peer]}])]
        self.assertTrue(allows(policies, "Ingress", "from", pod(name="a"), pod("keda", dns="x"), 1))
        self.assertFalse(allows(policies, "Ingress", "from", pod(name="a"), pod("keda"), 1))
        self.assertFalse(allows(policies, "Ingress", "from", pod(name="a"), pod(dns="x"), 1))


class Data(unittest.TestCase):
    def setUp(self):
        self.objects, self.services = support.objects(), application.services(frame.ROOT)

    def found(self, problems):
        return "\n".join(problems)

    def test_the_chart_is_good(self):
        self.assertEqual([*data.hook_problems(self.objects), *data.valkey_problems(self.objects, True), *data.alone(self.objects),
                          *data.way_problems(self.objects, self.services)], [])

    def test_a_migration_that_comes_too_late_or_is_locked_in(self):
        charts.of_kind(self.objects, "Job")["migrate"]["metadata"]["annotations"]["helm.sh/hook"] = "post-install,post-upgrade"
        charts.of_kind(self.objects, "NetworkPolicy")["migrate"]["metadata"]["annotations"].pop("helm.sh/hook-weight")
        text = self.found(data.hook_problems(self.objects))
        self.assertIn("the Job migrate runs post-install,post-upgrade, not post-install,pre-upgrade", text)
        self.assertIn("the migration's network policy is not there before the migration", text)

    def test_streams_that_may_be_lost(self):
        settings = charts.of_kind(self.objects, "ConfigMap")["streams"]["data"]
        settings["valkey.conf"] = (settings["valkey.conf"].replace("appendonly yes", "appendonly no").replace("noeviction", "allkeys-lru")
                                   .replace("appendfsync always", "appendfsync everysec"))
        charts.of_kind(self.objects, "StatefulSet")["streams"]["spec"].pop("volumeClaimTemplates")
        text = self.found(data.valkey_problems(self.objects, True))
        for part in ("appendonly no", "maxmemory-policy allkeys-lru", "appendfsync everysec", "no volume"):
            self.assertIn(part, text)

    def test_what_is_alone(self):
        charts.of_kind(self.objects, "Deployment")["mailer"]["spec"]["replicas"] = 1
        charts.of_kind(self.objects, "ScaledObject")["order"]["spec"]["minReplicaCount"] = 1
        charts.of_kind(self.objects, "Cluster")["user-db"]["spec"]["instances"] = 1
        text = self.found(data.alone(self.objects))
        for part in ("there is one mailer", "there may be one order", "user-db: what is committed may be on one machine alone"):
            self.assertIn(part, text)

    def test_a_way_that_is_closed_and_one_that_is_open_to_all(self):
        policies = charts.of_kind(self.objects, "NetworkPolicy")
        policies["streams"]["spec"]["ingress"][0]["from"].pop(-1)
        policies["relay"]["spec"]["egress"].pop(-1)
        policies["order"]["spec"]["ingress"].append({})
        text = self.found(data.way_problems(self.objects, self.services))
        for part in ("KEDA to the streams", "relay to order-db", "namespace='default') reaches"):
            self.assertIn(part, text)


class Watched(unittest.TestCase):
    def setUp(self):
        self.objects, self.services = support.objects(), application.services(frame.ROOT)
        self.endpoint = charts.values()["global"]["otlpEndpoint"]

    def scraped(self):
        return "\n".join(watched.scrape_problems(self.objects, "observability"))

    def traced(self):
        return "\n".join(watched.trace_problems(self.objects, self.endpoint, "observability", self.services))

    def test_the_chart_is_good(self):
        self.assertEqual((self.scraped(), self.traced()), ("", ""))

    def test_a_monitor_that_finds_nothing_and_one_that_is_not_there(self):
        charts.of_kind(self.objects, "ServiceMonitor")["relay"]["spec"]["endpoints"][0]["port"] = "metricz"
        self.objects.remove(charts.of_kind(self.objects, "ServiceMonitor")["analytics"])
        self.assertIn("the monitor of relay finds nothing with its port", self.scraped())
        self.assertIn("nothing scrapes analytics", self.scraped())

    def test_a_policy_that_keeps_prometheus_out(self):
        charts.of_kind(self.objects, "NetworkPolicy")["mailer"]["spec"]["ingress"] = []
        charts.of_kind(self.objects, "NetworkPolicy")["databases"]["spec"]["ingress"] = []
        self.assertIn("Prometheus does not come through to mailer at 9083", self.scraped())
        self.assertIn("nothing scrapes the database order-db", self.scraped())

    def test_traces_that_nobody_sends_or_nothing_lets_through(self):
        charts.of_kind(self.objects, "SpinAppExecutor")["containerd-shim-spin"]["spec"]["deploymentConfig"].pop("otel")
        charts.pods_of(charts.of_kind(self.objects, "Deployment")["relay"])["containers"][0]["env"].pop(-1)
        charts.of_kind(self.objects, "NetworkPolicy")["order"]["spec"]["egress"] = []
        text = self.traced()
        for part in ("SpinApps send no traces", "relay sends no traces", "order does not come through to the collector"):
            self.assertIn(part, text)


if __name__ == "__main__":
    unittest.main()
