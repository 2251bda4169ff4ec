"""Secrets, pods, images and scripts: each promise is broken once, and found broken."""

import pathlib
import re
import shutil
import tempfile
import unittest
import unittest.mock

import charts
import frame
import sources
import support
import tools
from checks import images, pods, secrets, shell


class Secrets(unittest.TestCase):
    def setUp(self):
        self.objects = support.objects()
        self.there = secrets.made(secrets.script(frame.ROOT), self.objects)

    def found(self):
        return "\n".join(secrets.problems_of(self.objects, self.there))

    def test_the_chart_is_good(self):
        self.assertEqual(self.found(), "")

    def test_what_nobody_makes(self):
        del self.there[("Secret", "souk-relay-db")]
        self.there[("ConfigMap", "souk-token-keys")].remove("pass")
        text = self.found()
        self.assertIn("Deployment relay reads password of the Secret souk-relay-db, which nobody makes", text)
        self.assertIn("Cluster order-db reads password of the Secret souk-relay-db", text)
        self.assertIn("Deployment api-gateway reads pass of the ConfigMap souk-token-keys", text)

    def test_a_file_of_a_secret(self):
        self.there[("Secret", "souk-streams")].remove("auth.conf")
        self.assertIn("StatefulSet streams reads auth.conf", self.found())

    def test_a_secret_in_the_chart_and_one_in_plain_sight(self):
        self.objects.append({"kind": "Secret", "metadata": {"name": "s"}})
        container = charts.pods_of(charts.of_kind(self.objects, "Deployment")["relay"])["containers"][0]
        container["env"].append({"name": "RELAY_PASSWORD", "value": "hunter2"})
        self.assertIn("the chart makes the Secret s", self.found())
        self.assertIn("RELAY_PASSWORD has its value in plain sight", self.found())


class Databases(unittest.TestCase):
    def test_letters_are_the_same_in_a_cluster_and_on_one_machine(self):
        local = (frame.ROOT / "host-tools/local/src/cluster.rs").read_text(encoding="utf-8")
        wanted = re.search(r'"--locale=([^"]+)"', local).group(1)
        for file in charts.values_files():
            objects = support.objects(file)
            made = [item["spec"]["bootstrap"]["initdb"] for item in charts.of_kind(objects, "Cluster").values()]
            made += [item["spec"] for item in charts.of_kind(objects, "Database").values()]
            self.assertEqual({(one["localeCollate"], one["localeCType"]) for one in made}, {(wanted, wanted)}, charts.label(file))

    def test_a_database_that_was_lost_comes_from_its_backup_and_writes_another(self):
        back = 'global.postgres.restored.order-db={"from":"order-db","as":"order-db-2","targetTime":"2026-11-26 01:00:00+00"}'
        code, text = charts.template(None, "--set-json", back)
        self.assertEqual(code, 0, text)
        clusters = charts.of_kind(sources.documents(text), "Cluster")
        spec = clusters["order-db"]["spec"]
        self.assertEqual(list(spec["bootstrap"]), ["recovery"])
        self.assertEqual(spec["bootstrap"]["recovery"]["recoveryTarget"], {"targetTime": "2026-11-26 01:00:00+00"})
        self.assertEqual(spec["externalClusters"][0]["plugin"]["parameters"]["serverName"], "order-db")
        self.assertEqual(spec["plugins"][0]["parameters"]["serverName"], "order-db-2")
        self.assertEqual(list(clusters["user-db"]["spec"]["bootstrap"]), ["initdb"])

    def test_a_database_that_a_person_makes_beside_them_reaches_what_it_needs(self):
        policy = charts.of_kind(support.objects(), "NetworkPolicy")["databases"]["spec"]
        self.assertEqual(policy["podSelector"], {"matchExpressions": [{"key": "cnpg.io/cluster", "operator": "Exists"}]})
        self.assertIn({"ports": [{"protocol": "TCP", "port": 443}, {"protocol": "TCP", "port": 6443}]}, policy["egress"])


class Pods(unittest.TestCase):
    def test_a_probe_that_a_rotated_password_would_fail(self):
        streams = charts.of_kind(support.objects(), "StatefulSet")["streams"]
        charts.pods_of(streams)["containers"][0]["livenessProbe"]["exec"]["command"] = ["sh", "-c", "valkey-cli ping"]
        self.assertEqual(pods.problems_of(streams),
                         ["streams/valkey: its livenessProbe logs in with the password of the day when the pod started"])

    def test_the_chart_is_good(self):
        self.assertEqual([problem for item in support.objects() for problem in pods.problems_of(item)], [])

    def test_each_right_is_missed(self):
        changes = {
            "may run as root": lambda pod: pod["securityContext"].update(runAsUser=0),
            "may make any system call": lambda pod: pod["securityContext"].pop("seccompProfile"),
            "token of the cluster's API": lambda pod: pod.pop("automountServiceAccountToken"),
            "may gain rights": lambda pod: pod["containers"][0]["securityContext"].pop("capabilities"),
            "may write its root": lambda pod: pod["containers"][0]["securityContext"].update(readOnlyRootFilesystem=False),
            "no limit of memory": lambda pod: pod["containers"][0]["resources"].pop("limits"),
            "has no livenessProbe": lambda pod: pod["containers"][0].pop("livenessProbe"),
            "another one tomorrow": lambda pod: pod["containers"][0].update(image="souk-tools:latest"),
        }
        for words, change in changes.items():
            item = charts.of_kind(support.objects(), "Deployment")["relay"]
            change(charts.pods_of(item))
            self.assertIn(words, "\n".join(pods.problems_of(item)))


class Images(unittest.TestCase):
    TEXT = (frame.ROOT / "deploy/images/Dockerfile").read_text(encoding="utf-8")

    def test_stages_and_what_is_copied(self):
        text = "FROM a AS one\nRUN x \\\n  y\nFROM b\nCOPY --from=one /x /y\nCOPY --chown=1 c \\\n  d /e\n"
        self.assertEqual(list(images.stages(text)), ["one", "b"])
        self.assertEqual(list(images.copied(text)), ["c", "d"])

    def test_an_image_with_rights_and_tools_is_found(self):
        self.assertEqual(images.tools_problems(self.TEXT), [])
        self.assertTrue(images.tools_problems(self.TEXT.replace("USER 65532:65532", "USER 0:0")))
        self.assertTrue(images.tools_problems(self.TEXT.replace("gcr.io/distroless/cc-debian12:nonroot", "debian:12")))

    def test_what_a_tool_has_in_it_is_copied(self):
        self.assertEqual(images.context_problems(frame.ROOT, self.TEXT), [])
        self.assertIn("demo/products.csv in it, which is not copied",
                      "\n".join(images.context_problems(frame.ROOT, self.TEXT.replace("COPY demo demo", ""))))

    def test_migrations_that_are_left_out_are_named(self):
        self.assertEqual(images.migrate_problems(self.TEXT, ["user", "order"]), [])
        self.assertIn("those of wishlist", images.migrate_problems(self.TEXT, ["user", "wishlist"])[0])

    def test_hadolint_and_missing_files_fail_the_check(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "deploy/images").mkdir(parents=True)
            bad = self.TEXT.replace("FROM rust:1.95-bookworm", "FROM rust:latest").replace("COPY wit wit", "COPY wot wot")
            (root / "deploy/images/Dockerfile").write_text(bad, encoding="utf-8")
            shutil.copy(frame.ROOT / "spin.toml", root)
            text = "\n".join(frame.run("images", root=root).problems)
        self.assertIn("DL3007", text)
        self.assertIn("copies wot, which is not there", text)


class Shell(unittest.TestCase):
    def test_a_careless_script_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "scripts").mkdir()
            (root / "scripts/bad").write_text('#!/usr/bin/env bash\ncd /nowhere\nx=$(ls)\n[ -n $x ]\n', encoding="utf-8")
            (root / "scripts/notes").write_text("cd /nowhere\n", encoding="utf-8")
            self.assertEqual([path.name for path in shell.scripts(root)], ["bad"])
            self.assertIn("SC2164", "\n".join(frame.run("shell", root=root).problems))


class Tools(unittest.TestCase):
    def test_a_missing_program_skips_here_and_fails_in_ci(self):
        with unittest.mock.patch.dict("os.environ", {"CI": ""}), self.assertRaises(frame.Skipped):
            tools.program("no-such-program", "install it")
        with unittest.mock.patch.dict("os.environ", {"CI": "true"}), self.assertRaises(RuntimeError):
            tools.program("no-such-program", "install it")


if __name__ == "__main__":
    unittest.main()
