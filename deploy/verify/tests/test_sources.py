"""YAML is read strictly, and built files are nobody's source."""

import pathlib
import tempfile
import unittest

import yaml

import frame
import sources


class Sources(unittest.TestCase):
    def test_a_key_that_stands_twice_is_refused(self):
        with self.assertRaisesRegex(yaml.YAMLError, "'a' stands twice"):
            sources.documents("a: 1\nb: 2\na: 3\n")

    def test_merge_keys_are_read(self):
        self.assertEqual(sources.documents("x: &x {a: 1}\ny: {<<: *x, b: 2}\n")[0]["y"], {"a": 1, "b": 2})

    def test_built_and_installed_files_are_left_out(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name in ("a.yaml", "target/b.yaml", "x/node_modules/c.yaml", "x/d.yaml", "x/e.txt"):
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).touch()
            names = [path.name for path in sources.files(root, "*.yaml")]
        self.assertEqual(names, ["a.yaml", "d.yaml"])

    def test_a_broken_file_fails_the_check(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "a.yaml").write_text("a: [1\n", encoding="utf-8")
            (root / "b.toml").write_text("b = \n", encoding="utf-8")
            findings = frame.run("manifests", root=root)
        self.assertEqual(len(findings.problems), 2, findings.problems)


if __name__ == "__main__":
    unittest.main()
