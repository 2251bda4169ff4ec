"""Each promise about the workflows is broken once in a copy of them, and found broken."""

import pathlib
import shutil
import tempfile
import unittest

import frame


class Workflows(unittest.TestCase):
    def found(self, change=lambda text: text, name="ci.yml"):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            # actionlint looks for its configuration in the repository that a file is in.
            (root / ".git").mkdir()
            shutil.copytree(frame.ROOT / ".github", root / ".github")
            for path in ("renovate.json", ".ci", "scripts"):
                source = frame.ROOT / path
                (shutil.copytree if source.is_dir() else shutil.copy)(source, root / path)
            path = root / ".github/workflows" / name
            before = path.read_text(encoding="utf-8")
            path.write_text(change(before), encoding="utf-8")
            findings = frame.run("workflows", root=root)
        if findings.skipped:
            self.skipTest(findings.skipped)
        return "\n".join(findings.problems)

    def test_they_are_good(self):
        self.assertEqual(self.found(), "")

    def test_a_key_that_github_does_not_know(self):
        self.assertIn("runs-onn", self.found(lambda text: text.replace("runs-on:", "runs-onn:", 1)))

    def test_rights_pins_time_and_credentials(self):
        self.assertIn("it must begin with no permissions", self.found(lambda text: text.replace("permissions: {}", "", 1)))
        self.assertIn("is not pinned by digest", self.found(lambda text: text.replace("steps:", "steps:\n      - uses: actions/cache@v4", 1)))
        self.assertIn("no timeout-minutes", self.found(lambda text: text.replace("timeout-minutes", "x-timeout", 1)))
        self.assertIn("leaves its token behind", self.found(lambda text: text.replace("persist-credentials: false", "persist-credentials: true", 1)))


if __name__ == "__main__":
    unittest.main()
