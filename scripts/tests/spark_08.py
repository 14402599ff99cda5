"""Notebook 08, many prompts on Apache Spark: what it shows has to be true. Run by ./scripts/test --spark, or by its name."""
import os
import pathlib
import tempfile
import unittest

import nbformat

from lessons import cell_with, rows, run
from notebooks import NOTEBOOKS, InterruptingClient, code_cells, execute, read, streams, told
from spark_cluster import Cluster  # notebooks.py makes it known

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


SPARK = pathlib.Path(os.environ["OVCHAT_HOME"], "spark")
ANSWERS = "var answers ="


def up_to(part):
    """The notebook up to the cell with this part, and without what follows."""
    notebook = read(MANY)
    end = next(place for place, cell in enumerate(notebook.cells) if cell.cell_type == "code" and part in cell.source)
    notebook.cells = notebook.cells[:end + 1]
    return notebook


class Elsewhere(unittest.TestCase):
    def test_a_cluster_gives_the_same_answers(self):
        there = up_to(ANSWERS)
        with tempfile.TemporaryDirectory() as folder, Cluster(SPARK, pathlib.Path(folder), 1) as cluster:
            execute(there, SPARK_MASTER=cluster.url)
        self.assertIn(f" on {cluster.url}, started in", told(cell_with(code_cells(there), "var master =")))
        answers = rows(code_cells(there)[-1])
        self.assertEqual(12, len(answers))
        for row in answers:
            self.assertTrue(row["answer"], row)

    def test_stopped_and_run_again_it_goes_on(self):
        """Each cell but the first two is run twice; the long one is stopped in the first run."""
        notebook = up_to(ANSWERS)
        *before, last = notebook.cells
        again = [nbformat.v4.new_code_cell(cell.source) for cell in before if cell.cell_type == "code"][3:]
        generate = last.source.partition("\n")[2]  # its first line makes another folder
        longer = nbformat.v4.new_code_cell("config = config.maxNewTokens(200).minNewTokens(200);\nprompts = prompts.config(config);")
        folder = nbformat.v4.new_code_cell(last.source.partition("\n")[0])
        notebook.cells = [*before, *again, longer, folder, *(nbformat.v4.new_code_cell(generate) for _ in range(2))]
        notebook.cells[-2].metadata["tags"] = ["raises-exception"]
        execute(notebook, client_class=InterruptingClient)
        stopped, answered = code_cells(notebook)[-2:]
        self.assertEqual("error", stopped.outputs[-1].output_type)
        self.assertEqual(12, len(rows(answered)))


def rows_of_first_table(cell):
    """The cell shows a table, and a chart after it."""
    cell.outputs = cell.outputs[:1]
    return rows(cell)


if __name__ == "__main__":
    unittest.main()
