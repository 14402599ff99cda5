"""How values look on the real Java kernel, and in what is made of an executed notebook."""
import asyncio
import base64
import pathlib
import re
import struct
import tempfile
import unittest

import nbformat
from nbconvert import HTMLExporter

from notebooks import CountingClient, demo_model, execute, execute_with_spec, streams

VEGA_LITE = "application/vnd.vegalite.v5+json"
TABLE = """
    import tech.tablesaw.api.*;
    import dev.ovchat.chart.*;
    import dev.ovchat.display.*;
    var table = Table.create("Results",
        StringColumn.create("config", "baseline", "<script>alert(1)</script>", " a\\n\\u001b[31m"),
        DoubleColumn.create("tokens/s", 52.1234567, 1.0 / 3, Double.NaN));
    table"""
CHART = 'Chart.bar(table, "config", "tokens/s").title("Speed")'


class StoppingClient(CountingClient):
    """Presses the stop button as soon as a line is written anew in the last cell but one."""

    is_pressed = False

    def process_message(self, message, cell, cell_index):
        if message["msg_type"] == "update_display_data" and cell is self.nb.cells[-2] and not self.is_pressed:
            self.is_pressed = True
            asyncio.ensure_future(self.km.interrupt_kernel())
        return super().process_message(message, cell, cell_index)


def run(*sources, run_with=execute, **options):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    if "client_class" in options:
        notebook.cells[-2].metadata["tags"] = ["raises-exception"]
    run_with(notebook, **options)
    return notebook


def results(notebook):
    """The data of each cell's result."""
    return [output.data for cell in notebook.cells for output in cell.outputs if output.output_type == "execute_result"]


class Values(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.notebook = run(TABLE, CHART, 'render(table, "text/plain")', 'Display.install(); table')

    def test_nothing_is_said_beside_the_values(self):
        for cell in self.notebook.cells:
            self.assertEqual(streams(cell, "stderr") + streams(cell, "stdout"), "", cell.source)

    def test_a_table_is_html_that_holds_no_markup_of_its_own(self):
        data = results(self.notebook)[0]
        html = data["text/html"]
        self.assertRegex(html, r'<th scope="col" align="right"[^>]*>tokens/s</th>')
        self.assertRegex(html, r'<td align="right"[^>]*>52\.123</td>')
        self.assertRegex(html, r'<td align="left"[^>]*> a↵\n␛\[31m</td><td align="right"[^>]*></td>')
        self.assertIn("&lt;script&gt;", html)
        self.assertNotIn("<script", html)
        self.assertIn(" a↵␛[31m", data["text/plain"])

    def test_a_chart_is_a_picture_a_specification_and_words(self):
        data = results(self.notebook)[1]
        self.assertEqual(set(data), {"text/plain", "text/markdown", "image/png", VEGA_LITE})
        png = base64.b64decode(data["image/png"])
        width, height = struct.unpack(">II", png[16:24])
        metadata = self.notebook.cells[1].outputs[0].metadata["image/png"]
        self.assertEqual((width, height), (2 * metadata["width"], 2 * metadata["height"]))
        self.assertTrue(metadata["alt"].startswith("Speed: bar chart of tokens/s by config\n  baseline: 52.1\n"))
        self.assertEqual(data["text/plain"], metadata["alt"])
        self.assertEqual(data[VEGA_LITE]["data"]["values"][0], {"label": "baseline", "y": 52.1234567})

    def test_the_line_for_ijava_changes_nothing_here(self):
        self.assertEqual(results(self.notebook)[3], results(self.notebook)[0])

    def test_a_page_made_of_the_notebook_holds_table_and_picture_with_its_text(self):
        for template in ("lab", "classic", "basic"):
            with self.subTest(template):
                page, _ = HTMLExporter(template_name=template).from_notebook_node(self.notebook)
                self.assertEqual(len(re.findall(r"<table><caption[^>]*>Results</caption>", page)), 2)
                self.assertEqual(re.findall("<script>alert", page), [])
                [picture] = re.findall(r"<img [^>]*>", page)
                self.assertIn('alt="Speed: bar chart of tokens/s by config', picture)
                self.assertIn('width="640"', picture)
                self.assertNotIn("No description", page)


class Progress(unittest.TestCase):
    def test_a_line_is_updated_and_its_last_text_stays(self):
        notebook = run("""
            import dev.ovchat.progress.Progress;
            import dev.ovchat.progress.ProgressLine;
            import java.time.Duration;
            var line = new ProgressLine();
            for (int i = 0; i <= 10; i++) {
                line.accept(new Progress("config " + i, i, 10, "runs", Duration.ofSeconds(i)));
                Thread.sleep(100);
            }
            int seven = ProgressLine.during("Waiting", () -> 7);""", "seven")
        lines = [output.data["text/plain"] for output in notebook.cells[0].outputs]
        self.assertEqual(lines[0], "10 of 10 runs, took 10 s: config 10")
        self.assertRegex(lines[1], r"^Waiting: done in \d.* s$")
        self.assertEqual(len(lines), 2)
        self.assertEqual(results(notebook)[-1]["text/plain"], "7")

    def test_the_stop_button_leaves_a_line_that_says_so_and_a_kernel_that_goes_on(self):
        notebook = run("""
            import dev.ovchat.progress.*;
            Object wait() {
                try {
                    Thread.sleep(600_000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(e);
                }
                return null;
            }""".replace("wait()", "waitLong()"),
            'ProgressLine.during("Waiting", () -> waitLong());', 'Thread.sleep(1000); ProgressLine.during("Again", () -> 7)',
            client_class=StoppingClient)
        [line] = [output.data["text/plain"] for output in notebook.cells[1].outputs if "data" in output]
        self.assertRegex(line, r"^Waiting: stopped in \d.* s$")
        self.assertEqual(results(notebook)[-1]["text/plain"], "7")

    def test_a_load_is_watched(self):
        notebook = run(f"""
            import dev.ovchat.generate.*;
            import dev.ovchat.openvino.*;
            import dev.ovchat.progress.*;
            import java.nio.file.Path;
            var folder = Path.of("{demo_model()}");
            var model = ProgressLine.loading(folder, () -> CausalLM.load(folder, Device.of("CPU"), Map.of()));
            System.out.println(model.config().modelType());""")
        self.assertEqual(streams(notebook.cells[0], "stdout"), "phi3\n")
        [line] = [output.data["text/plain"] for output in notebook.cells[0].outputs if "data" in output]
        self.assertRegex(line, r"^loading .*int4: done in \d.* s$")


class WithoutFonts(unittest.TestCase):
    """Java finds no fonts where fontconfig has none."""

    def test_a_chart_stays_as_vega_lite_and_text_with_advice(self):
        with tempfile.TemporaryDirectory() as folder:
            empty = pathlib.Path(folder, "fonts.conf")
            empty.write_text("<fontconfig/>")
            notebook = run(TABLE, CHART, run_with=lambda notebook: execute_with_spec(
                notebook, lambda spec: spec["env"].update(
                    FONTCONFIG_FILE=str(empty),
                    JDK_JAVA_OPTIONS=f"-Duser.home={folder}")))  # where Java remembers the fonts
        data = results(notebook)[1]
        self.assertEqual(set(data), {"text/plain", VEGA_LITE})
        self.assertRegex(streams(notebook.cells[1], "stderr"), r"^Java cannot draw a picture .*apt-get install")


if __name__ == "__main__":
    unittest.main()
