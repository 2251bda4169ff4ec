"""Helm's refusals reach the check."""

import pathlib
import shutil
import tempfile
import unittest
from unittest import mock

import charts
import frame
import sources
import support


class Helm(unittest.TestCase):
    def setUp(self):
        support.objects()

    def test_a_schema_that_lets_everything_pass_fails_the_check(self):
        with tempfile.TemporaryDirectory() as folder:
            chart = pathlib.Path(folder) / "souk"
            shutil.copytree(charts.CHART, chart)
            (chart / "values.schema.json").write_text("{}", encoding="utf-8")
            with mock.patch.object(charts, "CHART", chart), mock.patch.object(
                    charts, "template", lambda file, *rest: charts.helm("template", "souk", chart, *rest)):
                problems = "\n".join(frame.run("helm").problems)
        self.assertIn("the key 'ordr' is accepted", problems)

    def test_a_database_that_its_connections_would_kill(self):
        code, text = charts.template(None, "--set", "order.autoscaling.max=30")
        self.assertNotEqual(code, 0)
        self.assertIn("order-db: 1960 connections (64 for each of 30 pods, and 40)", text)
        self.assertIn("raise global.postgres.resources.limits.memory", text)

    def test_a_shared_database_has_connections_for_all_pods_of_all_services(self):
        code, text = charts.template(charts.CHART / "values-dev.yaml", "--set", "order.replicas=2")
        self.assertEqual(code, 0, text)
        (cluster,) = charts.of_kind(sources.documents(text), "Cluster").values()
        self.assertEqual(cluster["spec"]["postgresql"]["parameters"]["max_connections"], str(64 * 8 + 40))

    def test_a_template_that_does_not_render_is_shown(self):
        with tempfile.TemporaryDirectory() as folder:
            chart = pathlib.Path(folder) / "souk"
            shutil.copytree(charts.CHART, chart)
            (chart / "templates/broken.yaml").write_text("{{ include \"nonsense\" . }}", encoding="utf-8")
            with self.assertRaisesRegex(RuntimeError, "nonsense"):
                charts.documents(None, chart=chart)


if __name__ == "__main__":
    unittest.main()
