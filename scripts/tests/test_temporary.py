"""Temporary folders of the scripts: gone afterwards, and what killed runs left behind goes before."""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

from notebooks import ROOT
from temporary import temporary_folder

BASH = """
source "$0/scripts/plumbing/environment.sh"
make_temporary "$1/bundle"
echo "$work"
read -r line
"""
PYTHON = """
import pathlib, sys
sys.path.insert(0, str(pathlib.Path(sys.argv[1], "scripts/plumbing")))
from temporary import temporary_folder
with temporary_folder(sys.argv[2], "bundle") as work:
    print(work, flush=True)
    input()
"""


class Temporary(unittest.TestCase):
    def start(self, language, parent):
        """A run that waits, and its folder."""
        command = ["bash", "-euc", BASH, ROOT] if language == "bash" else [sys.executable, "-c", PYTHON, ROOT]
        run = subprocess.Popen([*command, parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(run.stdout.close)
        folder = pathlib.Path(run.stdout.readline().strip())
        pathlib.Path(folder, "large").touch()
        return run, folder

    def test_only_left_overs_of_killed_runs_go(self):
        for language in ("bash", "python"):
            with self.subTest(language), tempfile.TemporaryDirectory() as parent:
                killed, left_over = self.start(language, parent)
                running, used = self.start("python" if language == "bash" else "bash", parent)
                killed.send_signal(signal.SIGKILL)
                killed.communicate()
                self.assertTrue(left_over.exists())
                last, own = self.start(language, parent)
                self.assertEqual((False, True, True), (left_over.exists(), used.exists(), own.exists()))
                for each in (running, last):
                    each.communicate("\n")
                self.assertEqual([], os.listdir(parent))

    def test_the_folder_goes_after_an_error(self):
        with tempfile.TemporaryDirectory() as parent:
            with self.assertRaises(KeyError), temporary_folder(parent, "x"):
                raise KeyError
            self.assertEqual([], os.listdir(parent))


if __name__ == "__main__":
    unittest.main()
