"""Notebook 07, the demo: what it shows has to be true, also where no page draws the widgets."""
import unittest

from lessons import cell_with, last_shown, run
from notebooks import NOTEBOOKS, on_the_demo_model, streams

DEMO = NOTEBOOKS / "07-demo.ipynb"
VIEW = "application/vnd.jupyter.widget-view+json"


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


if __name__ == "__main__":
    unittest.main()
