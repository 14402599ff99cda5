"""The native libraries of other systems: their symbols, and those of arm64 Linux at work, under qemu. And ovchat beside other
native libraries in one process: other presets of JavaCPP, and DJL's PyTorch engine.

Run by ./scripts/test --systems: making them takes minutes, what runs on another processor comes from Debian, and PyTorch
is 115 MB.
"""
import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import zipfile

from notebooks import ROOT
from test_install import ANSWER, HOME, JDK, OPTIONS, SAMPLES, FromARepository

PYTHON = HOME / "venv-systems/bin/python"
JNI = {"linux-x86_64": "libjniopenvino.so", "linux-arm64": "libjniopenvino.so", "macosx-arm64": "libjniopenvino.dylib", "windows-x86_64": "jniopenvino.dll"}
PYTORCH = ["ai.djl.pytorch:pytorch-engine:0.36.0", "ai.djl.pytorch:pytorch-jni:2.7.1-0.36.0", "ai.djl.pytorch:pytorch-native-cpu:2.7.1:linux-x86_64"]
OPENBLAS = ["0.3.31-1.5.13", "0.3.30-1.5.12"]  # none for ovchat's own version of JavaCPP can be had
TOOLS = {"qemu-aarch64-static": "qemu-user-static", "aarch64-linux-gnu-g++": "g++-aarch64-linux-gnu", "apt-get": "apt"}


class Systems(FromARepository):
    @classmethod
    def setUpClass(cls):
        missing = [package for tool, package in TOOLS.items() if not shutil.which(tool)]
        if missing:
            raise AssertionError(f"These tests need a Debian with {' and '.join(missing)}: apt-get install {' '.join(missing)}")
        others = [option for system in JNI if system != "linux-x86_64" for option in ("--system", system)]
        cls.install("systems", *others)
        cls.libraries = {}
        for system in JNI:
            for jar in cls.repository.glob(f"dev/ovchat/openvino-preset/*/*{system}*.jar"):
                zipfile.ZipFile(jar).extractall(cls.folder / system)
            cls.libraries[system] = cls.symbols(system)

    @classmethod
    def symbols(cls, system):
        files = [path for path in (cls.folder / system / "org").rglob("*") if path.is_file()]
        return json.loads(cls.check([PYTHON, ROOT / "scripts/tests/native_symbols.py", *files]))

    def jni(self, system):
        return self.libraries[system][JNI[system]]

    def openvino(self, system):
        name, = [name for name in self.libraries[system] if "openvino_c." in name]
        return name, self.libraries[system][name]

    def test_each_exports_what_java_calls(self):
        called = {name for name in self.jni("linux-x86_64")["exported"] if name.startswith(("Java_", "JNI_"))}
        self.assertGreater(len(called), 600)
        for system in JNI:
            with self.subTest(system):
                self.assertEqual(set(), called - set(self.jni(system)["exported"]))

    def test_each_finds_all_that_it_asks_of_openvino(self):
        for system in JNI:
            with self.subTest(system):
                asked = {name for name in self.jni(system)["imported"] if name.startswith("ov_")}
                self.assertGreater(len(asked), 150)
                self.assertEqual(set(), asked - set(self.openvino(system)[1]["exported"]))

    def test_each_needs_openvino_and_what_the_system_has(self):
        self.assertEqual([self.openvino("linux-arm64")[0], "libc.so.6"], sorted(self.jni("linux-arm64")["needed"], reverse=True))
        self.assertEqual(["/usr/lib/libSystem.B.dylib"], self.jni("macosx-arm64")["needed"])  # OpenVINO is in the process by then
        self.assertEqual({"openvino_c.dll", "KERNEL32.dll"}, {it for it in self.jni("windows-x86_64")["needed"] if not it.startswith("api-ms-win-crt-")})
        self.assertTrue(self.jni("macosx-arm64")["signed"])

    def test_arm64_needs_no_newer_glibc_than_the_wheel_says(self):
        libraries = self.libraries["linux-arm64"]
        self.assertIn("libjniPagedAttention.so", libraries)
        for name, library in libraries.items():
            newest = max((tuple(map(int, it.removeprefix("GLIBC_").split("."))) for it in library["glibc"]), default=(0,))
            self.assertLessEqual(newest, (2, 35), name)

    def test_openvino_needs_nothing_that_the_jar_lacks(self):
        needed = {name for library in self.libraries["linux-arm64"].values() for name in library["needed"]}
        self.assertEqual({"libc.so.6", "libm.so.6", "libgcc_s.so.1", "libstdc++.so.6", "ld-linux-aarch64.so.1"},
                         needed - set(self.libraries["linux-arm64"]))

    def test_arm64_gives_the_same_ids(self):
        here = self.ids("linux-x86_64", [JDK / "java"])
        root = self.arm64_root()
        there = self.ids("linux-arm64", ["qemu-aarch64-static", "-L", root, root / "usr/lib/jvm/default-java/bin/java"])
        self.assertEqual(("amd64", "aarch64"), (here[0], there[0]))
        self.assertEqual(3, len(here))
        self.assertEqual(here[1:], there[1:])

    def ids(self, system, java):
        """What the program prints with the jars that ovchat-platform brings for a system."""
        class_path = self.class_path(system)
        self.assertIn(f"-{system}-redist.jar", class_path)
        return self.run_program("TenTokens", class_path, [self.model], java).splitlines()

    def class_path(self, system, others=()):
        """Of a program that depends on ovchat and on other libraries, as Maven chooses their versions."""
        project = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        pom = (SAMPLES / "pom.xml").read_text()
        for group, artifact, version, *classifier in (library.split(":") for library in others):
            pom = pom.replace("</dependencies>", f"<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>"
                              f"{''.join(f'<classifier>{it}</classifier>' for it in classifier)}</dependency></dependencies>")
        (project / "pom.xml").write_text(pom)
        self.check(["mvn", "-B", "-ntp", "-q", f"-Dmaven.repo.local={self.repository}", f"-Djavacpp.platform={system}",
                    "dependency:build-classpath", "-Dmdep.outputFile=class-path"], cwd=project)
        return (project / "class-path").read_text()

    def run_program(self, name, class_path, arguments, java=(JDK / "java",)):
        folder = tempfile.mkdtemp(dir=self.folder)
        sources = [ROOT / f"scripts/tests/{name}.java", SAMPLES / "src/main/java/Streaming.java"]
        self.check([JDK / "javac", "-d", folder, "-cp", class_path, *sources])
        return self.check([*java, *OPTIONS, f"-Dovchat.cache={folder}/cache", f"-DDJL_CACHE_DIR={folder}/djl",
                           "-cp", f"{folder}:{class_path}", name, *arguments])

    def test_beside_pytorch(self):
        self.assert_both_work("BesidePyTorch", PYTORCH)

    def test_beside_presets_of_other_versions_of_javacpp(self):
        for version in OPENBLAS:
            with self.subTest(version):
                openblas = f"org.bytedeco:openblas:{version}"
                self.assert_both_work("BesideOpenBlas", [openblas, f"{openblas}:linux-x86_64"])

    def assert_both_work(self, program, others):
        printed = self.run_program(program, self.class_path("linux-x86_64", others), [self.model])
        self.assertEqual((2, 2), (printed.count("11.0"), printed.count(ANSWER)), printed)

    def arm64_root(self):
        """A folder with a JDK for arm64, of Debian's packages, without a trace in the machine's own."""
        folder = self.folder / "arm64"
        for path in ("state/lists/partial", "cache/archives/partial", "root"):
            (folder / path).mkdir(parents=True)
        (folder / "state/status").touch()
        apt = ["apt-get", "-qq", "-o", "APT::Architecture=arm64", "-o", "APT::Architectures=arm64", "-o", f"Dir::State={folder}/state",
               "-o", f"Dir::State::status={folder}/state/status", "-o", f"Dir::Cache={folder}/cache", "-o", "APT::Sandbox::User=root"]
        self.check([*apt, "update"])
        self.check([*apt, "-y", "--no-install-recommends", "--download-only", "install", "default-jre-headless", "libstdc++6"])
        for package in (folder / "cache/archives").glob("*.deb"):
            self.check(["dpkg-deb", "--extract", package, folder / "root"])
        return folder / "root"


if __name__ == "__main__":
    unittest.main()
