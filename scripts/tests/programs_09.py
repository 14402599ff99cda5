"""Notebook 09, from a program: what it shows has to be true. Run by ./scripts/test --programs, or by its name."""
import unittest

from lessons import cell_with, rows, run
from notebooks import NOTEBOOKS, streams, told

PROGRAM = NOTEBOOKS / "09-from-a-program.ipynb"


class Run(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cells, cls.solved, _ = run(PROGRAM)

    def test_no_cell_warns(self):
        for cell in [*self.cells, *self.solved]:
            self.assertEqual(streams(cell, "stderr"), "", cell.source)

    def test_all_ways_give_the_same_answer(self):
        ways = rows(cell_with(self.cells, "record Way("))
        self.assertEqual(["core", "LangChain4j", "Spring AI"], [row["way"] for row in ways])
        self.assertTrue(ways[0]["answer"])
        for part in ("answer", "prompt tokens", "new tokens"):
            self.assertEqual(1, len({row[part] for row in ways}), ways)

    def test_the_stream_is_the_answer_in_pieces(self):
        pieces = told(cell_with(self.cells, ".stream().content()"))
        self.assertGreater(pieces.count("|"), 2)
        self.assertIn(rows(cell_with(self.cells, "record Way("))[0]["answer"].split()[0], pieces.replace("|", ""))

    def test_the_service_gives_a_record(self):
        self.assertRegex(told(cell_with(self.cells, "AiServices.create(Geographer")), r"^Capital\[city=(BERLIN|PARIS|ROME|null), european=(true|false)\]\n$")

    def test_the_memory_keeps_both_turns(self):
        self.assertTrue(told(cell_with(self.cells, "MessageChatMemoryAdvisor.builder")).endswith("4 messages\n"))

    def test_solutions_show_what_they_promise(self):
        cut, continent, record = [told(cell) for cell in self.solved]
        self.assertEqual("LENGTH\n", cut)
        self.assertRegex(continent, r"^(AFRICA|ASIA|EUROPE)\n$")
        self.assertRegex(record, r"^Capital\[city=(BERLIN|PARIS|ROME), european=(true|false)\]\n$")


if __name__ == "__main__":
    unittest.main()
