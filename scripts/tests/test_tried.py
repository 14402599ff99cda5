"""What tried.py tries again, and that nothing which failed twice, or was not tried again, passes."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from notebooks import ROOT

FLAKY = """
import unittest
class Flaky(unittest.TestCase):
    tries = 0
    def test_flaky(self):
        Flaky.tries += 1
        self.assertEqual(2, Flaky.tries)
    def test_well(self):
        pass
"""
FLAKY_CLASS = """
import unittest
class Flaky(unittest.TestCase):
    tries = 0
    @classmethod
    def setUpClass(cls):
        Flaky.tries += 1
        if Flaky.tries == 1:
            raise OSError
    def test_one(self):
        pass
    def test_two(self):
        pass
"""
FAILS = """
import unittest
class Fails(unittest.TestCase):
    def test_fails(self):
        self.fail()
"""
FAILS_TO_SET_UP = """
import unittest
def setUpModule():
    raise OSError
class Well(unittest.TestCase):
    def test_well(self):
        pass
"""


class Tried(unittest.TestCase):
    def run_all(self, try_again, **modules):
        """Tests of these modules: the exit code, and what was printed."""
        with tempfile.TemporaryDirectory() as folder:
            for name, source in modules.items():
                pathlib.Path(folder, f"test_{name}.py").write_text(source, encoding="utf-8")
            done = subprocess.run(
                [sys.executable, ROOT / "scripts/tests/tried.py", "discover", "--start-directory", folder],
                env={**os.environ, "TRY_AGAIN": try_again}, capture_output=True, text=True)
        return done.returncode, done.stderr

    def test_a_flake_passes_only_if_it_is_tried_again(self):
        code, printed = self.run_all("yes", a=FLAKY)
        self.assertEqual(0, code, printed)
        self.assertTrue(printed.endswith("OK\nFlake: test_a.Flaky.test_flaky\n"), printed)
        code, printed = self.run_all("", a=FLAKY)
        self.assertEqual(1, code, printed)
        self.assertNotIn("Flake: ", printed)

    def test_of_a_class_that_was_not_set_up_all_are_tried_again(self):
        code, printed = self.run_all("yes", a=FLAKY_CLASS)
        self.assertEqual(0, code, printed)
        self.assertTrue(printed.endswith("OK\nFlake: test_a.Flaky.test_one\nFlake: test_a.Flaky.test_two\n"), printed)

    def test_what_fails_beside_a_flake_fails(self):
        for fails in (FAILS, FAILS_TO_SET_UP, "import no_such_module"):
            with self.subTest(fails):
                code, printed = self.run_all("yes", a=FLAKY, b=fails)
                self.assertEqual(1, code, printed)
                self.assertRegex(printed, r"Ran \d tests? in [\s\S]+Ran \d tests? in [^\n]+\n\nFAILED \(\w+=1\)\n$")


if __name__ == "__main__":
    unittest.main()
