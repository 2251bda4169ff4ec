"""Unknown fields and wrong values are found, in Kubernetes' own objects and in custom ones."""

import unittest

import schemas
import support

CRD = {
    "type": "object",
    "properties": {
        "spec": {
            "type": "object",
            "properties": {
                "size": {"x-kubernetes-int-or-string": True},
                "name": {"type": "string", "nullable": True},
                "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                "map": {"type": "object", "additionalProperties": {"type": "string"}},
                "list": {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "integer"}}}},
            },
        }
    },
}


def messages(spec):
    validator = schemas.jsonschema.Draft202012Validator(schemas.strict(CRD))
    return [error.message for error in validator.iter_errors({"spec": spec})]


class Schemas(unittest.TestCase):
    def test_what_a_crd_allows_is_allowed(self):
        spec = {"size": "2Gi", "name": None, "free": {"x": 1}, "map": {"k": "v"}, "list": [{"a": 1}]}
        self.assertEqual(messages(spec), [])
        self.assertEqual(messages({"size": 2}), [])

    def test_unknown_fields_are_found_at_every_depth(self):
        self.assertIn("'sise' was unexpected", messages({"sise": 1})[0])
        self.assertIn("'b' was unexpected", messages({"list": [{"b": 1}]})[0])

    def test_wrong_types_are_found(self):
        self.assertTrue(messages({"map": {"k": 1}}))
        self.assertTrue(messages({"size": {}}))

    def test_kubernetes_own_objects_are_checked(self):
        good = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": {"ports": [{"port": 80}]}}
        self.assertEqual(schemas.problems(good, {}), [])
        self.assertIn("'prots' was unexpected", schemas.problems({**good, "spec": {"prots": []}}, {})[0])
        self.assertIn("no CRD knows", schemas.problems({**good, "kind": "Servce"}, {})[0])

    def test_the_real_crds_refuse_a_misspelt_field(self):
        crds = schemas.custom(support.shared("crds"))
        app = {"apiVersion": "core.spinkube.dev/v1alpha1", "kind": "SpinApp", "metadata": {"name": "a"},
               "spec": {"image": "i", "executor": "e", "replicas": 1}}
        self.assertEqual(schemas.problems(app, crds), [])
        app["spec"]["replica"] = 1
        self.assertIn("'replica' was unexpected", schemas.problems(app, crds)[0])


if __name__ == "__main__":
    unittest.main()
