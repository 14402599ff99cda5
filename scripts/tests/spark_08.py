"""Notebook 08, many prompts on Apache Spark: what it shows has to be true. Run by ./scripts/test --spark alone."""
import unittest

from lessons import cell_with, rows, run
from notebooks import NOTEBOOKS, streams

MANY = NOTEBOOKS / "08-many-prompts.ipynb"


class Run(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cells, cls.solved, _ = run(MANY)

    def test_no_cell_warns(self):
        for cell in [*self.cells, *self.solved]:
            self.assertEqual(streams(cell, "stderr"), "", cell.source)

    def test_each_question_has_an_answer(self):
        answers = rows(cell_with(self.cells, "var answers ="))
        self.assertEqual(12, len(answers))
        for row in answers:
            self.assertTrue(row["answer"], row)
            self.assertIn(row["finishReason"], ("END_TOKEN", "LENGTH"), row)
            self.assertLessEqual(int(row["newTokens"]), 24, row)

    def test_sql_counts_all_of_them(self):
        counted = rows(cell_with(self.cells, "GROUP BY finishReason"))
        self.assertEqual(12, sum(int(row["answers"]) for row in counted))

    def test_what_is_missing_is_generated_alone(self):
        shown = str(cell_with(self.cells, "var larger =").outputs)
        self.assertIn("2 of 2 rows", shown)
        self.assertIn("14 answers", shown)

    def test_a_row_has_an_answer_or_an_error(self):
        tried = rows(cell_with(self.cells, "var tried ="))
        self.assertEqual([False, True, True], [bool(row["error"]) for row in tried])
        self.assertEqual([True, False, False], [bool(row["answer"]) for row in tried])

    def test_many_at_once_are_faster(self):
        speeds = {int(row["prompts"]): float(row["tokens/s"].replace(",", ""))
                  for row in rows_of_first_table(cell_with(self.cells, "speeds.add"))}
        self.assertEqual([1, 4, 16, 64], list(speeds))
        self.assertGreater(speeds[64], 2 * speeds[1])

    def test_solutions_show_what_they_promise(self):
        words, scores, by_sql = self.solved
        self.assertEqual(12, sum(int(row["count"]) for row in rows(words)))
        for row in rows(scores):
            self.assertLess(float(row["logLikelihood"]), 0)
        self.assertEqual(3, len(rows(by_sql)))


def rows_of_first_table(cell):
    """The cell shows a table, and a chart after it."""
    cell.outputs = cell.outputs[:1]
    return rows(cell)


if __name__ == "__main__":
    unittest.main()
