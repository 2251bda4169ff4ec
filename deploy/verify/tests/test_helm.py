"""Helm's refusals reach the check."""

import pathlib
import shutil
import tempfile
import unittest
from unittest import mock

import charts
import frame
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

    def test_a_template_that_does_not_render_is_shown(self):
        with tempfile.TemporaryDirectory() as folder:
            chart = pathlib.Path(folder) / "souk"
            shutil.copytree(charts.CHART, chart)
            (chart / "templates/broken.yaml").write_text("{{ include \"nonsense\" . }}", encoding="utf-8")
            with self.assertRaisesRegex(RuntimeError, "nonsense"):
                charts.documents(None, chart=chart)


if __name__ == "__main__":
    unittest.main()
