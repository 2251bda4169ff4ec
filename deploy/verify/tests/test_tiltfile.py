"""The stand-in of Tilt finds mistakes that Tilt would find, and the check those that it would not."""

import unittest

import charts
import frame
import support
import tilt
from checks import tiltfile


class Tilt(unittest.TestCase):
    def test_calls_are_written_down_with_their_parameters_names(self):
        recorded = tilt.run('local_resource("a", "true", labels = ["x"])\nfor n in ["b", "c"]:\n    k8s_resource(n)\n')
        self.assertEqual(recorded.of("local_resource"), [{"name": "a", "cmd": "true", "labels": ["x"]}])
        self.assertEqual([call["workload"] for call in recorded.of("k8s_resource")], ["b", "c"])

    def test_a_misspelt_function_or_parameter_is_an_error(self):
        for text in ('k8s_resourse("a")', 'k8s_resource("a", port_forward = [])', "local_resource()", 'link()',
                     'load("ext://nonsense", "x")', "if True\n  pass"):
            with self.assertRaises(Exception, msg=text):
                tilt.run(text)


class Tiltfile(unittest.TestCase):
    TEXT = (frame.ROOT / "Tiltfile").read_text(encoding="utf-8")

    def found(self, old, new):
        self.assertIn(old, self.TEXT)
        support.objects()
        objects = charts.documents(charts.CHART / "values-dev.yaml")
        recorded = tilt.run(self.TEXT.replace(old, new))
        return "\n".join(tiltfile.problems_of(recorded, objects, frame.ROOT))

    def test_it_is_good(self):
        self.assertEqual(self.found("souk", "souk"), "")

    def test_what_the_chart_does_not_make(self):
        self.assertIn("the chart makes no such object", self.found('k8s_resource("relay"', 'k8s_resource("rely"'))
        self.assertIn("makes no souk-db:clustre", self.found('"souk-db:cluster"', '"souk-db:clustre"'))

    def test_what_nothing_is_called(self):
        self.assertIn("nothing is called postgre,", self.found('resource_deps=["postgres"]', 'resource_deps=["postgre"]'))

    def test_a_service_that_is_left_out(self):
        self.assertIn("payment is in no group", self.found('"payment", ', ""))

    def test_an_image_that_is_not_built(self):
        self.assertIn("global.image.tools is not built", self.found('TOOLS,\n    ".",', '"other",\n    ".",'))

    def test_paths_and_scripts_that_are_not_there(self):
        self.assertIn("there is no deploy/images/Dckerfile", self.found("deploy/images/Dockerfile", "deploy/images/Dckerfile"))
        self.assertIn("there is no scripts/cluster/sok", self.found("scripts/cluster/souk verify", "scripts/cluster/sok verify"))

    def test_ports_and_buttons(self):
        self.assertIn("port 3001", self.found(" 3001:80", " 3002:80"))
        self.assertIn("port 9080", self.found("port_forward(9080,", "port_forward(9081,"))
        self.assertIn("no button for verify", self.found('"souk:verify"', '"souk:check"'))


if __name__ == "__main__":
    unittest.main()
