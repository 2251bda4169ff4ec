"""The scripts behind make cluster-setup, app-deploy and so on, with stand-ins of the programs that they call: what is
called, and that a second run changes nothing that is there."""

import base64
import json
import os
import pathlib
import stat
import subprocess
import tempfile
import unittest

import frame
from checks import secrets

# Answers like kubectl with a cluster in a folder: one file for each Secret and ConfigMap.
KUBECTL = r'''#!/usr/bin/env python3
import json, os, pathlib, sys
state = pathlib.Path(os.environ["STATE"])
words = [word for word in sys.argv[1:]]
with open(state / "calls", "a") as calls:
    calls.write("kubectl " + " ".join(words) + "\n")
plain = [word for word in words if not word.startswith("-") and word not in (os.environ["CONTEXT"], "souk", "observability")]
given = "" if sys.stdin.isatty() or "-" not in words else sys.stdin.read()
if plain[:1] in (["create"], ["replace"]) and given.startswith("{"):
    item = json.loads(given)
    path = state / (item["kind"].lower() + "." + item["metadata"]["name"])
    if plain[0] == "create" and path.exists():
        sys.exit("already exists")
    path.write_text(given)
elif plain[:2] == ["get", "secrets,configmaps"]:
    print("\n".join(path.name.replace(".", "/", 1) for path in state.glob("*.*")))
elif plain[:1] == ["get"] and plain[1] in ("secret", "configmap"):
    path = state / (plain[1] + "." + plain[2])
    print(path.read_text()) if path.exists() else sys.exit("not found")
elif plain[:2] == ["get", "spinapps"]:
    print("spinapp.core.spinkube.dev/order")
'''
OTHER = r'''#!/usr/bin/env bash
echo "$(basename "$0") $*" >>"$STATE/calls"
case "$(basename "$0") $*" in
  "k3d cluster list souk") [ -e "$STATE/cluster" ] ;;
  "k3d cluster create"*) touch "$STATE/cluster" ;;
  "docker image inspect"*) [ -e "$STATE/image" ] ;;
  "docker build"*k3s-spin*) touch "$STATE/image" ;;
esac
'''


class Cluster(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.state, programs = pathlib.Path(folder.name) / "state", pathlib.Path(folder.name) / "bin"
        self.state.mkdir()
        programs.mkdir()
        for name, text in [("kubectl", KUBECTL), *[(name, OTHER) for name in ("helm", "k3d", "docker", "spin", "make")]]:
            (programs / name).write_text(text, encoding="utf-8")
            (programs / name).chmod(stat.S_IRWXU)
        self.environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "STATE": str(self.state),
                            "CONTEXT": "k3d-souk", "ENV": "dev"}
        for name in ("KUBE_CONTEXT", "TAG", "VALUES", "REVISION", "NAMESPACE"):
            self.environment.pop(name, None)

    def run_script(self, name, *arguments, **environment):
        done = subprocess.run([frame.ROOT / "scripts/cluster" / name, *arguments], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, env={**self.environment, **environment})
        return done.returncode, done.stdout + done.stderr

    def calls(self):
        path = self.state / "calls"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        path.unlink(missing_ok=True)
        return text

    def stored(self, kind, name):
        data = json.loads((self.state / f"{kind}.{name}").read_text(encoding="utf-8"))["data"]
        return data if kind == "configmap" else {key: base64.b64decode(value).decode() for key, value in data.items()}

    def test_a_cluster_is_made_once(self):
        code, text = self.run_script("setup")
        self.assertEqual(code, 0, text)
        calls = self.calls()
        self.assertIn("k3d cluster create --config", calls)
        self.assertIn("docker build --build-arg K3S=", calls)
        self.assertIn("spin-operator.crds.yaml", calls)
        for name in ("cert-manager", "spin-operator", "cnpg", "keda"):
            self.assertIn(f"upgrade --install {name} ", calls)
        self.assertNotIn("barman", calls)
        self.assertEqual(self.run_script("setup")[0], 0)
        again = self.calls()
        self.assertNotIn("k3d cluster create", again)
        self.assertNotIn("docker build", again)

    def test_a_checksum_of_the_shim_reaches_the_build(self):
        code, text = self.run_script("setup", SHIM_SHA256="ab12")
        self.assertEqual(code, 0, text)
        self.assertIn("--build-arg SHIM_SHA256=ab12", self.calls())

    def test_production_is_named_and_gets_no_cluster_of_its_own(self):
        code, text = self.run_script("setup", ENV="prod")
        self.assertEqual(code, 1)
        self.assertIn("KUBE_CONTEXT", text)
        self.assertEqual(self.calls(), "")
        code, text = self.run_script("setup", ENV="prod", KUBE_CONTEXT="shop", CONTEXT="shop")
        self.assertEqual(code, 0, text)
        calls = self.calls()
        self.assertNotIn("k3d", calls)
        self.assertIn("plugin-barman-cloud", calls)
        self.assertNotIn("--context k3d-souk", calls)

    def test_an_environment_that_is_none(self):
        for name in ("setup", "monitoring", "deploy", "status", "rollback"):
            code, text = self.run_script(name, ENV="staging")
            self.assertEqual((code, "there is no ENV=staging" in text), (1, True), text)
        self.assertEqual(self.calls(), "")

    def test_development_is_built_pushed_and_deployed(self):
        code, text = self.run_script("deploy", TAG="t1")
        self.assertEqual(code, 0, text)
        calls = self.calls()
        self.assertIn("spin registry push --insecure --from", calls)
        self.assertIn("localhost:5000/souk:t1", calls)
        self.assertIn("docker push localhost:5000/souk-migrate:t1", calls)
        self.assertIn("values-dev.yaml", calls)
        self.assertIn("--set-string global.tag=t1", calls)
        self.assertIn("rollout status deployment/order", calls)
        self.assertIn("rollout status deployment/api-gateway", calls)

    def test_production_takes_what_was_built_and_wants_to_know_which(self):
        production = {"ENV": "prod", "KUBE_CONTEXT": "shop", "CONTEXT": "shop"}
        self.assertNotEqual(self.run_script("deploy", **production)[0], 0)
        code, text = self.run_script("deploy", **production, TAG="1.2.3")
        self.assertEqual(code, 1)
        self.assertIn("souk-smtp is missing", text)
        (self.state / "secret.souk-smtp").write_text("{}", encoding="utf-8")
        self.calls()
        code, text = self.run_script("deploy", **production, TAG="1.2.3")
        self.assertEqual(code, 0, text)
        calls = self.calls()
        self.assertNotIn("docker", calls)
        self.assertNotIn("values-dev.yaml", calls)
        self.assertIn("--set-string global.tag=1.2.3", calls)

    def test_monitoring_is_installed_with_the_projects_files(self):
        if not (frame.ROOT / "monitoring/alertmanager/alertmanager.yml").exists():
            self.skipTest("there is no monitoring/ yet")
        code, text = self.run_script("monitoring")
        self.assertEqual(code, 0, text)
        calls = self.calls()
        for name in ("kube-prometheus-stack", "tempo", "otel-collector"):
            self.assertIn(f"upgrade --install {name} ", calls)
        self.assertIn("rules souk-", text)
        self.assertIn("dashboard souk-", text)

    def test_a_rollback_goes_back_and_waits(self):
        code, text = self.run_script("rollback")
        self.assertEqual(code, 0, text)
        self.assertIn("rollback souk --namespace souk", self.calls())
        self.assertEqual(self.run_script("rollback", REVISION="7")[0], 0)
        self.assertIn("rollback souk 7 --namespace souk", self.calls())

    def test_a_status_changes_nothing(self):
        self.assertEqual(self.run_script("status")[0], 0)
        for word in ("apply", "create", "upgrade", "rollback", "replace", "delete"):
            self.assertNotIn(f" {word} ", self.calls())

    def test_secrets_are_made_once_and_never_on_a_command_line(self):
        code, text = self.run_script("secrets", "ensure")
        self.assertEqual(code, 0, text)
        calls, first = self.calls(), {path.name: path.read_text(encoding="utf-8") for path in self.state.glob("*.*")}
        self.assertEqual(len(first), len(secrets.script(frame.ROOT).plan()) + 1)
        passwords = [self.stored("secret", name)["password"] for name in ("souk-streams", "souk-order-db", "souk-user-db")]
        self.assertEqual(len(set(passwords)), 3)
        for password in passwords:
            self.assertNotIn(password, calls + text)
        self.assertEqual(self.stored("secret", "souk-order-db")["username"], "souk_order")
        self.assertEqual(self.stored("secret", "souk-streams")["auth"], f":{passwords[0]}@")
        self.assertEqual(self.run_script("secrets", "ensure")[0], 0)
        self.assertEqual(first, {path.name: path.read_text(encoding="utf-8") for path in self.state.glob("*.*")})

    def test_a_key_is_known_everywhere_before_it_signs(self):
        self.run_script("secrets", "ensure")
        old = json.loads(self.stored("configmap", "souk-token-keys")["jwks"])["keys"][0]["kid"]
        self.assertNotEqual(self.run_script("secrets", "keys", "sign")[0], 0)
        self.assertEqual(self.run_script("secrets", "keys", "publish")[0], 0)
        self.assertEqual(self.run_script("secrets", "keys", "publish")[0], 0)
        kids = [key["kid"] for key in json.loads(self.stored("configmap", "souk-token-keys")["jwks"])["keys"]]
        self.assertEqual((kids[0], len(kids)), (old, 2))
        before = self.stored("secret", "souk-signing-key")
        code, text = self.run_script("secrets", "keys", "sign")
        self.assertEqual(code, 0, text)
        after, keys = self.stored("secret", "souk-signing-key"), self.stored("configmap", "souk-token-keys")
        self.assertEqual(after, {"signing_key": before["next"]})
        self.assertEqual([key["kid"] for key in json.loads(keys["jwks"])["keys"]], [kids[1], old])
        head = json.dumps({"alg": "EdDSA", "kid": old}, separators=(",", ":")).encode()
        token = "Bearer " + base64.urlsafe_b64encode(head).decode().rstrip("=") + ".e30.sig"
        self.assertRegex(token, keys["pass"])
        self.assertEqual(self.run_script("secrets", "keys", "drop")[0], 0)
        keys = self.stored("configmap", "souk-token-keys")
        self.assertEqual(len(json.loads(keys["jwks"])["keys"]), 1)
        self.assertNotRegex(token, keys["pass"])


class Keys(unittest.TestCase):
    """The example of RFC 8037, appendix A."""

    def test_a_key_is_what_the_services_take_it_for(self):
        module = secrets.script(frame.ROOT)
        seed = module.b64url(bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
        x = module.public_of(seed)
        self.assertEqual(x, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
        self.assertEqual(module.kid(x), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
        done = subprocess.run(["openssl", "pkey", "-pubin", "-noout", "-text"], input=module.pem(x), capture_output=True, text=True)
        self.assertIn("ED25519", done.stdout)

    def test_the_head_of_a_token_is_written_as_the_services_write_it(self):
        source = (frame.ROOT / "components/shared/core/src/token.rs").read_text(encoding="utf-8")
        self.assertRegex(source, r"struct Header \{\s+alg: String,\s+kid: String,\s+\}")


if __name__ == "__main__":
    unittest.main()
