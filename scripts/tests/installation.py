"""A copy of this installation that a test may break: its files are links to ours as long as nobody writes them."""
import contextlib
import os
import pathlib
import shutil
import subprocess

from notebooks import ROOT
from temporary import temporary_folder

# Names ASCII, and its folder has other letters.
LOCALE = {"LANG": "C", "LC_ALL": "", "LC_CTYPE": "", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
HOME = pathlib.Path(os.environ["OVCHAT_HOME"])

# In the place of Maven: builds by copying the jars, and first half of one.
MAVEN = """#!/usr/bin/env bash
if [ -n "${MAVEN_OPTS:-}" ]; then echo "Unrecognized option: $MAVEN_OPTS"; exit 1; fi
case " $* " in *" -version "*) echo "Apache Maven 3.8.7"; exit ;; esac
set -euo pipefail
target="@ROOT@/lib/ovchat-notebook/target"
mkdir -p "$target/dependency"
if [ -e "$target/classes" ]; then echo "[ERROR] what a killed build left is still there"; exit 1; fi
if [ -n "${MAVEN_FAILS:-}" ]; then echo "[ERROR] $MAVEN_FAILS"; exit 1; fi
mkdir "$target/classes"
head -c 1000 "@SAVED@/ovchat-notebook.jar" > "$target/ovchat-notebook.jar"
sleep "${MAVEN_SECONDS:-0}"
cp -r --remove-destination "@SAVED@/." "$target"
rmdir "$target/classes"
"""

# In the place of Python: an environment is a copy of ours, to which pip has nothing to add.
PYTHON = """#!/usr/bin/env bash
if [ "$1 $2" = "-m venv" ]; then cp -al "@HOME@/venv" "$3" && exec rm "$3"/ovchat-*; fi
exec "@PYTHON@" "$@"
"""


class Installation:
    """Scripts run in it with our Java and its own Maven and Python, which are quick."""

    def __init__(self, name="ein Schlüssel 열쇠"):
        (HOME / "tests").mkdir(exist_ok=True)  # on the disk of our installation, for the links
        self.folder = contextlib.ExitStack()
        self.top = self.folder.enter_context(temporary_folder(HOME / "tests", "copy"))
        self.root, self.home, self.bin = self.top / name, self.top / "home", self.top / "bin"
        self.venv, self.target = self.home / "venv", self.root / "lib/ovchat-notebook/target"
        self.jar, self.kernel = self.target / "ovchat-notebook.jar", self.home / "jupyter/share/kernels/java/kernel.json"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in ("MODEL_DIR", "DEVICE", "OVCHAT_CACHE")
               and not name.startswith("JUPYTER")},
            **LOCALE, "SMOLLM2": "no", "KERNEL_ARCHIVE": "no", "OVCHAT_HOME": str(self.home), "OVCHAT_WORK": str(self.home), "PATH": f"{self.bin}:{os.environ['PATH']}"}
        self.copy_project()
        self.copy_home()
        done = self.run("setup")
        if done.returncode:
            raise RuntimeError(done.stderr)

    def copy_project(self):
        left_out = shutil.ignore_patterns("__pycache__", "model", "experiments", ".*", "*.gguf")
        for part in ("scripts", "environment", "notebooks"):
            shutil.copytree(ROOT / part, self.root / part, ignore=left_out)
        shutil.copy2(ROOT / "pom.xml", self.root)
        self.target.mkdir(parents=True)
        self.copy_jars(ROOT / "lib/ovchat-notebook/target", self.target)
        self.copy_jars(ROOT / "lib/ovchat-notebook/target", self.top / "saved")

    def copy_jars(self, source, target):
        target.mkdir(exist_ok=True)
        shutil.copy2(source / "ovchat-notebook.jar", target)
        shutil.copytree(source / "dependency", target / "dependency", copy_function=link)

    def copy_home(self):
        self.bin.mkdir()
        for name, text in (("mvn", MAVEN), ("python3", PYTHON)):
            for mark, value in (("ROOT", self.root), ("SAVED", self.top / "saved"), ("HOME", HOME),
                                ("PYTHON", self.python())):
                text = text.replace(f"@{mark}@", str(value))
            (self.bin / name).write_text(text)
            (self.bin / name).chmod(0o755)
        self.home.mkdir()
        subprocess.run(["cp", "-al", HOME / "venv", self.venv], check=True)
        stamp = self.venv / "ovchat-stamp"
        text = stamp.read_text()
        stamp.unlink()
        stamp.write_text(text.replace(str(HOME / "venv"), str(self.venv), 1))

    def python(self):
        """The one that our installation was made with: another version would be another environment."""
        return os.path.realpath(HOME / "venv/bin/python")

    def run(self, script, *arguments, **variables):
        return subprocess.run(
            [self.root / "scripts" / script, *arguments], env={**self.environment, **variables}, capture_output=True,
            encoding="utf-8", cwd=self.root)

    def close(self):
        self.folder.close()


def link(source, target):
    try:
        os.link(source, target)
    except OSError:  # on another disk
        shutil.copy2(source, target)


def cut_off(path):
    """To its first half; a file that is a link to ours stays as it is there."""
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[:len(content) // 2])
