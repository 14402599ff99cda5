"""Notebook 04, a chat in several turns: what it shows has to be true."""
import unittest

from lessons import cell_with, last_shown, numbers, rows, run, with_solutions
from notebooks import NOTEBOOKS, on_the_demo_model, on_the_real_model, streams, told

CHAT = NOTEBOOKS / "04-chat.ipynb"


class Run(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cells, cls.solved, (cls.turns, cls.ended) = run(
            CHAT, "tenTurns", "Tables.messages(chat)",
            smaller={"repeat(60)": "repeat(15)", "var again = askTenTurns();": "var again = best;", "repeat(8)": "repeat(3)"})

    def said(self, part):
        return told(cell_with(self.cells, part))

    def history(self, part):
        return [(row["turn"], row["who"], row["what"].replace("↵", "\n")) for row in rows(cell_with(self.cells, part))]

    def test_no_cell_warns(self):
        for cell in [*self.cells, *self.solved]:
            self.assertEqual(streams(cell, "stderr"), "", cell.source)

    @on_the_demo_model
    def test_the_template_is_that_of_the_demo_model(self):
        self.assertEqual(
            self.said("var messages"),
            "<|system|>\nYou are a helpful AI assistant.<|end|>\n<|user|>\nWhat is a token?<|end|>\n"
            "<|assistant|>\nA piece of text.<|end|>\n<|user|>\nShorter, please.<|end|>\n<|assistant|>\n\n")

    @on_the_real_model
    def test_the_template_is_that_of_the_real_model(self):
        self.assertEqual(
            self.said("var messages"),
            "<|im_start|>system\nYou are a helpful AI assistant.<|im_end|>\n"
            "<|im_start|>user\nWhat is a token?<|im_end|>\n<|im_start|>assistant\nA piece of text.<|im_end|>\n"
            "<|im_start|>user\nShorter, please.<|im_end|>\n<|im_start|>assistant\n\n")

    def test_answers_go_on_from_those_before(self):
        first, second = self.said("var first"), self.said("var second")
        self.assertTrue(first.startswith("A GPU "), first)
        self.assertNotIn("from the cache", first)
        self.assertRegex(second, r"\d+ prompt tokens \(\d+ from the cache\)")
        answers = [what for _, who, what in self.history("History") if who == "assistant"]
        self.assertLess(len(answers[1]), len(answers[0]))
        self.assertTrue(answers[2].startswith("A neural network is "), answers[2])

    @on_the_demo_model
    def test_what_is_to_be_shorter_stands_in_the_prompt(self):
        self.assertTrue(self.said("var second").startswith("A processor with many small cores.\n"))
        self.assertIn("ended by END_TOKEN", self.said("var third"))

    @on_the_real_model
    def test_what_the_questions_do_not_say_stands_in_the_prompt(self):
        self.assertIn("GPU", self.said("var second"))
        self.assertRegex(self.said("var edited"), "GPU|gaming|graphics")

    def test_the_history_follows_what_is_changed(self):
        asked = self.history("History")
        self.assertEqual([row[0] for row in asked], ["", "0", "0", "1", "1", "2", "2"])
        self.assertEqual([row[1] for row in asked], ["system"] + ["user", "assistant"] * 3)
        self.assertTrue(self.said("var first").startswith(asked[2][2]))

        edited = self.history("var edited")
        self.assertEqual(edited[:3], asked[:3])
        self.assertEqual(edited[3], ("1", "user", "What is the best device?"))
        self.assertEqual(len(edited), 5)

        dropped = self.history("chat.drop(0)")
        self.assertEqual([row[1:] for row in dropped[:2]], [asked[0][1:], edited[3][1:]])
        self.assertTrue(self.said("var regenerated").startswith(dropped[2][2]))
        self.assertNotEqual(dropped[2][2], edited[4][2], "chance changed nothing")
        self.assertEqual(len(rows(self.ended)), 5)

    def test_a_regenerated_answer_tells_its_seed(self):
        self.assertIn("\nseed 3\n", self.said("var regenerated"))

    def test_each_turn_finds_more_in_the_cache(self):
        table = rows(self.turns)
        kept = [row for row in table if row["way"] == "cache kept"]
        anew = [row for row in table if row["way"] != "cache kept"]
        self.assertEqual(numbers(kept, "turn"), list(range(10)))
        self.assertEqual(numbers(kept, "prompt tokens"), numbers(anew, "prompt tokens"))
        self.assertEqual(set(numbers(anew, "cached tokens")), {0})
        cached, prompts = numbers(kept, "cached tokens"), numbers(kept, "prompt tokens")
        self.assertEqual(cached[0], 0)
        for turn in range(1, 10):  # all that was there before, but for the mark behind an answer
            self.assertGreaterEqual(cached[turn], prompts[turn - 1])
            self.assertLess(cached[turn], prompts[turn])

    def test_drafts_are_accepted_where_the_answer_repeats(self):
        new, again = rows(cell_with(self.cells, "drafted(\"a new question\""))
        self.assertEqual(new["same answer"], "yes")
        self.assertEqual(again["same answer"], "yes")
        self.assertGreater(int(again["accepted"]), 10)
        self.assertGreater(int(again["accepted"]), int(new["accepted"]))
        self.assertLessEqual(int(again["accepted"]), int(again["drafted tokens"]))

    def test_a_full_chat_refuses(self):
        lines = self.said("Refused: ").splitlines()
        self.assertGreater(len(lines), 2)
        self.assertIn("then STOP_STRING", lines[0])
        self.assertRegex(lines[-1], r"^Refused: .*maxLength is 160")

    def test_a_full_chat_forgets_its_beginning(self):
        kept = rows(cell_with(self.cells, "LEAVE_OUT_OLDEST_TURNS"))
        self.assertEqual(len(kept), 10)
        left_out = numbers(kept, "turns left out")
        self.assertEqual(left_out[0], 0)
        self.assertGreater(left_out[-1], 0)
        self.assertEqual(left_out, sorted(left_out))
        self.assertLessEqual(max(numbers(kept, "prompt tokens")), 80)

    def test_charts_show(self):
        chart = cell_with(self.cells, "Chart.line(")
        self.assertIn("image/png", chart.outputs[-1].data)
        self.assertNotIn("no data", last_shown(chart))

    @with_solutions
    def test_solutions_hold(self):
        count, said = [int(word) for word in streams(self.solved[0], "stdout").split() if word.isdigit()]
        self.assertLess(said, count)
        self.assertTrue(streams(self.solved[1], "stdout"))
        sentence = streams(self.solved[2], "stdout").strip()
        self.assertTrue(sentence.startswith("A language model ") and sentence.endswith("."), sentence)
        cached = [int(line.split()[0]) for line in streams(self.solved[3], "stdout").splitlines()]
        self.assertEqual(cached[0], 0)
        self.assertGreater(min(cached[1:]), 60)
        self.assertEqual(len(streams(self.solved[4], "stdout").splitlines()), 5)


if __name__ == "__main__":
    unittest.main()
