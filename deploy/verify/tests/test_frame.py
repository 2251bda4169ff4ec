"""The frame tells a good check, a bad one, a broken one and an empty one apart."""

import contextlib
import io
import pathlib
import sys
import tempfile
import types
import unittest

import frame


def with_check(function):
    """Findings of a check that is this function."""
    sys.modules["checks.sample"] = types.SimpleNamespace(check=function)
    try:
        return frame.run("sample")
    finally:
        del sys.modules["checks.sample"]


class Frame(unittest.TestCase):
    def test_a_check_that_saw_something_and_found_nothing_is_ok(self):
        self.assertEqual(with_check(lambda it: it.saw("one file")).state, "ok")

    def test_a_problem_fails(self):
        def check(it):
            it.saw("one file")
            it.problem("it is broken")

        self.assertEqual(with_check(check).state, "FAILED")

    def test_a_check_that_looked_at_nothing_fails(self):
        self.assertEqual(with_check(lambda it: None).state, "FAILED")

    def test_a_check_that_breaks_fails_and_shows_where(self):
        findings = with_check(lambda it: 1 / 0)
        self.assertEqual(findings.state, "FAILED")
        self.assertIn("ZeroDivisionError", findings.problems[0])

    def test_what_cannot_be_done_here_is_skipped_with_its_reason(self):
        findings = with_check(lambda it: it.skip("no cluster"))
        self.assertEqual((findings.state, findings.skipped), ("skipped", "no cluster"))

    def test_a_problem_found_before_a_skip_still_fails(self):
        def check(it):
            it.problem("it is broken")
            it.skip("the rest cannot be done here")

        self.assertEqual(with_check(check).state, "FAILED")

    def test_without_the_shared_folder_what_needs_it_is_skipped(self):
        with tempfile.TemporaryDirectory() as folder:
            findings = frame.Findings("sample", shared=pathlib.Path(folder) / "shared")
            with self.assertRaisesRegex(frame.Skipped, "crds is absent"):
                findings.need_shared("crds")

    def test_an_unknown_check_is_named(self):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            self.assertFalse(frame.run_all(["nonsense"]))
        self.assertIn("nonsense", out.getvalue())


if __name__ == "__main__":
    unittest.main()
