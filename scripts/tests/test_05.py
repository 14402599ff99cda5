"""Notebook 05, answers side by side: what it shows has to be true."""
import unittest

from lessons import cell_with, last_shown, numbers, rows, run
from notebooks import NOTEBOOKS, code_cells, read, streams

COMPARE = NOTEBOOKS / "05-compare.ipynb"
TOKEN = "A token is a piece of text, a word or a part of one, that the model knows by a number."


def without_speed(table):
    return [{name: value for name, value in row.items() if name != "tokens/s"} for row in table]


class Run(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        sampled = cell_with(code_cells(read(COMPARE)), "var sampled =").source
        # The tokens that the two answers have at the step that the tables of section 4 show.
        parting = "Tables.tokens(model.tokenizer(), TokenIds.of(loadedIds.get(step), exactIds.get(step)))"
        cls.cells, cls.solved, (cls.again, cls.opinions, cls.parting) = run(
            COMPARE, sampled, 'Tables.of("whole", opinions)', parting)

    def table(self, part):
        return rows(cell_with(self.cells, part))

    def test_no_cell_warns(self):
        for cell in [*self.cells, *self.solved]:
            self.assertEqual(streams(cell, "stderr"), "", cell.source)

    def test_the_first_variant_is_the_measure(self):
        for part in ("models.table()", "configs.table()", "var sampled ="):
            table = self.table(part)
            self.assertEqual(table[0]["same as first"], "yes")
            for row in table:
                self.assertEqual(row["same as first"], "yes" if row["answer"] == table[0]["answer"] else "no")
                self.assertIn(row["finish reason"], ("END_TOKEN", "LENGTH"), row)

    def test_models_are_those_that_are_there(self):
        formats = [name for name in ("int8", "fp16")
                   if (NOTEBOOKS / "model/demo" / name / "openvino_model.bin").exists()]
        self.assertEqual([row["variant"] for row in self.table("models.table()")],
                         ["as chosen", *(formats or ["full precision"])])

    def test_sampled_answers_come_again(self):
        self.assertEqual(without_speed(self.table("var sampled =")), without_speed(rows(self.again)))

    def test_answers_part_where_the_favourites_differ(self):
        place, *sizes = [int(word) for word in
                         streams(cell_with(self.cells, "They agree on"), "stdout").replace(",", "").replace(".", "").split()
                         if word.isdigit()]
        self.assertLessEqual(place, min(sizes))
        candidates = cell_with(self.cells, "In full precision")
        loaded, exact = candidates.outputs[-2].data["text/plain"], candidates.outputs[-1].data["text/plain"]
        chosen = [[line.split()[0] for line in text.splitlines() if "yes" in line] for text in (loaded, exact)]
        self.assertEqual(chosen, [[row["token"]] for row in rows(self.parting)], "not the answers' tokens")
        if place < min(sizes):
            self.assertNotEqual(*chosen)
        else:
            self.assertEqual(*chosen)

    def test_each_judge_finds_the_answers_likely(self):
        for row in self.table("Perplexity of each answer"):
            for column in ("its answer as loaded", "its answer in full precision"):
                self.assertTrue(1 <= float(row[column]) < 1.5, row)

    def test_answers_to_several_prompts_are_counted(self):
        table = self.table("all.selectColumns")
        self.assertEqual(len(table), 18)
        self.assertIn(TOKEN, [row["answer"] for row in table])
        counted = {line.split(":")[0].strip(): int(line.split(":")[1]) for line in
                   last_shown(cell_with(self.cells, "Answers that are the greedy ones")).splitlines()[1:]}
        for variant, count in counted.items():
            same = [row for row in table if row["variant"] == variant and row["same as first"] == "yes"]
            self.assertEqual(count, len(same), variant)
        self.assertEqual(counted["greedy"], 6)

    def test_the_form_of_the_prompt_matters(self):
        marked, alone = self.table("the question alone")
        self.assertEqual(marked["answer"], TOKEN)
        self.assertNotEqual(alone["answer"], TOKEN)

    def test_ten_people_do_not_agree(self):
        means = numbers(rows(self.opinions), "tokens in common")
        self.assertEqual(len(means), 10)
        self.assertGreater(len({*means}), 1)


if __name__ == "__main__":
    unittest.main()
