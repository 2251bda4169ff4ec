"""Each promise about monitoring is broken once in a copy of its files, and found broken."""

import pathlib
import shutil
import tempfile
import unittest

import frame


class Monitoring(unittest.TestCase):
    def found(self, check, path=None, change=lambda text: text):
        """The problems of a check after one file was changed; `change` gives None to remove it."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for part in ("monitoring", "docs"):
                shutil.copytree(frame.ROOT / part, root / part)
            if path is not None:
                before = (root / path).read_text(encoding="utf-8")
                after = change(before)
                self.assertNotEqual(after, before, "the change must change something")
                if after is None:
                    (root / path).unlink()
                else:
                    (root / path).write_text(after, encoding="utf-8")
            findings = frame.run(check, root=root)
        if findings.skipped:
            self.skipTest(findings.skipped)
        return "\n".join(findings.problems)

    def test_rules(self):
        path = "monitoring/prometheus/rules/events.yml"
        self.assertIn("FAILED", self.found("prometheus", path, lambda text: text.replace("> 60\n", "> 600\n", 1)))
        self.assertIn("parse error", self.found("prometheus", path, lambda text: text.replace("> 60\n", "> > 60\n", 1)))
        new = "      - {alert: SoukNew, expr: up == 2, labels: {severity: page}}\n"
        self.assertIn("no unit test", self.found("prometheus", path, lambda text: text + new))

    def test_alertmanager(self):
        path = "monitoring/alertmanager/alertmanager.yml"
        self.assertIn("receiver nobody-there", self.found("prometheus", path, lambda text: text.replace("receiver: tickets", "receiver: nobody-there", 1)))
        self.assertIn("no alert SoukGone", self.found("prometheus", path, lambda text: text.replace("SoukMailerAway", "SoukGone", 1)))

    def test_dashboards(self):
        path = "monitoring/dashboards/events.json"
        self.assertIn("not as generate.py writes them", self.found("dashboards", path, lambda text: text.replace("Dead letters", "Dead", 1)))
        self.assertIn("parse error", self.found("dashboards", path, lambda text: text.replace("sum(souk:dead_letters)", "sum(souk:dead_letters", 1)))
        self.assertIn("lies over another", self.found("dashboards", path, lambda text: text.replace('"x": 4', '"x": 0', 1)))

    def test_runbooks(self):
        self.assertIn("one of them is not there", self.found("runbooks", "docs/runbooks/SoukRedisAway.md", lambda _: None))
        self.assertIn("it must begin with", self.found("runbooks", "docs/runbooks/SoukRedisAway.md", lambda text: text.replace("## Mend", "## Fix")))
        self.assertIn("is not there", self.found("runbooks", "docs/runbooks/SoukRedisAway.md", lambda text: text.replace("SoukRedisMemory.md", "Memory.md")))
        rules = "monitoring/prometheus/rules/events.yml"
        self.assertIn("does not name", self.found("runbooks", rules, lambda text: text.replace("docs/runbooks/SoukRedisAway.md", "elsewhere", 1)))
        self.assertIn("neither a page nor a ticket", self.found("runbooks", rules, lambda text: text.replace("severity: page", "severity: loud", 1)))

    def test_collector(self):
        path = "monitoring/otel/collector.yaml"
        self.assertIn("which is not among", self.found("collector", path, lambda text: text.replace("exporters: [spanmetrics, forward]", "exporters: [spanmetric, forward]")))
        self.assertIn("must begin with memory_limiter", self.found("collector", path, lambda text: text.replace("[memory_limiter, k8sattributes", "[k8sattributes, memory_limiter", 1)))
        self.assertIn("before it knows their pods", self.found("collector", path, lambda text: text.replace("k8sattributes, transform/service_name", "transform/service_name, k8sattributes", 1)))
        self.assertIn("in seconds", self.found("collector", path, lambda text: text.replace("unit: s\n", "unit: ms\n")))


if __name__ == "__main__":
    unittest.main()
