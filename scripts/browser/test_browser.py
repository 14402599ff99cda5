"""Notebooks in JupyterLab, opened in Chromium and run as a person runs them: ./scripts/test --browser says how.

No request leaves this machine: one that would is a failure.
"""
import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

from in_browser import CHARTS, CHAT, PICTURES, THEMES, InBrowser
from lab import ROOT
from notebook_page import NotebookPage
from test_charts import ChartsTest  # noqa: F401  unittest finds it here
from test_living import LivingTest  # noqa: F401  and this
from test_widgets import WidgetsTest  # noqa: F401  and this

sys.path.append(str(ROOT / "scripts/tests"))
from tried import Runner  # noqa: E402

# SmolLM2's answer, or the demo model's where set-up has not brought the other, and what is printed behind it.
INTRODUCTION = re.compile(r"(I(?:'m| am) .+\.)\d+ new tokens, ended by END_TOKEN")
GENERATE = "model.generate(input, generationConfig"
ENDLESS = (".maxNewTokens(1024)", ".maxNewTokens(4000).eosTokenIds(List.of())")  # as the notebook proposes it
FAILS = ['int number = "text" + 1;', 'throw new IllegalStateException("so");', 'System.err.println("so");']
LINES = 'for (int i = 0; i < 100_000; i++) System.out.println("line " + i);'
# The widgets below a cell whose text or field is wider than their place.
CUT_OFF = """cell => [...cell.querySelectorAll(".jupyter-widgets")]
    .filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.textContent)"""
# Values that only say how much 02 measures, and on which model: the least is enough, but for a picture. What it shows of the
# real model is for ./scripts/test --real-model.
LESS = {
    "firstOf(phi3, smollm2, demo)": "firstOf(demo)",
    "repetitions(3)": "repetitions(1)", "rounds(2)": "rounds(1)", "turn < 3": "turn < 1", "repetition < 3": "repetition < 1",
    "numReturnSequences(8)": "numReturnSequences(2)", "(count + 4) / 5": "(count + 1) / 2",
}
# Those that README shows, and their names there.
README = {CHAT: "jupyterlab.png", "02-config-experiments": "config-experiments.png"}


def shown(output, models):
    """An output, and what the widgets show that it is a view of, such as the chart of a sweep: each view shows it anew."""
    yield output
    view = output.get("data", {}).get("application/vnd.jupyter.widget-view+json", {})
    waiting = [view["model_id"]] if view else []
    while waiting:
        state = models[waiting.pop()]["state"]
        yield from state.get("outputs", [])
        waiting += [child.removeprefix("IPY_MODEL_") for child in state.get("children", [])]


def committed(path, kind, mark=""):
    """How many values in the committed outputs have this form."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    models = notebook["metadata"].get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {}).get("state", {})
    outputs = [each for cell in notebook["cells"] for output in cell.get("outputs", []) for each in shown(output, models)]
    values = [output.get("data", {}).get(kind) for output in outputs]
    return len([value for value in values if value and mark in "".join(value)])


class BrowserTest(InBrowser):
    def runs(self, name, less):
        path = self.lab.notebooks / f"{name}.ipynb"
        text = path.read_text(encoding="utf-8")
        for value, smaller in less.items():
            text = text.replace(value, smaller)
        path.write_text(text, encoding="utf-8")
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

    def test_the_demo(self):
        """Asked, stopped and walked as a person does it, and once more after the page was loaded anew."""
        notebook = NotebookPage(self.page, self.lab, "07-demo")
        notebook.start()
        notebook.wait_until_run()
        box = notebook.cell("var box =")
        box.get_by_text("ended by END_TOKEN").wait_for()  # the question that the cell asks itself
        self.ask(box, "Write a very long story about the sea.")
        self.press(box, "Stop")
        box.get_by_text("ended by CANCELLED").wait_for()
        self.walk(notebook.cell("var question ="))  # the first line is what is to be seen of folded code
        self.move(notebook.cell("var sliders ="))
        for theme in THEMES:
            with self.subTest(theme):
                notebook.theme(theme)
                self.assertEqual([], [each for each in notebook.contrasts() if each[0] < 4.5])
        for width in (900, 1280):
            self.page.set_viewport_size({"width": width, "height": 1120})
            self.assertEqual([], box.evaluate(CUT_OFF))
        notebook.save()
        self.page.reload()
        box.get_by_text("Write a very long story").first.wait_for()
        self.ask(box, "Who are you?")
        box.get_by_text("ended by END_TOKEN").or_(box.get_by_text("ended by LENGTH")).wait_for()
        self.assertEqual([], notebook.errors())

    def ask(self, box, question):
        box.get_by_label("Question").fill(question)
        self.page.keyboard.press("Enter")
        box.get_by_text(question).first.wait_for()

    def press(self, cell, name):
        cell.get_by_role("button", name=name, exact=True).click()

    def walk(self, stepper):
        for count in ("1 token", "2 tokens"):
            self.press(stepper, "Forward")
            stepper.get_by_text(count).wait_for()
        self.press(stepper, "Back")
        stepper.get_by_text("1 token").wait_for()
        stepper.locator(CHARTS).wait_for()

    def move(self, sliders):
        """By the keyboard alone."""
        sliders.locator(CHARTS).wait_for()
        before = sliders.locator(CHARTS).inner_html()
        sliders.get_by_role("slider").first.focus()
        for _ in range(5):
            self.page.keyboard.press("ArrowRight")
        self.page.wait_for_function(
            "([cell, marks, before]) => (cell.querySelector(marks)?.innerHTML ?? before) !== before",
            arg=[sliders.element_handle(), CHARTS, before])

    def test_a_talk(self):
        """It needs no network, and shows its slides one by one."""
        page, failures = self.page, []
        page.on("pageerror", lambda error: failures.append(error))
        notebook = ROOT / "notebooks/03-inside-generation.ipynb"
        talk = self.lab.notebooks / "talk"
        subprocess.run([ROOT / "scripts/slides", notebook, talk], check=True)
        page.goto((talk / "03-inside-generation.slides.html").as_uri())
        page.locator("section.present").get_by_role("heading", level=1).wait_for()
        for title in [text for text in page.locator("section h2").all_text_contents()][:2]:
            page.keyboard.press("ArrowRight")
            page.locator("section.present section.present h2").filter(has_text=title).wait_for()
        page.wait_for_function("document.fonts.status === 'loaded'")
        self.assertEqual([], failures)

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
    for name in arguments.notebooks:
        if not (ROOT / f"notebooks/{name}.ipynb").is_file():
            parser.error(f"There is no notebook {name}.ipynb in notebooks.")
        less = {} if arguments.pictures or name == CHAT else LESS
        setattr(BrowserTest, "test_" + re.sub(r"\W", "_", name), lambda self, name=name, less=less: self.runs(name, less))
    PICTURES.mkdir(parents=True, exist_ok=True)
    passed = unittest.main(argv=["test_browser"], testRunner=Runner, exit=False).result.wasSuccessful()
    print(f"The pictures are in {PICTURES}.")
    if passed and arguments.pictures:
        for name in README.keys() & {*arguments.notebooks}:
            shutil.copy(PICTURES / f"{name}.png", ROOT / "notebooks/images" / README[name])
    sys.exit(not passed)


if __name__ == "__main__":
    main()
