"""actionlint's refusals reach the check."""

import pathlib
import tempfile
import unittest

import frame

GOOD = """
name: t
on: push
permissions: {contents: read}
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: echo "${{ github.sha }}"
"""


class Workflows(unittest.TestCase):
    def found(self, text):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / ".github/workflows").mkdir(parents=True)
            (root / ".github/workflows/t.yml").write_text(text, encoding="utf-8")
            findings = frame.run("workflows", root=root)
        if findings.skipped:
            self.skipTest(findings.skipped)
        return "\n".join(findings.problems)

    def test_a_good_workflow_passes(self):
        self.assertEqual(self.found(GOOD), "")

    def test_mistakes_are_found(self):
        self.assertIn("runs-onn", self.found(GOOD.replace("runs-on", "runs-onn")))
        self.assertIn('"shaa"', self.found(GOOD.replace("github.sha", "github.shaa")))
        self.assertIn("SC2086", self.found(GOOD.replace('echo "${{ github.sha }}"', "x=$1; ls $x")))


if __name__ == "__main__":
    unittest.main()
