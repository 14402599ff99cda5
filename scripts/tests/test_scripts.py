"""The scripts, called as a reader calls them."""
import importlib.util
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest
import zipfile

import nbformat

from notebooks import NOTEBOOKS, ROOT, code_cells, read


class Scripts(unittest.TestCase):
    def run_script(self, *command, **variables):
        return subprocess.run(
            [ROOT / "scripts" / command[0], *command[1:]], env={**os.environ, **variables},
            capture_output=True, text=True)

    def notebook_with(self, folder, source):
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_markdown_cell("# A heading"), nbformat.v4.new_code_cell(source)])
        path = pathlib.Path(folder, "a notebook.ipynb")
        nbformat.write(notebook, path)
        return path

    def test_run_prints_headings_and_outputs(self):
        """Also where the locale names ASCII, and the folder and the cell have other letters. What would move a terminal's
        cursor or turn its letters is shown as a sign, printed or as a value."""
        source = r"""
            System.out.println(java.nio.file.Files.readString(java.nio.file.Path.of("ação.txt")));
            System.out.println("\033[2J\r\tgone\u202e");
            "6 * 7\033[A = " + 6 * 7"""
        with tempfile.TemporaryDirectory(suffix=" 공책") as folder:
            pathlib.Path(folder, "ação.txt").write_text("é só isto", encoding="utf-8")
            done = self.run_script("run", self.notebook_with(folder, source), LC_ALL="POSIX")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"A heading\n-+\né só isto\n␛\[2J␍\tgone\[U\+202E]\n6 \* 7␛\[A = 42")

    def test_displays_that_follow_each_other_are_printed_once(self):
        with tempfile.TemporaryDirectory() as folder:
            done = self.run_script("run", self.notebook_with(folder, 'display("one"); display("two"); var id = display("three");'))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"-\none\ntwo\nthree\n+$")

    def test_each_command_says_what_it_does(self):
        for command in ("run", "save_outputs", "clear", "setup", "doctor", "bundle", "install", "release", "test"):
            done = self.run_script(command, "--help")
            self.assertEqual((done.returncode, done.stderr), (0, ""), command)
            self.assertRegex(done.stdout, r"^[A-Z]\w+s [^#]+\.?\n", command)

    def test_utf8_is_chosen_where_the_environment_names_ascii(self):
        def charmap(**variables):
            environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
            return subprocess.run([ROOT / "scripts/plumbing/utf8", "bash", "-c", 'locale charmap; echo "${LC_ALL:-}"'], text=True,
                                  env={**environment, **variables}, capture_output=True, check=True).stdout.split()
        for variables in ({}, {"LANG": "C"}, {"LANG": "xx_YY.UTF-8"}, {"LC_ALL": "POSIX"}, {"LC_CTYPE": "C", "LANG": "C.UTF-8"}):
            self.assertEqual(["UTF-8", "C.UTF-8"], charmap(**variables))
        self.assertEqual(["UTF-8"], charmap(LANG="C.UTF-8"))

    def test_openvinos_tools_report_nothing(self):
        """In a home directory where nobody has said yes or no."""
        check = "from openvino_telemetry.utils.opt_in_checker import OptInChecker as It; print(It().check(False, disable_in_ci=True).name)"
        with tempfile.TemporaryDirectory() as home:
            said = [subprocess.run(["bash", "-c", source + 'exec "$0" -c "$1"', sys.executable, check], text=True, capture_output=True,
                                   check=True, env={"HOME": home, "PATH": os.environ["PATH"]}).stdout
                    for source in ("", f'source "{ROOT}/scripts/plumbing/environment.sh"\n')]
        self.assertEqual(["NO_FILE\n", "DECLINED\n"], said)

    def test_no_parser_is_made_at_each_start(self):
        """Which took longer than all that Jupyter does before the kernel starts: see environment/constraints.txt."""
        self.assertIsNone(importlib.util.find_spec("rfc3987_syntax"))

    @unittest.skipUnless(os.geteuid() == 0, "only root can mount a small disk")
    def test_a_full_work_folder_is_named_and_the_executed_copy_kept(self):
        source = """
            var full = java.nio.file.Path.of(System.getenv("OVCHAT_WORK"), "full");
            try { java.nio.file.Files.write(full, new byte[8 << 20]); } catch (java.io.IOException e) { System.out.println("full"); }"""
        with tempfile.TemporaryDirectory() as folder:
            work, temporary = pathlib.Path(folder, "work"), pathlib.Path(folder, "temporary")
            work.mkdir()
            temporary.mkdir()
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "none", work], check=True)
            try:
                places = {"OVCHAT_WORK": str(work), "TMPDIR": str(temporary), "KERNEL_ARCHIVE": "no"}
                notebook = self.notebook_with(folder, source)
                done = self.run_script("run", notebook, OVCHAT_CACHE=os.environ["OVCHAT_CACHE"], **self.own(places))
                self.assertEqual((1, "full"), (done.returncode, done.stdout.split()[-1]), done.stderr)
                self.assertRegex(done.stderr, "The executed copy cannot be written to .*: the disk is full; .* It is .* instead")
                kept, = temporary.glob("ovchat-executed-*/a notebook.ipynb")
                self.assertEqual("full\n", read(kept).cells[1].outputs[0].text)
                done = self.run_script("run", notebook, OVCHAT_CACHE=os.environ["OVCHAT_CACHE"], **self.own(places))
                self.assertEqual((1, ""), (done.returncode, done.stdout))
                self.assertIn(f"The disk with {work} is full. Free space there", done.stderr)
            finally:
                subprocess.run(["umount", work], check=True)

    def own(self, places):
        """Without the folders of Jupyter that this process has inherited."""
        return {**dict.fromkeys((name for name in os.environ if name.startswith(("JUPYTER_", "IPYTHONDIR"))), ""), **places}

    def test_run_fails_with_the_cell(self):
        with tempfile.TemporaryDirectory() as folder:
            done = self.run_script("run", self.notebook_with(folder, 'throw new IllegalStateException("broken")'))
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("broken", done.stderr)

    def test_notebooks_that_cannot_be_written_run_elsewhere_with_their_models(self):
        with tempfile.TemporaryDirectory() as folder:
            installed, own = pathlib.Path(folder, "in stalled"), pathlib.Path(folder, "own")
            model = "notebooks/model/phi3-instruct/int4"
            (installed / model).mkdir(parents=True)
            (installed / model / "openvino_model.xml").touch()
            (own / "notebooks").mkdir(parents=True)
            (own / "notebooks/model").symlink_to(installed / "notebooks/model")  # as an earlier version left it
            script = """
                source "$0/scripts/plumbing/environment.sh"
                ROOT=$1 OVCHAT_WORK=$2 NOTEBOOKS=$2/notebooks
                make_notebooks_folder
                mkdir -p "$NOTEBOOKS/model/demo/int4" "$NOTEBOOKS/model/phi3-instruct/int8"
                make_notebooks_folder"""
            subprocess.run(["bash", "-euc", script, ROOT, installed, own], check=True)
            self.assertEqual(["openvino_model.xml"], [path.name for path in (own / model).iterdir()])
            self.assertEqual([model], [str(path.relative_to(installed)) for path in installed.glob("notebooks/model/*/*")])
            self.assertEqual(installed / "environment", (own / "environment").readlink())

    def test_clear_copies_without_outputs_and_changes_nothing(self):
        before = {path: path.read_bytes() for path in NOTEBOOKS.glob("*.ipynb")}
        with tempfile.TemporaryDirectory() as folder:
            done = self.run_script("clear", pathlib.Path(folder, "a copy"))
            self.assertEqual(done.returncode, 0, done.stderr)
            copies = {path.name: read(path) for path in pathlib.Path(folder, "a copy").glob("*.ipynb")}
            self.assertTrue(pathlib.Path(folder, "a copy/images/jupyterlab.png").is_file())
        self.assertEqual(before, {path: path.read_bytes() for path in NOTEBOOKS.glob("*.ipynb")})
        self.assertEqual({path.name for path in before}, {*copies})
        for path in before:
            self.assertEqual([cell.source for cell in read(path).cells], [cell.source for cell in copies[path.name].cells])
            for cell in code_cells(copies[path.name]):
                self.assertEqual(([], None), (cell.outputs, cell.execution_count))

    def test_clear_never_clears_the_notebooks_themselves(self):
        done = self.run_script("clear", ROOT / "scripts/../notebooks")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("Name another folder", done.stderr)

    def test_lesson_makes_copies_with_and_without_solutions(self):
        before = {path: path.read_bytes() for path in NOTEBOOKS.glob("*.ipynb")}
        with tempfile.TemporaryDirectory() as folder:
            place = pathlib.Path(folder, "a lesson")
            done = self.run_script("lesson", place)
            self.assertEqual((0, ""), (done.returncode, done.stdout), done.stderr)
            self.assertTrue((place / "environment/demo-model").is_dir())
            for path in before:
                self.assertEqual(read(path), read(place / "teacher" / path.name))
                self.check_without_solutions(read(path), read(place / "class" / path.name))
            for picture in (NOTEBOOKS / "images").iterdir():
                self.assertEqual(picture.read_bytes(), (place / "class/images" / picture.name).read_bytes())

            done = self.run_script("lesson", place)
            self.assertEqual(1, done.returncode)
            self.assertIn("There are copies in", done.stderr)
            done = self.run_script("lesson", "--without-outputs", pathlib.Path(folder, "another"))
            self.assertEqual(0, done.returncode, done.stderr)
            for path in before:
                self.assertEqual([[]] * len(code_cells(read(path))), [
                    cell.outputs for cell in code_cells(read(pathlib.Path(folder, "another/class", path.name)))])
                self.assertEqual(read(path), read(pathlib.Path(folder, "another/teacher", path.name)))
        self.assertEqual(before, {path: path.read_bytes() for path in NOTEBOOKS.glob("*.ipynb")})

    def check_without_solutions(self, original, copy):
        """All else is as it was, each exercise, too."""
        self.assertEqual([cell for cell in original.cells if cell.cell_type == "code"],
                         [cell for cell in copy.cells if cell.cell_type == "code"])
        self.assertEqual(len(original.cells), len(copy.cells))
        for one, other in zip(original.cells, copy.cells):
            if "<details>" in one.source:
                parts = re.split(r"<details>.*?</details>", one.source, flags=re.DOTALL)
                self.assertEqual("".join(parts).split(), other.source.split())
            else:
                self.assertEqual(one, other)
        text = "\n".join(cell.source for cell in copy.cells)
        for solved in ("<details>", "</details>", "<summary>", "```java"):
            self.assertNotIn(solved, text)

    def test_lesson_refuses_what_it_does_not_know(self):
        for arguments, message in (([], "Name the folder"), (["--solutions", "x"], "There is no option --solutions"),
                                   (["one", "two"], "goes to one folder")):
            done = self.run_script("lesson", *arguments)
            self.assertEqual(1, done.returncode)
            self.assertIn(message, done.stderr)

    def test_save_outputs_puts_outputs_back_and_into_the_other_languages(self):
        with tempfile.TemporaryDirectory() as folder:
            path = self.notebook_with(folder, """
                System.out.print("one ");
                System.out.println("two");
                System.getenv("OVCHAT_HOME") + "/venv"
                """)
            other = self.translated(path, "Ein Titel", nbformat.v4.new_code_cell("old"))
            notebook = read(path)
            notebook.cells[0].metadata["slideshow"] = {"slide_type": "slide"}
            nbformat.write(notebook, path)
            done = self.run_script("save_outputs", path)
            self.assertEqual(done.returncode, 0, done.stderr)
            notebook, translated = read(path), read(other)
        cell = notebook.cells[1]
        self.assertEqual("one two\n", cell.outputs[0].text)
        self.assertEqual(".ovchat/venv", cell.outputs[1].data["text/plain"])
        self.assertEqual("Java", notebook.metadata.language_info.name)
        self.assertNotIn("version", notebook.metadata.language_info)
        self.assertEqual({}, cell.metadata)
        self.assertEqual("# Ein Titel", translated.cells[0].source)
        self.assertEqual({"slideshow": {"slide_type": "slide"}}, translated.cells[0].metadata)
        for part in ("source", "outputs", "execution_count"):
            self.assertEqual(cell[part], translated.cells[1][part])

    def test_save_outputs_changes_nothing_when_a_cell_fails_or_a_language_has_other_cells(self):
        with tempfile.TemporaryDirectory() as folder:
            path = self.notebook_with(folder, 'throw new IllegalStateException("broken")')
            other = self.translated(path, "Ein Titel")
            before = [each.read_bytes() for each in (path, other)]
            done = self.run_script("save_outputs", path)
            self.assertNotEqual(done.returncode, 0)
            self.assertEqual(before, [each.read_bytes() for each in (path, other)])

            self.notebook_with(folder, "1")
            before = [each.read_bytes() for each in (path, other)]
            done = self.run_script("save_outputs", path)
            self.assertIn("1 instead of 2", done.stderr)
            self.assertEqual(before, [each.read_bytes() for each in (path, other)])

            done = self.run_script("save_outputs", other)
            self.assertIn("a notebook.de.ipynb is a version in another language", done.stderr)

    def translated(self, path, title, *cells):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# " + title), *cells])
        other = path.with_name(path.stem + ".de.ipynb")
        nbformat.write(notebook, other)
        return other

    def test_kernel_lane_refuses_what_is_no_release(self):
        with tempfile.TemporaryDirectory() as folder:
            archive = pathlib.Path(folder, "other.zip")
            with zipfile.ZipFile(archive, "w") as content:
                content.writestr("install.py", "")
            for arguments, message in ((["ganymede", archive], "no tests for the kernel ganymede"),
                                       (["ijava"], "There is no file"),
                                       (["ijava", archive], "holds no java/ijava-")):
                done = self.run_script("test", "--kernel", *arguments)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(message, done.stderr)

    def test_a_run_that_is_stopped_keeps_what_has_run(self):
        for stop in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(stop.name), tempfile.TemporaryDirectory() as folder:
                path = self.notebook_with(folder, 'System.out.println("begun"); Thread.sleep(600_000);')
                run = subprocess.Popen([ROOT / "scripts/run", path], env={**os.environ, "OVCHAT_WORK": folder, "KERNEL_ARCHIVE": "no"},
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
                self.assertTrue(any("begun" in line for line in iter(run.stdout.readline, "")))
                os.killpg(run.pid, stop)
                _, said = run.communicate(timeout=120)
                copy = pathlib.Path(folder, "executed", path.name)
                self.assertEqual((130, f"Stopped.\nWhat has run until then is in {copy}.\n"), (run.returncode, said))
                self.assertEqual("begun\n", code_cells(read(copy))[0].outputs[0].text)

    def test_run_names_a_missing_notebook(self):
        done = self.run_script("run", "nowhere.ipynb")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("There is no notebook nowhere.ipynb", done.stderr)

    def test_setup_names_what_is_missing_and_how_to_get_it(self):
        done = self.run_script("setup", PYTHON="/bin/false")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("No Python of version 3.10 or newer found at PYTHON=/bin/false. What helps: unset PYTHON", done.stderr)
        done = self.run_script("setup", JAVA_HOME="/nowhere")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("No JDK found in JAVA_HOME=/nowhere. What helps: unset JAVA_HOME", done.stderr)

    def test_bundle_refuses_what_it_does_not_know(self):
        for argument, message in (("--with-modle", "no option --with-modle"), ("bundle.zip", "has to end in .tar.gz")):
            done = self.run_script("bundle", argument)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(message, done.stderr)

    def test_a_bundle_without_a_model_is_refused(self):
        done = self.run_script("bundle", "--without-smollm2", "--without-demo-model")
        self.assertEqual((1, ""), (done.returncode, done.stdout))
        self.assertIn("ovchat: The bundle would have no model. Leave out --without-demo-model, or bring", done.stderr)

    def test_a_bundle_installs_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "bundled").touch()
            for command, message in ((["run"], "not complete"), (["setup", "export"], "cannot export"),
                                     (["bundle"], "in a clone"), (["test"], "need a clone")):
                done = self.run_script(*command, OVCHAT_HOME=folder, OVCHAT_WORK=folder)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(message, done.stderr)


if __name__ == "__main__":
    unittest.main()
