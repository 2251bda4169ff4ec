"""What is read from spin.toml, from small manifests."""

import contextlib
import io
import pathlib
import tempfile
import unittest

import application
import frame
import generated

MANIFEST = """
[application]
name = "t"
[application.trigger.redis]
address = "redis://{{ redis_host }}/0"
[variables]
redis_host = { default = "h" }
key = { required = true, secret = true }
other = { required = true }
a_pg_host = { default = "h" }
pg_options = { default = "" }
[[trigger.http]]
route = "/api/a/..."
component = "a"
[[trigger.redis]]
channel = "bell"
component = "a"
[component.a]
source = "a.wasm"
allowed_outbound_hosts = [HOSTS]
[component.a.variables]
pg_url = "postgres://souk_a:{{ key }}@{{ a_pg_host }}/souk_a{{ pg_options }}"
streams = "souk:x,souk:y"
"""


def services(hosts='"postgres://{{ a_pg_host }}"'):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "spin.toml").write_text(MANIFEST.replace("HOSTS", hosts), encoding="utf-8")
        return application.services(root), application.chart_file(root, application.services(root)["a"])


class Application(unittest.TestCase):
    def test_a_component_is_read_with_all_that_it_uses(self):
        service = services()[0]["a"]
        self.assertEqual(service.routes, ["/api/a/..."])
        self.assertEqual(service.variables, ["a_pg_host", "key", "pg_options", "redis_host"])
        self.assertEqual(service.outbound, ["postgres", "streams"])
        self.assertEqual(service.streams, ["souk:x", "souk:y"])
        self.assertEqual(service.database, "souk_a")

    def test_required_variables_of_others_are_named(self):
        self.assertEqual(services()[1]["unused"], ["other"])

    def test_a_host_that_no_policy_is_known_for_is_an_error(self):
        for host in ('"https://mail.example"', '"postgres://{{ b_pg_host }}"', '"redis://*:6379"'):
            with self.assertRaisesRegex(ValueError, "network policy"):
                services(host)

    def test_operations_say_whether_anybody_may_call_them(self):
        found = {(one.method, one.path): one.is_open for one in application.operations(frame.ROOT)}
        self.assertTrue(found["POST", "/api/users/login"])
        self.assertTrue(found["GET", "/api/catalog/products"])
        self.assertFalse(found["GET", "/api/users/me"])
        self.assertFalse(found["POST", "/api/orders/checkout"])

    def test_a_generated_file_that_is_out_of_date_is_found_and_can_be_written(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name in ("spin.toml", "streams.toml"):
                (root / name).write_text((frame.ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
            self.assertTrue(frame.run("generated", root=root).problems)
            with contextlib.redirect_stdout(io.StringIO()):
                generated.write(root)
            self.assertEqual(frame.run("generated", root=root).problems, [])
            path = root / "helm/souk/charts/order/spin.yaml"
            path.write_text(path.read_text(encoding="utf-8") + "# by hand\n", encoding="utf-8")
            self.assertEqual(len(frame.run("generated", root=root).problems), 1)


if __name__ == "__main__":
    unittest.main()
