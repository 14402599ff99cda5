"""What Maven Central asks of a release, one by one, on the files of a real one, and that a second one has the same bytes.

And that a program which takes it from Maven Central gets the native libraries of its system.

Run by ./scripts/test --release: a release takes minutes to build, and here are two.
"""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as xml
import zipfile

from notebooks import ROOT, demo_model
from temporary import temporary_folder
from test_install import ANSWER, SAMPLES, copied_repository

HOME, WORK = pathlib.Path(os.environ["OVCHAT_HOME"]), pathlib.Path(os.environ["OVCHAT_WORK"])
VERSION, URL = "0.1.0", "https://ovchat.example"
MAVEN = {"": "http://maven.apache.org/POM/4.0.0"}
# The libraries of each system's two jars: of JNI, and some of OpenVINO's.
NATIVE = {
    "linux-x86_64": (["libjniopenvino.so", "paged/libjniPagedAttention.so"], ["libopenvino.so", "libopenvino_c.so", "libopenvino_intel_cpu_plugin.so", "libtbb.so"]),
    "linux-arm64": (["libjniopenvino.so", "paged/libjniPagedAttention.so"], ["libopenvino.so", "libopenvino_c.so", "libopenvino_arm_cpu_plugin.so", "libtbb.so"]),
    "macosx-arm64": (["libjniopenvino.dylib"], ["libopenvino.", "libopenvino_c.", "libopenvino_arm_cpu_plugin.so", "libtbb."]),
    "windows-x86_64": (["jniopenvino.dll"], ["openvino.dll", "openvino_c.dll", "openvino_intel_cpu_plugin.dll", "tbb12.dll"]),
}
# What the JVM says of such a system, and profiles of the POM go by. Where it says Windows, Maven calls Windows, and does not start here.
RUNNING_ON = {"linux-x86_64": ("Linux", "amd64"), "linux-arm64": ("Linux", "aarch64"), "macosx-arm64": ("Mac OS X", "aarch64")}


class Release(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        (HOME / "tests").mkdir(exist_ok=True)
        cls.top = pathlib.Path(cls.entered(temporary_folder(HOME / "tests", "release")))
        cls.key = cls.make_key() if shutil.which("gpg") else None
        cls.folder = cls.release("first", *(["--sign", cls.key] if cls.key else []))
        cls.poms = {pom.parent.parent.name: pom for pom in cls.folder.glob("dev/ovchat/*/*/*.pom")}

    @classmethod
    def entered(cls, context):
        cls.addClassCleanup(context.__exit__, None, None, None)
        return context.__enter__()

    @classmethod
    def make_key(cls):
        """A key for this test alone."""
        os.environ["GNUPGHOME"] = cls.entered(tempfile.TemporaryDirectory())  # a short path, for its socket
        os.chmod(os.environ["GNUPGHOME"], 0o700)
        subprocess.run(["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", "test@ovchat.example", "ed25519", "sign"],
                       check=True, capture_output=True)
        return "test@ovchat.example"

    @classmethod
    def release(cls, name, *options, work=WORK):
        environment = {**os.environ, "OVCHAT_WORK": str(work), "ZIG_GLOBAL_CACHE_DIR": f"{os.environ['OVCHAT_CACHE']}/zig"}
        done = subprocess.run([ROOT / "scripts/release", *options, VERSION, URL, cls.top / name], capture_output=True, text=True, env=environment)
        if done.returncode:
            raise AssertionError(done.stdout + done.stderr)
        return cls.top / name

    def published(self):
        """The files that are not about other files."""
        return [path for path in self.folder.rglob("*") if path.is_file() and path.suffix not in (".md5", ".sha1", ".asc")]

    def text(self, pom, path):
        """An element of a POM, or what it inherits from its parent."""
        tree = xml.parse(pom)
        found = tree.find(path, MAVEN)
        if found is None and tree.find("parent", MAVEN) is not None:
            return self.text(self.poms[tree.find("parent/artifactId", MAVEN).text], path)
        return found is not None and found.text

    def test_all_modules_are_there(self):
        self.assertEqual({"ovchat-parent", "ovchat-bom", "ovchat-platform", "ovchat", "ovchat-export", "ovchat-notebook", "openvino-preset", "ovchat-langchain4j",
                          "ovchat-spring-ai"}, {*self.poms})

    def test_each_pom_is_complete(self):
        for name, pom in self.poms.items():
            with self.subTest(name):
                own = xml.parse(pom)
                for element in ("artifactId", "name", "description"):
                    self.assertTrue(own.find(element, MAVEN).text, element)
                for element in ("groupId", "version"):
                    self.assertTrue(own.findtext(element, None, MAVEN) or own.findtext(f"parent/{element}", None, MAVEN), element)
                for element in ("licenses/license/name", "licenses/license/url", "developers/developer/name"):
                    self.assertTrue(self.text(pom, element), element)
                for element in ("url", "scm/url", "scm/connection"):
                    self.assertIn(self.text(pom, element), ("${release.url}", "scm:git:${release.url}"), element)
                self.assertEqual(URL, self.text(pom, "properties/release.url"))
                for element in ("repositories", "pluginRepositories", "distributionManagement"):
                    self.assertFalse(own.find(element, MAVEN), element)

    def test_nothing_is_a_snapshot(self):
        for path in self.published():
            self.assertNotIn("SNAPSHOT", path.name)
            if path.suffix == ".pom":
                self.assertNotIn("SNAPSHOT", path.read_text())
        for pom in self.poms.values():
            self.assertEqual(VERSION, pom.parent.name)

    def test_each_dependency_has_a_version(self):
        for name, pom in self.poms.items():
            own = xml.parse(pom)
            imported = {bom.findtext("groupId", None, MAVEN) for bom in own.findall("dependencyManagement/dependencies/dependency[scope='import']", MAVEN)}
            for dependency in own.findall("dependencies/dependency", MAVEN):
                managed = (dependency.findtext("artifactId", None, MAVEN) == "junit-jupiter"  # by the parent
                           or dependency.findtext("groupId", None, MAVEN) in imported)
                self.assertTrue(managed or dependency.findtext("version", None, MAVEN), name)

    def test_each_jar_has_sources_and_javadoc(self):
        for name, pom in self.poms.items():
            if xml.parse(pom).findtext("packaging", "jar", MAVEN) == "pom":
                continue
            with self.subTest(name):
                for kind, wanted in (("", ".class"), ("-sources", ".java"), ("-javadoc", ".html")):
                    names = zipfile.ZipFile(pom.with_name(f"{name}-{VERSION}{kind}.jar")).namelist()
                    self.assertTrue(any(entry.endswith(".md" if name == "ovchat-platform" else wanted) for entry in names), kind)

    def test_each_file_has_its_checksums(self):
        for path in self.published():
            for kind in ("md5", "sha1"):
                wanted = hashlib.new(kind, path.read_bytes()).hexdigest()
                self.assertEqual(wanted, path.with_name(f"{path.name}.{kind}").read_text().strip())

    @unittest.skipUnless(shutil.which("gpg"), "gpg is not here")
    def test_each_file_is_signed(self):
        for path in self.published():
            subprocess.run(["gpg", "--batch", "--quiet", "--verify", f"{path}.asc", path], check=True, capture_output=True)

    def test_each_jar_has_a_bill_of_materials(self):
        bills = {path.parent.parent.name: json.loads(path.read_text()) for path in self.folder.rglob("*-cyclonedx.json")}
        self.assertEqual({*self.poms} - {"ovchat-bom"}, {*bills})
        for name, bill in bills.items():
            self.assertEqual(("CycloneDX", f"pkg:maven/dev.ovchat/{name}@{VERSION}"),
                             (bill["bomFormat"], bill["metadata"]["component"]["purl"].partition("?")[0]))
        parts = {part["name"]: part for part in bills["ovchat-platform"]["components"]}
        self.assertLessEqual({"ovchat", "openvino-preset", "javacpp", "tokenizers", "jackson-databind"}, {*parts})
        self.assertTrue(parts["tokenizers"]["hashes"] and parts["tokenizers"]["licenses"])

    def native(self, system, kind=""):
        return zipfile.ZipFile(self.poms["openvino-preset"].with_name(f"openvino-preset-{VERSION}-{system}{kind}.jar"))

    def test_native_jars_are_those_of_four_systems(self):
        found = {path.name for path in self.folder.glob("dev/ovchat/openvino-preset/*/*.jar")}
        classes = {f"openvino-preset-{VERSION}{kind}.jar" for kind in ("", "-sources", "-javadoc")}
        self.assertEqual({f"openvino-preset-{VERSION}-{system}{kind}.jar" for system in NATIVE for kind in ("", "-redist")}, found - classes)

    def test_each_native_jar_has_the_libraries_of_its_system_alone(self):
        for system, (jni, openvino) in NATIVE.items():
            with self.subTest(system):
                libraries = [name for name in self.native(system).namelist() if not name.endswith("/") and "META-INF" not in name]
                self.assertEqual(sorted(f"org/bytedeco/openvino/{'paged/' * ('/' in name)}{system}/{pathlib.Path(name).name}" for name in jni), sorted(libraries))
                folder = f"org/bytedeco/openvino/{system}/redist/"
                names = [name for name in self.native(system, "-redist").namelist() if not name.endswith("/") and "META-INF" not in name]
                self.assertEqual([], [name for name in names if not name.startswith(folder)])
                for library in openvino:
                    self.assertTrue(any(name.startswith(folder + library) for name in names), library)

    def test_native_jars_have_module_names_of_their_own(self):
        for system in NATIVE:
            for kind in ("", "-redist"):
                manifest = self.native(system, kind).read("META-INF/MANIFEST.MF").decode()
                self.assertIn(f"Automatic-Module-Name: org.bytedeco.openvino.{system.replace('-', '.')}{kind.replace('-', '.')}\r\n", manifest)

    def test_licences_come_along_with_what_is_others(self):
        for system in NATIVE:
            names = self.native(system, "-redist").namelist()
            self.assertLessEqual({"META-INF/LICENSE", "META-INF/onetbb_third-party-programs.txt", "META-INF/onednn_third-party-programs.txt"}, {*names}, system)

    def test_a_program_gets_the_libraries_of_its_system(self):
        """Of the release and of Maven Central alone, as a program of lib/samples, by the system's name and by what the JVM says."""
        local = self.top / "repository"
        copied_repository(local)
        project = self.top / "program"
        project.mkdir()
        version, = xml.parse(SAMPLES / "pom.xml").findall("properties/ovchat.version", MAVEN)
        repository = f"<repositories><repository><id>release</id><url>{self.folder.as_uri()}</url></repository></repositories></project>"
        pom = (SAMPLES / "pom.xml").read_text().replace(version.text, VERSION).replace("</project>", repository)
        (project / "pom.xml").write_text(pom)
        shutil.copytree(SAMPLES / "src", project / "src")
        done = subprocess.run(["mvn", "-B", "-ntp", "-q", f"-Dmaven.repo.local={local}", "compile", "exec:java", "-Dexec.mainClass=Streaming",
                        f"-Dexec.args={demo_model()} 'Who are you?'", f"-Dovchat.cache={project}/cache"], cwd=project, capture_output=True, text=True)
        self.assertIn(ANSWER, done.stdout, done.stderr)
        cases = [(system, [f"-Djavacpp.platform={system}"], "") for system in NATIVE]
        cases += [(system, [], f"'-Dos.name={name}' -Dos.arch={architecture}") for system, (name, architecture) in RUNNING_ON.items()]
        for system, chosen, said in cases:
            with self.subTest(system, said=said):
                done = subprocess.run(
                    ["mvn", "-B", "-ntp", "-q", f"-Dmaven.repo.local={local}", *chosen, "dependency:build-classpath", "-Dmdep.outputFile=class-path"],
                    cwd=project, capture_output=True, text=True, env={**os.environ, "JDK_JAVA_OPTIONS": said})
                self.assertEqual(0, done.returncode, done.stdout + done.stderr)
                jars = {pathlib.Path(jar).name for jar in (project / "class-path").read_text().split(":")}
                self.assertEqual({f"openvino-preset-{VERSION}{kind}.jar" for kind in ("", f"-{system}", f"-{system}-redist")},
                                 {jar for jar in jars if jar.startswith("openvino-preset")})
                self.assertTrue(any(jar.startswith("javacpp-") and jar.endswith(f"-{system}.jar") for jar in jars), jars)

    def test_nothing_tells_where_it_was_built(self):
        for path in self.folder.rglob("*.jar"):
            jar = zipfile.ZipFile(path)
            for name in jar.namelist():
                content = jar.read(name)
                for place in (str(ROOT), str(HOME), str(WORK), str(self.top)):
                    self.assertNotIn(place.encode(), content, f"{path.name}!/{name}")

    def test_without_the_cross_compiler_it_is_refused(self):
        compiler = "aarch64-linux-gnu-g++"
        with tempfile.TemporaryDirectory() as programs:
            for folder in map(pathlib.Path, os.environ["PATH"].split(":")):
                for program in folder.glob("*"):
                    link = pathlib.Path(programs, program.name)
                    if program.name != compiler and not link.is_symlink():
                        link.symlink_to(program)
            done = subprocess.run([ROOT / "scripts/release", VERSION, URL, self.top / "refused"], capture_output=True, text=True, env={**os.environ, "PATH": programs})
        self.assertEqual(1, done.returncode)
        self.assertIn(f"A release needs the compiler {compiler}: without it linux-arm64 has no paged attention. What helps: ", done.stderr)

    def test_a_second_release_has_the_same_bytes(self):
        def digests(folder):
            return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
                    for path in folder.rglob("*") if path.is_file() and path.suffix != ".asc"}
        first, second = digests(self.folder), digests(self.release("second", work=self.top / "a folder with a longer name"))
        self.assertGreater(len(first), 60)
        self.assertEqual({*first}, {*second})
        self.assertEqual([], sorted(path for path in first if first[path] != second[path]))


if __name__ == "__main__":
    unittest.main()
