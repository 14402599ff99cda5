"""Notebooks in JupyterLab, opened in Chromium and run as a person runs them: ./scripts/test --browser says how.

No request leaves this machine: one that would is a failure.
"""
import argparse
import copy
import json
import pathlib
import re
import shutil
import sys
import unittest

from in_browser import PICTURES, THEMES, InBrowser
from lab import ROOT
from notebook_page import NotebookPage
from test_charts import ChartsTest  # noqa: F401  unittest finds it here

CHAT = "01-openvino-chat"
# SmolLM2's answer, or the demo model's where set-up has not brought the other, and what is printed behind it.
INTRODUCTION = re.compile(r"(I(?:'m| am) .+\.)\d+ new tokens, ended by END_TOKEN")
GENERATE = "model.generate(input, generationConfig"
ENDLESS = (".maxNewTokens(1024)", ".maxNewTokens(4000).eosTokenIds(List.of())")  # as the notebook proposes it
FAILS = ['int number = "text" + 1;', 'throw new IllegalStateException("so");', 'System.err.println("so");']
LINES = 'for (int i = 0; i < 100_000; i++) System.out.println("line " + i);'
CHARTS = ".vega-embed .marks"
ALL_ROUNDS, ONE_ROUND = "repetitions(3)", "repetitions(1)"  # of 02: one is enough, but for a picture
# Those that README shows, and their names there.
README = {CHAT: "jupyterlab.png", "02-config-experiments": "config-experiments.png"}


def committed(path, kind, mark=""):
    """How many values in the committed outputs have this form."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    values = [output.get("data", {}).get(kind) for cell in cells for output in cell.get("outputs", [])]
    return len([value for value in values if value and mark in "".join(value)])


class BrowserTest(InBrowser):
    def runs(self, name, rounds):
        path = self.lab.notebooks / f"{name}.ipynb"
        path.write_text(path.read_text(encoding="utf-8").replace(ALL_ROUNDS, rounds), encoding="utf-8")
        notebook = NotebookPage(self.page, self.lab, name)
        self.assertEqual([], notebook.unsaved(), "it counts as changed as soon as it is open")
        self.assertEqual([], notebook.lines_cut_off())
        notebook.start()
        notebook.wait_until_run()
        self.assertEqual([], notebook.errors())
        if name == CHAT:
            self.check_answer(notebook)
        self.assertEqual([], notebook.dead_links())
        self.assertEqual([], notebook.pictures_without_text())
        self.check_values(notebook, ROOT / f"notebooks/{name}.ipynb")
        for theme, ending in THEMES.items():
            with self.subTest(theme):
                notebook.theme(theme)
                self.check_contrast(notebook)
                notebook.picture(self.place(notebook, name), PICTURES / f"{name}{ending}.png")

    def place(self, notebook, name):
        """What its picture shows: the answer of 01, the first chart of the others, or else their first output."""
        if name == CHAT:
            return notebook.notebook.get_by_role("heading", name="9. Generate the answer")
        charts = notebook.notebook.locator(CHARTS)
        return (charts if charts.count() else notebook.cells).first

    def check_answer(self, notebook):
        shown = notebook.output(GENERATE)
        self.assertRegex(shown, INTRODUCTION)
        self.assertIn("The answer alone:\n" + INTRODUCTION.match(shown)[1], notebook.output("tokenizer.batchDecode"))
        for width in (900, 1280):
            self.page.set_viewport_size({"width": width, "height": 1120})
            self.assertEqual([], notebook.words_broken_apart(GENERATE))

    def check_values(self, notebook, path):
        """Tables are drawn as HTML, and charts by Vega-Lite."""
        area = notebook.notebook.locator(".jp-OutputArea-output")
        self.assertEqual(committed(path, "text/html", "<table"), area.locator("table").count())
        charts = committed(path, "application/vnd.vegalite.v5+json")
        self.assertEqual(charts, area.locator(CHARTS).count())

    def check_contrast(self, notebook):
        contrasts = notebook.contrasts()
        self.assertTrue(contrasts)
        self.assertEqual([], [each for each in contrasts if each[0] < 4.5])

    def opened(self, name, sources):
        """A notebook of these code cells."""
        cells = json.loads((ROOT / f"notebooks/{CHAT}.ipynb").read_text(encoding="utf-8"))
        like = next(cell for cell in cells["cells"] if cell["cell_type"] == "code")
        cells["cells"] = [
            {**copy.deepcopy(like), "id": f"cell-{number}", "source": source, "outputs": [], "execution_count": None}
            for number, source in enumerate(sources)]
        (self.lab.notebooks / f"{name}.ipynb").write_text(json.dumps(cells), encoding="utf-8")
        return NotebookPage(self.page, self.lab, name)

    def test_the_stop_button(self):
        cells = json.loads((ROOT / f"notebooks/{CHAT}.ipynb").read_text(encoding="utf-8"))["cells"]
        chat = ["".join(cell["source"]).replace(*ENDLESS) for cell in cells if cell["cell_type"] == "code"]
        notebook = self.opened("endless", chat)
        notebook.start(GENERATE)
        self.page.wait_for_function("window.lengths.at(-1) > 1000", timeout=1_800_000)
        notebook.press_stop()
        notebook.wait_for_output(GENERATE, "ended by CANCELLED")
        notebook.wait_for_output(GENERATE, "tokens/s")  # the table of figures behind it
        notebook.wait_for_output("tokenizer.batchDecode", "The answer alone:")
        growing = [length for length in notebook.lengths() if length > 0]
        self.assertGreater(len(growing), 5, "the answer does not grow step by step")
        self.assertEqual(sorted(growing), growing)
        self.assertEqual([], notebook.errors())

    def test_much_printed_text(self):
        notebook = self.opened("lines", [LINES])
        notebook.start()
        notebook.wait_for_output("line ", "line 99999\n", timeout_s=120)
        self.assertEqual("".join(f"line {i}\n" for i in range(100_000)), notebook.output("line "))

    def test_errors_can_be_read(self):
        notebook = self.opened("errors", FAILS)
        notebook.run_each_cell()
        for theme in THEMES:
            with self.subTest(theme):
                notebook.theme(theme)
                self.check_contrast(notebook)

    def test_the_file_browser_tells_the_languages_apart(self):
        NotebookPage(self.page, self.lab, CHAT)
        names = self.page.locator(".jp-DirListing-itemText").filter(has_text=CHAT)
        self.assertEqual(6, names.count())
        cut = names.evaluate_all("names => names.filter(name => name.scrollWidth > name.clientWidth).map(name => name.textContent)")
        self.assertEqual([], cut)


def main():
    parser = argparse.ArgumentParser(prog="./scripts/test --browser")
    parser.add_argument("--pictures", action="store_true", help="put README's pictures into notebooks/images")
    parser.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", type=lambda path: pathlib.Path(path).stem,
                        default=sorted(path.stem for path in ROOT.glob("notebooks/0[12]-*.ipynb") if "." not in path.stem))
    arguments = parser.parse_args()
    rounds = ALL_ROUNDS if arguments.pictures else ONE_ROUND
    for name in arguments.notebooks:
        if not (ROOT / f"notebooks/{name}.ipynb").is_file():
            parser.error(f"There is no notebook {name}.ipynb in notebooks.")
        setattr(BrowserTest, "test_" + re.sub(r"\W", "_", name), lambda self, name=name: self.runs(name, rounds))
    PICTURES.mkdir(parents=True, exist_ok=True)
    passed = unittest.main(argv=["test_browser"], verbosity=2, exit=False).result.wasSuccessful()
    print(f"The pictures are in {PICTURES}.")
    if passed and arguments.pictures:
        for name in README.keys() & {*arguments.notebooks}:
            shutil.copy(PICTURES / f"{name}.png", ROOT / "notebooks/images" / README[name])
    sys.exit(not passed)


if __name__ == "__main__":
    main()
