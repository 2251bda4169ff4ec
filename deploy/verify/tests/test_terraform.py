"""The check of Terraform's files finds what is wrong with them."""

import pathlib
import shutil
import tempfile
import unittest

import frame
import support
import validated
from checks import terraform

MODULE = """
variable "size" {
  description = "How many."
  type        = number
}
output "size" {
  description = "As many."
  value       = var.size
}
"""
STACK = """
module "store" {
  source = "../../modules/store"
  size   = 1
}
output "size" {
  description = "As many."
  value       = module.store.size
}
"""


class Terraform(unittest.TestCase):
    def findings(self, module=MODULE, stack=STACK, values=""):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            files = {"modules/store/main.tf": module, "stacks/shop/main.tf": stack, "environments/one/shop.tfvars": values}
            for name, text in files.items():
                path = root / "terraform" / name
                path.parent.mkdir(parents=True)
                path.write_text(text.lstrip())
            return "\n".join(frame.run("terraform", root=root).problems)

    def assert_found(self, what, **files):
        self.assertIn(what, self.findings(**files))

    def test_what_fits_together_passes(self):
        self.assertEqual(self.findings(), "")

    def test_what_cannot_be_parsed(self):
        self.assertIn("modules/store/main.tf", self.findings(module="variable {"))

    def test_values_that_the_chart_does_not_take(self):
        support.objects()
        it = frame.Findings("terraform")
        terraform.renders(it, "staging", {"global": {"postgres": {"mode": '"shared"'}}, '"ordr"': {"replicas": 2}})
        self.assertIn("staging: helm/souk does not take its values", "\n".join(it.problems))
        self.assertIn("ordr", "\n".join(it.problems))

    def test_a_module_that_is_given_the_wrong_things(self):
        self.assert_found("knows no height", stack=STACK.replace("size   = 1", "size   = 1\n  height = 2"))
        self.assert_found("is not given size", stack=STACK.replace("  size   = 1\n", ""))
        self.assert_found("has no output weight", stack=STACK.replace("module.store.size", "module.store.weight"))
        self.assert_found("is not there", stack=STACK.replace("modules/store", "modules/stor"))

    def test_variables_that_are_not_declared_or_not_used(self):
        self.assert_found("var.weight is not declared", module=MODULE.replace("= var.size", "= var.weight"))
        self.assert_found("var.size is declared and not used", module=MODULE.replace("= var.size", "= 1"))

    def test_a_provider_made_of_a_resource_of_the_same_run(self):
        provider = 'provider "helm" {\n  kubernetes = { config_path = module.store.size }\n}\n'
        self.assert_found("configured from something", stack=STACK + provider)

    def test_a_version_that_scripts_and_modules_have_otherwise(self):
        scripts = "".join(f"{name}=1.2.3\n" for name in terraform.VERSIONS)
        defaults = {place: "v1.2.3" for place in terraform.VERSIONS.values()}
        self.assertEqual(terraform.version_problems(scripts, defaults), [])
        defaults[("modules/observability", "tempo_version")] = "1.2.4"
        self.assertEqual(terraform.version_problems(scripts, defaults),
                         ["scripts/cluster has tempo 1.2.3, terraform/modules/observability/tempo_version 1.2.4"])

    def test_an_argument_that_a_provider_does_not_know(self):
        if shutil.which("terraform") is None:
            self.skipTest("Terraform is not installed")
        stack = STACK + """
terraform {
  required_providers {
    helm = { source = "hashicorp/helm", version = "~> 3.1" }
  }
}
resource "helm_release" "shop" {
  name     = "shop"
  chart    = "./shop"
  namespce = "shop"
}
"""
        with tempfile.TemporaryDirectory() as folder:
            try:
                validated.mirror(pathlib.Path(folder))
            except frame.Skipped as skipped:
                self.skipTest(str(skipped))
        self.assert_found('"namespce" is not expected here', stack=stack)

    def test_a_secret_as_a_plain_variable(self):
        plain = 'variable "admin_password" {\n  description = "x"\n  type        = string\n}\nlocals {\n  x = var.admin_password\n}\n'
        self.assert_found("sounds like a secret", module=MODULE + plain)
        careful = plain.replace("string\n", "string\n  sensitive   = true\n  ephemeral   = true\n")
        self.assertEqual(self.findings(module=MODULE + careful, stack=STACK.replace("  size ", "  admin_password = 1\n  size ")).count("secret"), 0)

    def test_values_that_no_stack_knows_or_that_are_keys(self):
        self.assert_found("knows no colour", values='colour = "red"')
        self.assert_found("looks like a key", values=f'x = "{"Q" * 64}"')


if __name__ == "__main__":
    unittest.main()
