"""The doctor on an installation that is broken: each fault is told once, and its remedy, run as it is printed, mends it."""
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from installation import Installation, cut_off
from notebooks import demo_model


class Doctor(unittest.TestCase):
    """Faults that do not hide each other are looked at together, since a doctor that starts everything takes a while."""

    def setUp(self):
        self.installation = Installation()
        self.addCleanup(self.installation.close)
        self.environment = self.installation.environment

    def doctor(self):
        """What is OK; and of what fails the problem and the remedy, by the names of the parts."""
        done = subprocess.run([self.installation.root / "scripts/doctor"], env=self.environment, cwd=self.installation.root,
                              capture_output=True, text=True)
        self.assertEqual("", done.stderr)
        failures = {name: (problem, remedy) for name, problem, remedy in re.findall(
            r"^FAIL  (\S.{20}\S?) *(.*)\n {28} → (.*)\n", done.stdout, re.MULTILINE)}
        failures = {name.strip(): each for name, each in failures.items()}
        self.assertEqual(done.stdout.count("FAIL"), len(failures), done.stdout)
        self.assertEqual(min(1, len(failures)), done.returncode)
        self.said = done.stdout
        return failures

    def assert_told(self, **expected):
        """These faults and no other; then their remedies are run in this shell."""
        failures = self.doctor()
        self.assertEqual({name.replace("_", " ") for name in expected}, {*failures}, self.said)
        for name, (problem, remedy) in failures.items():
            self.assertRegex(f"{problem} → {remedy}", expected[name.replace(" ", "_")])
            done = subprocess.run(["bash", "-c", f"{remedy}\ncode=$?\nenv -0\nexit $code"], env=self.environment,
                                  cwd=self.installation.root, capture_output=True, text=True)
            self.assertEqual(0, done.returncode, done.stderr)
            self.environment = dict(line.split("=", 1) for line in done.stdout.split("\0") if "=" in line)

    def test_each_remedy(self):
        variables = dict(MAVEN_OPTS="-Xnonsense", CXX="/nowhere", PYTHON="/nowhere", OPENVINO_LIBS="/nowhere",
                         DEVICE="GPU.7", JDK_JAVA_OPTIONS="-Xnonsense")
        self.environment |= variables
        self.assert_told(JDK="JDK_JAVA_OPTIONS: .* → unset JDK_JAVA_OPTIONS$")
        self.environment |= dict(JAVA_HOME="/nowhere")
        self.assert_told(JDK="No JDK found in JAVA_HOME=/nowhere → unset JAVA_HOME$")
        self.assert_told(Maven="MAVEN_OPTS=-Xnonsense: .* → unset MAVEN_OPTS$", compiler="compiles nothing → unset CXX$",
                         Python="at PYTHON=/nowhere → unset PYTHON$")
        (self.installation.venv / "share/jupyter/kernels/java/jjava.jar").unlink()
        cut_off(self.installation.jar)
        self.assert_told(Python_packages="jjava.jar is missing or damaged → ./scripts/setup$")
        cut_off(self.installation.jar)
        (self.installation.home / "openvino").unlink()
        self.assert_told(helper_jar="ovchat-notebook.jar is damaged → ./scripts/setup$")
        self.installation.kernel.unlink()
        self.assert_told(kernel="there is no .*kernel.json → ./scripts/setup$",
                         OpenVINO_runtime="none of these folders: /nowhere.* → unset OPENVINO_LIBS$")
        cut_off(self.installation.kernel)
        model = self.installation.root / "notebooks/model/demo/int4"
        shutil.copytree(demo_model(), model)
        (model / "openvino_model.bin").write_bytes(bytes(1000))
        self.assert_told(kernel="→ rm -rf '.*/kernels/java'; ./scripts/setup$", devices="GPU.7.*CPU.* → unset DEVICE$",
                         model_directory="1,000 bytes.* → rm -rf '.*/notebooks/model/demo/int4' # then the notebooks")
        elsewhere = self.installation.top / "모델"
        shutil.copytree(demo_model(), elsewhere)
        self.environment |= dict(MODEL_DIR=str(elsewhere))
        self.assertEqual({}, self.doctor(), self.said)
        for line in ("JDK", "Maven", "compiler", "Python", "Python packages", "work folder", "helper jar", "kernel",
                     "OpenVINO runtime", "devices", "export", "tokenizer library", "model directory"):
            self.assertRegex(self.said, rf"OK    {line} ")

    def test_remedies_of_a_bundle_fit(self):
        """It cannot be set up; its parts come back with the archive."""
        (self.installation.home / "bundled").touch()
        (self.installation.home / "openvino").unlink()
        self.environment |= dict(PATH=os.environ["PATH"], DEVICE="GPU.7")
        failures = self.doctor()
        self.assertEqual({"OpenVINO runtime": "unpack the bundle again"}, {name: remedy for name, (_, remedy) in failures.items()})
        self.assertRegex(self.said, "OK    Maven, compiler +not needed")
        pathlib.Path(self.installation.jar).unlink()
        self.assertEqual("unpack the bundle again", self.doctor()["helper jar"][1])


if __name__ == "__main__":
    unittest.main()
