"""Notebook 05, answers side by side: what it shows has to be true."""
import unittest

from lessons import cell_with, last_shown, numbers, rows, run
from notebooks import MODEL, NOTEBOOKS, code_cells, on_the_demo_model, on_the_real_model, read, streams

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
            COMPARE, sampled, 'Tables.of("whole", opinions)', parting, smaller={"{3, 10, 30}": "{3, 10}"})

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
        chosen = NOTEBOOKS / MODEL["MODEL_DIR"]
        formats = [name for name in ("int4", "int8", "fp16")
                   if name != chosen.name and (chosen.parent / name / "openvino_model.bin").exists()]
        self.assertIn("int8", formats, "its checkpoint is known")
        self.assertEqual([row["variant"] for row in self.table("models.table()")], ["as chosen", *formats])

    @on_the_real_model
    def test_a_second_rounding_and_a_temperature_change_the_text(self):
        rounded = self.table("models.table()")[1]
        warm = [row for row in self.table("var sampled =") if row["variant"].startswith("temperature 1,")]
        self.assertEqual(len(warm), 2)
        for row in (rounded, *warm):
            self.assertEqual(row["same as first"], "no", row)
            self.assertGreater(int(row["new tokens"]), 10, row)

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

    @on_the_demo_model
    def test_each_judge_finds_the_answers_likely(self):
        for row in self.table("Perplexity of each answer"):
            for column in ("its answer as loaded", "its answer in full precision"):
                self.assertTrue(1 <= float(row[column]) < 1.5, row)

    def test_both_judges_agree_about_an_answer(self):
        judges = self.table("Perplexity of each answer")
        for column in ("its answer as loaded", "its answer in full precision"):
            low, high = sorted(numbers(judges, column))
            self.assertTrue(1 <= low <= high < 1.1 * low, judges)

    def test_answers_to_several_prompts_are_counted(self):
        table = self.table("all.selectColumns")
        self.assertEqual(len(table), 18)
        counted = {line.split(":")[0].strip(): int(line.split(":")[1]) for line in
                   last_shown(cell_with(self.cells, "Answers that are the greedy ones")).splitlines()[1:]}
        for variant, count in counted.items():
            same = [row for row in table if row["variant"] == variant and row["same as first"] == "yes"]
            self.assertEqual(count, len(same), variant)
        self.assertEqual(counted["greedy"], 6)

    @on_the_demo_model
    def test_what_the_demo_model_knows_comes_as_it_was_learned(self):
        self.assertIn(TOKEN, [row["answer"] for row in self.table("all.selectColumns")])
        self.assertEqual(self.table("the question alone")[0]["answer"], TOKEN)

    def test_the_form_of_the_prompt_matters(self):
        marked, alone = self.table("the question alone")
        self.assertTrue(marked["answer"].startswith("A token is "), marked)
        self.assertEqual(alone["same as first"], "no")
        self.assertNotEqual(alone["answer"], marked["answer"])

    def test_ten_people_do_not_agree(self):
        means = numbers(rows(self.opinions), "tokens in common")
        self.assertEqual(len(means), 10)
        self.assertGreater(len({*means}), 1)


if __name__ == "__main__":
    unittest.main()
