"""Notebook 07, the demo: what it shows has to be true, also where no page draws the widgets."""
import contextlib
import json
import os
import re
import shutil
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from lessons import cell_with, last_shown, run
from notebooks import NOTEBOOKS, code_cells, demo_model, on_the_demo_model, read, started, streams

DEMO = NOTEBOOKS / "07-demo.ipynb"
VIEW = "application/vnd.jupyter.widget-view+json"
LENGTH = 200  # of an answer, in tokens, as the chat box is set at first
STORY = "Tell me a story."


class Run(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cells, cls.solved, [cls.open, cls.closed] = run(DEMO, "Widgets.open()", "Widgets.closeAll();\nWidgets.open()")

    def test_no_cell_warns(self):
        for cell in [*self.cells, *self.solved]:
            self.assertEqual(streams(cell, "stderr"), "", cell.source)
        self.assertGreater(int(last_shown(self.open)), 50)
        self.assertEqual("0", last_shown(self.closed))

    def test_each_widget_has_a_view_and_a_text(self):
        for cell in [*self.cells[3:], *self.solved]:
            shown = cell.outputs[-1].data
            self.assertEqual(2, shown[VIEW]["version_major"], cell.source)
            self.assertTrue(shown["text/plain"].strip(), cell.source)

    @on_the_demo_model
    def test_the_chat_box_has_asked_its_question(self):
        text = last_shown(cell_with(self.cells, "var box ="))
        self.assertIn("user: can you introduce yourself?\nassistant: I am ovchat", text)
        self.assertIn("ended by END_TOKEN", text)

    def test_the_stepper_stands_before_the_first_token(self):
        text = last_shown(cell_with(self.cells, "var stepper ="))
        self.assertIn("0 tokens", text)
        self.assertIn("The next token", text)

    def test_solutions_show_what_they_promise(self):
        length, button, typed = map(last_shown, self.solved)
        self.assertIn("Tokens: 10", length)
        self.assertIn("[Press]", button)
        self.assertIn("Text: unbelievable", typed)


class Stopped(unittest.TestCase):
    """The kernel's stop button in the middle of an answer that a cell asks for."""

    @classmethod
    def setUpClass(cls):
        opened = contextlib.ExitStack()
        cls.addClassCleanup(opened.close)
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()), "endless")
        cls.make_endless(folder)
        opened.enter_context(mock.patch.dict(os.environ, {"MODEL_DIR": str(folder)}))
        cls.kernel, cls.client = opened.enter_context(started())
        sources = [cell.source for cell in code_cells(read(DEMO))]
        for source in sources[:1 + next(place for place, source in enumerate(sources) if "var box =" in source)]:
            cls.run_cell(source)

    @staticmethod
    def make_endless(folder):
        """The demo model, but that no answer ends before it is as long as it may be."""
        shutil.copytree(demo_model(), folder)
        values = folder / "generation_config.json"
        values.write_text(json.dumps({**json.loads(values.read_text()), "min_new_tokens": LENGTH}))

    @classmethod
    def run_cell(cls, source, press=False):
        """Runs it, where asked for with a press as soon as the page has some words of an answer; what is printed."""
        printed, waiting = [], [press]

        def note(message):
            content = message["content"]
            if message["msg_type"] == "error":
                raise AssertionError(f"{source} ended in an error: {content['evalue']}")
            if message["msg_type"] == "stream":
                printed.append(content["text"])
            text = str(content.get("data", {}).get("state", {}).get("value", "")) if message["msg_type"] == "comm_msg" else ""
            if waiting[0] and "<b>assistant</b>" in text and "…" not in text:
                waiting[0] = False
                cls.kernel.interrupt_kernel()

        cls.client.execute_interactive(source, timeout=300, output_hook=note)
        return "".join(printed)

    def ended(self):
        """The last answer, how many tokens it has, and how it ended."""
        shown = self.run_cell("System.out.println(box.widget());")
        answer = re.search(r"(?s).*assistant: (.*?)\nQuestion:", shown)[1]
        return answer, *re.search(r"(\d+) new tokens.*ended by (\w+)", shown).groups()

    def test_the_answer_is_kept_as_far_as_it_came(self):
        for _ in range(20):  # a press may come after the end of an answer that took a moment
            self.run_cell(f'box.ask("{STORY}");', press=True)
            answer, tokens, reason = self.ended()
            if reason == "CANCELLED" and tokens != "0":
                break
        self.assertEqual("CANCELLED", reason)
        self.assertLess(int(tokens), LENGTH)
        self.assertTrue(answer.strip())
        self.run_cell('box.ask("Who are you?");')
        self.assertEqual((str(LENGTH), "LENGTH"), self.ended()[1:])


if __name__ == "__main__":
    unittest.main()
