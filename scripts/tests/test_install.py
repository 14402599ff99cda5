"""Programs that depend on ovchat's jars: from a local repository, in a bare folder, without anything of the project."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import zipfile

from notebooks import ROOT, demo_model
from temporary import temporary_folder

HOME = pathlib.Path(os.environ["OVCHAT_HOME"])
SAMPLES = ROOT / "lib/samples"
PROGRAMS = ROOT / "scripts/tests/Programs.java"
JBANG = "dev.jbang:jbang-cli:0.132.1"
JDK = pathlib.Path(os.environ.get("JAVA_HOME") or pathlib.Path(shutil.which("java")).resolve().parents[1], "bin")
OPTIONS = ["--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]  # newer JDKs warn; each program runs for a moment
ANSWER = "I was made for the ovchat project"


def machine_repository():
    """Maven's local repository here."""
    own = HOME / "m2"
    return own if own.is_dir() else pathlib.Path.home() / ".m2/repository"


def copied_repository(folder):
    """The machine's, without ovchat: Maven downloads nothing twice, and all of ovchat has to come from the installation."""
    def link(source, target):
        try:
            os.link(source, target)
        except OSError:  # on another disk
            shutil.copy2(source, target)
    left_out = shutil.ignore_patterns("ovchat", "*.repositories", "resolver-status.properties")
    if machine_repository().is_dir():
        shutil.copytree(machine_repository(), folder, copy_function=link, ignore=left_out)


class FromARepository(unittest.TestCase):
    """What is tried with ovchat's jars in a local repository of its own."""

    @classmethod
    def install(cls, name, *options):
        """Sets the folder of this run, the repository in it, and the demo model."""
        (HOME / "tests").mkdir(exist_ok=True)  # on the disk of our installation, for the links
        folder = temporary_folder(HOME / "tests", name)
        cls.addClassCleanup(folder.__exit__, None, None, None)
        cls.folder = folder.__enter__()
        cls.model = demo_model()
        cls.repository = cls.folder / "repository"
        copied_repository(cls.repository)
        cls.check([ROOT / "scripts/install", *options, f"-Dmaven.repo.local={cls.repository}"])

    @classmethod
    def check(cls, command, **options):
        done = subprocess.run(command, text=True, capture_output=True, **options)
        if done.returncode:
            raise AssertionError(f"{command}: {done.stdout}{done.stderr}")
        return done.stdout


class Programs(FromARepository):
    @classmethod
    def setUpClass(cls):
        cls.install("programs")
        cls.home = cls.folder / "home"
        cls.home.mkdir()
        cls.samples = cls.folder / "bare folder"
        shutil.copytree(SAMPLES, cls.samples)
        cls.check(["mvn", "-B", "-ntp", "-q", f"-Dmaven.repo.local={cls.repository}", "compile", "dependency:build-classpath",
                   "-Dmdep.outputFile=class-path"], cwd=cls.samples)
        cls.jars = (cls.samples / "class-path").read_text().strip().split(":")

    def java(self, *arguments, jars=None, home=None, options=(), input=None):
        """Runs a program with a home directory and nothing else in its environment, and where it can be, without network."""
        class_path = ":".join([str(self.samples / "target/classes"), *(jars or self.jars)])
        return self.alone([JDK / "java", *OPTIONS, f"-Duser.home={home or self.home}", *options, "-cp", class_path, *arguments], input)

    def alone(self, command, input=None):
        offline = ["unshare", "--net"] if os.geteuid() == 0 else []
        return subprocess.run([*offline, *command], text=True, capture_output=True, input=input, cwd=self.folder,
                              env={"PATH": os.environ["PATH"], "HOME": str(self.home)})

    def without(self, name):
        return [jar for jar in self.jars if not jar.endswith(name)]

    def assert_answers(self, done, times=1):
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual(times, done.stdout.count(ANSWER), done.stdout + done.stderr)

    def test_a_program_streams_and_unpacks_what_is_said(self):
        with tempfile.TemporaryDirectory() as home:
            done = self.java("Streaming", self.model, "Who are you?", home=home)
            self.assertEqual([".cache", ".djl.ai", ".javacpp"], sorted(os.listdir(home)))
            self.assertEqual([], [path for path in pathlib.Path(home, ".cache").rglob("*") if path.is_file()])
        self.assert_answers(done)
        self.assertEqual("", done.stderr)

    def test_a_program_chats(self):
        self.assert_answers(self.java("Chatting", self.model, input="Who are you?\nWho are you?\n"), times=2)

    def test_a_program_exports_and_asks(self):
        exported = self.folder / "exported"
        done = self.java("ExportAndAsk", ROOT / "environment/demo-model/checkpoint", exported, "Who are you?")
        self.assert_answers(done)
        self.assertTrue((exported / "openvino_model.xml").is_file())

    def test_a_program_is_a_script_of_jbang_too(self):
        group, name, version = JBANG.split(":")
        tool = self.folder / "jbang"
        tool.mkdir()
        (tool / "pom.xml").write_text(
            "<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>tool</artifactId><version>1</version><dependencies>"
            f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version></dependency></dependencies></project>")
        self.check(["mvn", "-B", "-ntp", "-q", f"-Dmaven.repo.local={self.repository}", "dependency:build-classpath",
                    "-Dmdep.outputFile=class-path"], cwd=tool)
        places = {"JBANG_DIR": str(tool / "own"), "JBANG_REPO": str(self.repository), "JAVA_HOME": str(JDK.parent), "HOME": str(self.home)}
        made = subprocess.run(  # it prints the command, which its shell script then runs
            [JDK / "java", *OPTIONS, "-cp", (tool / "class-path").read_text(), "dev.jbang.Main", "run",
             self.samples / "src/main/java/Streaming.java", self.model, "Who are you?"],
            text=True, capture_output=True, env={**os.environ, **places})
        self.assertEqual(255, made.returncode, made.stderr)
        self.assert_answers(self.alone(["bash", "-c", made.stdout]))

    def test_each_script_names_what_it_needs_in_its_first_lines(self):
        for program in SAMPLES.glob("src/main/java/*.java"):
            named = re.findall(r"(?m)^//DEPS [^:]+:([^:]+):.+$", program.read_text())
            exports = ["ovchat-export"] if "import dev.ovchat.export." in program.read_text() else []
            self.assertEqual(["ovchat-platform", *exports, "slf4j-nop"], named)

    def test_samples_ask_for_the_version_that_is_there(self):
        version, = re.findall(r"(?m)^  <version>(.*)</version>$", (ROOT / "pom.xml").read_text())
        for path in [*SAMPLES.glob("src/main/java/*.java"), ROOT / "lib/ovchat-bom/pom.xml", SAMPLES / "pom.xml", SAMPLES / "README.md", ROOT / "README.md"]:
            found = set(re.findall(r"\d+\.\d+\.\d+-SNAPSHOT", path.read_text()))
            self.assertEqual({version}, found, path)

    def test_the_bom_names_each_jar(self):
        named = set(re.findall(r"<artifactId>(.*)</artifactId>", (ROOT / "lib/ovchat-bom/pom.xml").read_text()))
        named = {name for name in named if not name.startswith("maven-")} - {"ovchat-bom"}
        self.assertEqual({"ovchat-notebook", "ovchat-langchain4j", "ovchat-spring-ai"}, named - {path.name for path in self.repository.glob("dev/ovchat/*")})
        for jar in self.repository.glob("dev/ovchat/*/*/*.jar"):
            self.assertIn(jar.parent.parent.name, named)

    def test_each_jar_has_a_module_name_of_its_own(self):
        names = [re.search(r"Automatic-Module-Name: (\S+)", zipfile.ZipFile(jar).read("META-INF/MANIFEST.MF").decode())[1]
                 for jar in self.repository.glob("dev/ovchat/*/*/*.jar")]
        self.assertEqual(
            ["dev.ovchat", "dev.ovchat.export", "dev.ovchat.platform", "org.bytedeco.openvino", "org.bytedeco.openvino.linux.x86_64",
             "org.bytedeco.openvino.linux.x86_64.redist"], sorted(names))

    def test_a_program_on_the_module_path_with_one_folder_for_all_that_is_unpacked(self):
        with tempfile.TemporaryDirectory() as home:
            done = self.alone(
                [JDK / "java", *OPTIONS, f"-Duser.home={home}", f"-Dovchat.cache={home}/own", "--module-path", ":".join(self.jars),
                 "--add-modules", "ALL-MODULE-PATH", "-cp", self.samples / "target/classes", "Streaming", self.model, "Who are you?"])
            self.assertEqual(["own"], os.listdir(home))
            self.assertEqual(["djl", "javacpp", "jna"], sorted(os.listdir(f"{home}/own")))
        self.assert_answers(done)

    def test_a_second_class_loader_and_one_after_all_are_gone(self):
        done = self.java(PROGRAMS, "redeploy", self.everything(), self.model, jars=[""])
        self.assert_answers(done, times=5)
        self.assertEqual("", done.stderr)

    def test_ten_threads_begin_at_once(self):
        done = self.java(PROGRAMS, "threads", self.everything(), self.model, jars=[""])
        self.assertEqual((0, 10), (done.returncode, done.stdout.count("training")), done.stdout + done.stderr)  # a word that is one token

    def test_a_process_ends_in_the_middle_of_an_answer(self):
        done = self.java(PROGRAMS, "exit", self.everything(), self.model, jars=[""])
        self.assertEqual(3, done.returncode, done.stderr)
        self.assertNotIn("SIGSEGV", done.stdout + done.stderr)

    def everything(self):
        return ":".join([str(self.samples / "target/classes"), *self.jars])

    def test_a_missing_jar_is_named(self):
        done = self.java("Streaming", self.model, "?", jars=self.without("-redist.jar"))
        self.assertIn("The OpenVINO runtime 2026.4.1 cannot be loaded. libopenvino_c.so is in none of these folders: ", done.stderr)
        self.assertIn("a program can depend on dev.ovchat:ovchat-platform, which brings it.", done.stderr)
        done = self.java("Streaming", self.model, "?", jars=self.without("SNAPSHOT-linux-x86_64.jar"))
        self.assertIn("The class path has no JNI library for linux-x86_64. Depend on dev.ovchat:ovchat-platform, or on "
                      "dev.ovchat:openvino-preset with the classifier linux-x86_64.", done.stderr)

    def test_a_jar_for_another_system_is_named(self):
        jar = self.folder / "macosx-arm64.jar"
        with zipfile.ZipFile(jar, "w") as other:
            other.writestr("org/bytedeco/openvino/macosx-arm64/", "")
        done = self.java("Streaming", self.model, "?", jars=[*self.without("-redist.jar"), str(jar)])
        self.assertIn("The OpenVINO runtime 2026.4.1 cannot be loaded.", done.stderr)
        self.assertNotIn("The class path has libraries for", done.stderr)  # those of this system are there
        only_other = [path for path in self.jars if "-linux-x86_64" not in path]
        done = self.java("Streaming", self.model, "?", jars=[*only_other, str(jar)])
        self.assertIn("The class path has libraries for macosx-arm64, and this system is linux-x86_64. ", done.stderr)

    @unittest.skipUnless(os.geteuid() == 0, "only root can mount a small disk")
    def test_a_full_disk_is_named_and_what_is_cut_off_is_mended(self):
        with tempfile.TemporaryDirectory() as cache:
            self.check(["mount", "-t", "tmpfs", "-o", "size=40m", "none", cache])
            try:
                done = self.java("Streaming", self.model, "?", options=[f"-Dovchat.cache={cache}"])
                self.assertRegex(done.stderr, "The OpenVINO runtime 2026.4.1 cannot be loaded. The libraries in .*redist cannot be unpacked: .*"
                                 "No space left on device.* 100 MB of space: -Dovchat.cache=FOLDER names one.")
                self.check(["mount", "-o", "remount,size=300m", "none", cache])
                self.assert_answers(self.java("Streaming", self.model, "Who are you?", options=[f"-Dovchat.cache={cache}"]))
                self.check(["mount", "-o", "remount,ro", "none", cache])
                nowhere_else = [f"-Dovchat.cache={cache}", f"-Djava.io.tmpdir={cache}"]
                self.assertIn("-Dovchat.cache=FOLDER names one.", self.java("Streaming", self.model, "?", options=nowhere_else, home=cache).stderr)
            finally:
                self.check(["umount", cache])

    def test_a_runtime_that_jlink_has_made(self):
        with tempfile.TemporaryDirectory() as folder:
            runtime = pathlib.Path(folder, "runtime")
            self.check([JDK / "jlink", "--add-modules", "java.base,java.xml,java.management,java.sql,jdk.unsupported", "--output", runtime])
            done = subprocess.run([runtime / "bin/java", *OPTIONS, f"-Dovchat.cache={folder}", "-cp", self.everything(), "Streaming", self.model,
                                   "Who are you?"], text=True, capture_output=True)
            self.assert_answers(done)


if __name__ == "__main__":
    unittest.main()
