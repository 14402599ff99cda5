"""What Maven Central asks of a release, one by one, on the files of a real one, and that a second one has the same bytes.

Run by ./scripts/test --release: a release takes two minutes to build, and here are two.
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

from notebooks import ROOT
from temporary import temporary_folder

HOME = pathlib.Path(os.environ["OVCHAT_HOME"])
VERSION, URL = "0.1.0", "https://ovchat.example"
MAVEN = {"": "http://maven.apache.org/POM/4.0.0"}


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
    def release(cls, name, *options):
        done = subprocess.run([ROOT / "scripts/release", *options, VERSION, URL, cls.top / name], capture_output=True, text=True)
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
        self.assertEqual({"ovchat-parent", "ovchat-bom", "ovchat-platform", "ovchat", "ovchat-export", "ovchat-notebook", "openvino-preset"}, {*self.poms})

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
            for dependency in xml.parse(pom).findall("dependencies/dependency", MAVEN):
                managed = dependency.find("artifactId", MAVEN).text == "junit-jupiter"  # by the parent
                self.assertTrue(managed or dependency.find("version", MAVEN).text, name)

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

    def test_licences_come_along_with_what_is_others(self):
        names = zipfile.ZipFile(next(self.folder.rglob("*-redist.jar"))).namelist()
        self.assertLessEqual({"META-INF/LICENSE", "META-INF/onetbb_third-party-programs.txt", "META-INF/onednn_third-party-programs.txt"}, {*names})

    def test_nothing_tells_where_it_was_built(self):
        for path in self.folder.rglob("*.jar"):
            jar = zipfile.ZipFile(path)
            for name in jar.namelist():
                content = jar.read(name)
                for place in (str(ROOT), str(HOME), str(self.top)):
                    self.assertNotIn(place.encode(), content, f"{path.name}!/{name}")

    def test_a_second_release_has_the_same_bytes(self):
        def digests(folder):
            return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
                    for path in folder.rglob("*") if path.is_file() and path.suffix != ".asc"}
        first, second = digests(self.folder), digests(self.release("second"))
        self.assertGreater(len(first), 60)
        self.assertEqual({*first}, {*second})
        self.assertEqual([], sorted(path for path in first if first[path] != second[path]))


if __name__ == "__main__":
    unittest.main()
