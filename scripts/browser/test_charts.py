"""Every kind of chart, as it is seen in JupyterLab's two themes at two widths, and in a page made by nbconvert."""
import itertools
import json
import os
import pathlib
import re
import subprocess

from in_browser import PICTURES, THEMES, InBrowser
from lab import ROOT
from notebook_page import NotebookPage

CHART = (pathlib.Path(__file__).parent / "charts.js").read_text(encoding="utf-8")
WIDTHS = (900, 1280)
CONFIGS = ("baseline", "CACHE_DIR=experiments/compiled", "INFERENCE_NUM_THREADS=1", "DYNAMIC_QUANTIZATION_GROUP_SIZE=0",
           "KV_CACHE_PRECISION=f16", "PERFORMANCE_HINT=THROUGHPUT", "INFERENCE_PRECISION_HINT=f32", "NUM_STREAMS=2",
           "EXECUTION_MODE_HINT=ACCURACY")
TABLES = """import dev.ovchat.chart.*;
import tech.tablesaw.api.*;
var configs = Table.create("Configs", StringColumn.create("config", %s),
    DoubleColumn.create("tokens/s", 1473, 1343, 1314, 1309, 1226, 1208, 1203, 1203, 1173),
    DoubleColumn.create("from", 1100, 1000, 900, 1200, Double.NaN, 800, 1100, 1150, 1000),
    DoubleColumn.create("to", 1900, 1500, 1700, 1400, 1300, 1500, 1400, 1250, 1300),
    DoubleColumn.create("memory (MB)", 157, 151, 156, 161, 173, 165, 168, 169, 167));
var grid = Table.create("Grid", IntColumn.create("x", 1, 2, 3, 1, 2, 3, 1, 2, 3), DoubleColumn.create("y", 1, 1, 10, 1, 1, 7, 1, 1, 10),
    StringColumn.create("label", "▁a", "▁b", "▁c", "▁a", "▁b", "▁c", "▁a", "▁b", "▁c"),
    StringColumn.create("top-p", "0.5", "0.5", "0.5", "0.9", "0.9", "0.9", "1.0", "1.0", "1.0"));
var tokens = Table.create("Tokens", StringColumn.create("token", "▁max", "_", "n", "ew", "▁EXECUTION", "tokens", "▁is", "▁the", "▁largest", "<|end|>"),
    DoubleColumn.create("entropy", 2.75, 0.0016, 0.0095, 0.019, 1.2, 6.45e-5, 2.1, 0.5, 0.9, 0));""" % ", ".join(map(json.dumps, CONFIGS))
CHARTS = {
    "bars": 'Chart.bar(configs, "config", "tokens/s").interval("from", "to").title("Speed of each config")',
    "bars-of-series": 'Chart.bar(grid, "label", "y").series("top-p").title("Bars of three series")',
    "line": 'Chart.line(configs, "memory (MB)", "tokens/s").interval("from", "to").title("A line")',
    "lines": 'Chart.line(grid, "x", "y").series("top-p").title("Lines on top of one another")',
    "dots": 'Chart.scatter(configs, "memory (MB)", "tokens/s").names("config").title("Memory against speed")',
    "dots-of-series": 'Chart.scatter(grid, "x", "y").series("top-p").title("Dots of three series")',
    "histogram": 'Chart.histogram(configs, "tokens/s").title("How often")',
    "heat-row": 'Chart.heatRow(tokens, "token", "entropy").title("Entropy along the answer (nats)")',
    "no-data": 'Chart.bar(configs.emptyCopy(), "config", "tokens/s").title("Nothing")',
}


def overlap(one, other):
    """By more than a pixel: a letter's box is higher than the letter."""
    across = min(one["right"], other["right"]) - max(one["left"], other["left"])
    down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return across > 1 and down > 2


class ChartsTest(InBrowser):
    def open(self):
        notebook = json.loads((ROOT / "notebooks/02-config-experiments.ipynb").read_text(encoding="utf-8"))
        notebook["cells"] = [
            {"cell_type": "code", "id": f"chart-{number}", "metadata": {}, "execution_count": None, "outputs": [], "source": source}
            for number, source in enumerate([TABLES, *CHARTS.values()])]
        (self.lab.notebooks / "charts.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        opened = NotebookPage(self.page, self.lab, "charts")
        opened.start(None)
        opened.wait_until_run()
        self.assertEqual([], opened.errors())
        return opened

    def test_every_kind_of_chart(self):
        notebook = self.open()
        notebook.choose("File", "Save Notebook")
        for width, (theme, ending) in itertools.product(WIDTHS, THEMES.items()):
            self.page.set_viewport_size({"width": width, "height": 1120})
            notebook.theme(theme)
            for number, name in enumerate(CHARTS, 1):
                with self.subTest(name, width=width, theme=theme):
                    output = notebook.cells.nth(number).locator(".jp-OutputArea-output")
                    output.scroll_into_view_if_needed()
                    self.page.wait_for_timeout(300)
                    output.screenshot(path=PICTURES / f"chart-{name}-{width}{ending}.png")
                    self.check(name, output.locator(".vega-embed").evaluate(CHART))
        with self.subTest("a page made by nbconvert"):
            self.check_page()

    def check(self, name, seen):
        self.assertLessEqual(seen["picture"]["right"], seen["room"]["right"] + 1, "cut off")
        for text in seen["texts"]:
            self.assertGreaterEqual(text["contrast"], 4.5, text)
            self.assertNotIn("…", text["text"] if name != "heat-row" else "")
            self.assertTrue(seen["picture"]["left"] - 1 <= text["left"] and text["right"] <= seen["picture"]["right"] + 1
                            and seen["picture"]["top"] - 1 <= text["top"] and text["bottom"] <= seen["picture"]["bottom"] + 1,
                            f"{text} outside {seen['picture']}")
        for one, other in itertools.combinations(seen["texts"], 2):
            self.assertFalse(overlap(one, other), f"{one} on {other}")
        if name != "heat-row":
            for mark in seen["marks"]:
                self.assertGreaterEqual(mark["contrast"], 3, mark)
        if name in ("bars", "dots"):
            self.assertEqual(set(CONFIGS), set(CONFIGS) & {text["text"] for text in seen["texts"]})
        if name.startswith("bars"):
            self.assertEqual(1, len({round(mark["left"]) for mark in seen["marks"] if mark["role"] == "bar"}))
            self.assertIn("0", {text["text"] for text in seen["texts"]})

    def check_page(self):
        """By the notebook as it was saved, in a window of its own, without the scripts that it would fetch."""
        file = self.lab.notebooks / "charts.ipynb"
        subprocess.run([os.environ["PYTHON"], "-m", "nbconvert", "--to", "html", file], check=True, capture_output=True)
        html = re.sub(r"<script.*?</script>", "", file.with_suffix(".html").read_text(encoding="utf-8"), flags=re.DOTALL)
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 1120})
        self.page.set_content(html)
        pictures = self.page.evaluate("""() => [...document.images].map(({alt, naturalWidth, width, clientWidth}) =>
            ({alt, naturalWidth, width, right: document.body.clientWidth - clientWidth}))""")
        self.page.screenshot(path=PICTURES / "charts-page.png", full_page=True)
        self.assertEqual(len(CHARTS), len(pictures))
        for picture in pictures:
            self.assertRegex(picture["alt"], r"(chart|histogram|heat row) of .* by ")
            self.assertEqual((1280, 640), (picture["naturalWidth"], picture["width"]))
            self.assertGreater(picture["right"], 0)
