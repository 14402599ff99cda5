"""Notebook 03, inside generation: what it shows has to be true."""
import itertools
import math
import unittest

from lessons import cell_with, last_shown, numbers, rows, run, with_solutions
from notebooks import (
    IS_REAL, NOTEBOOKS, code_cells, on_the_demo_model, on_the_real_model, read, shown, streams, texts, told)

INSIDE = NOTEBOOKS / "03-inside-generation.ipynb"
VOCABULARY, LAST_END_TOKEN, CHAT_END, REPEATED = (
    (49152, "<|endoftext|>", "<|im_end|>", "The small dog sees the moon.") if IS_REAL
    else (1984, "<|end|>", "<|end|>", "the small dog sees the moon"))


class Run(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Whole tables behind charts and first rows, whatever the cells show of them.
        cls.cells, cls.solved, (cls.shapes, cls.cuts, cls.ends, cls.times, cls.steps) = run(
            INSIDE, *(f'Tables.of("whole", {rows})' for rows in ("byTemperature", "byTopP", "ends", "times")), "steps")

    def said(self, part):
        return told(cell_with(self.cells, part))

    def test_no_cell_warns(self):
        for cell in [*self.cells, *self.solved]:
            self.assertEqual(streams(cell, "stderr"), "", cell.source)

    def test_tokens_give_the_text_again(self):
        self.assertIn("And back: A token is a piece of text.\n", self.said("sentenceIds = "))
        texts = {row["text"]: row for row in rows(cell_with(self.cells, "Texts and their tokens"))}
        self.assertEqual(texts[LAST_END_TOKEN]["tokens"], "1")
        self.assertEqual(texts[LAST_END_TOKEN]["pieces"], LAST_END_TOKEN)
        self.assertEqual(texts["🦉"]["pieces"].replace(" + ", "").lstrip("▁"), "<0xF0><0x9F><0xA6><0x89>")
        self.assertGreater(int(texts["🦉"]["tokens"]), 1)
        self.assertEqual(texts["token"]["tokens"], "1")
        for row in texts.values():
            self.assertEqual(len(row["pieces"].split(" + ")), int(row["tokens"]))

    def test_one_pass_scores_every_token_behind_every_token(self):
        *_, ids, logits = self.said("model.logits(input)").strip().splitlines()
        count = ids.split()[1]
        self.assertEqual(logits, f"Out: {count} rows of {VOCABULARY} logits")
        cell = cell_with(self.cells, "What may come next")
        self.assertAlmostEqual(float(streams(cell, "stdout").split()[-1]), 1, places=6)
        best = numbers(rows(cell), "probability")
        self.assertEqual(best, sorted(best, reverse=True))

    def test_steps_are_those_of_a_greedy_answer(self):
        steps = rows(self.steps)
        self.assertEqual(steps[0]["token"], rows(cell_with(self.cells, "What may come next"))[0]["token"])
        ended = self.said("var explanation")
        self.assertIn(f"{len(steps)} tokens, ended by ", ended)
        self.assertEqual(ended.endswith("by END_TOKEN\n"), f": {steps[-1]['token']}\n" in self.said("var replied"))
        for probability, other in zip(numbers(steps, "probability"), numbers(steps, "its probability")):
            self.assertGreaterEqual(probability, other)
            self.assertLessEqual(probability + other, 1.0001)
        for entropy in numbers(steps, "entropy"):
            self.assertTrue(0 <= entropy <= math.log(VOCABULARY), entropy)

    def test_the_closest_step_is_the_one_with_the_nearest_runner_up(self):
        steps = rows(self.steps)
        closest = min(steps, key=lambda step: float(step["probability"]) / max(float(step["its probability"]), 1e-9))
        candidates = rows(cell_with(self.cells, "candidates(closest)"))
        self.assertEqual([row["token"] for row in candidates[:2]], [closest["token"], closest["runner-up"]])
        self.assertEqual([row["probability"] for row in candidates[:2]], [closest["probability"], closest["its probability"]])
        self.assertEqual([row["chosen"] for row in candidates], ["yes"] + ["no"] * 4)
        for first, second in itertools.pairwise(candidates):  # as the prose says: 1 more is e times as likely
            ratio = math.exp(float(first["logit"]) - float(second["logit"]))
            self.assertAlmostEqual(
                float(first["probability"]) / ratio, float(second["probability"]), delta=0.001)

    def test_temperature_evens_out_and_keeps_the_order(self):
        columns = [[float(row["probability"]) for row in rows(self.shapes) if row["setting"] == f"T = {t}"]
                   for t in ("0.5", "1.0", "2.0")]
        for probabilities in columns:
            self.assertEqual(len(probabilities), 8)
            self.assertEqual(probabilities, sorted(probabilities, reverse=True))
            self.assertLessEqual(sum(probabilities), 1.0001)
        asked = [float(row["probability"]) for row in rows(cell_with(self.cells, "candidates(closest)"))]
        for own, of_the_answer in zip(columns[1], asked):  # the very step of the answer, with its logits
            self.assertAlmostEqual(own, of_the_answer, delta=0.00006)
        favourites = [probabilities[0] for probabilities in columns]
        self.assertEqual(favourites, sorted(favourites, reverse=True))
        self.assertLess(favourites[2], favourites[0])

    def test_top_p_rules_out_the_tail(self):
        columns = [[float(row["probability"]) for row in rows(self.cuts) if row["setting"] == f"top-p = {p}"]
                   for p in ("1.0", "0.8", "0.5")]
        kept = [sum(probability > 0 for probability in probabilities) for probabilities in columns]
        self.assertEqual(kept[0], 8)
        self.assertEqual(kept, sorted(kept, reverse=True))
        self.assertLess(kept[2], kept[0])
        self.assertGreater(columns[2][0], columns[0][0])

    def test_the_same_seed_gives_the_same_answer(self):
        answers = rows(cell_with(self.cells, "Six answers"))
        self.assertEqual([row["seed"] for row in answers], ["none", "none", "3", "3", "5", "5"])
        self.assertEqual(answers[0], answers[1])
        self.assertEqual(answers[2], answers[3])
        self.assertNotEqual(answers[2]["answer"], answers[4]["answer"], "another seed changed nothing")
        self.assertNotEqual(answers[4]["answer"], answers[5]["answer"], "the temperature changed nothing")

    def test_times_are_there_for_each_length_and_way(self):
        times = rows(self.times)
        self.assertEqual([row["tokens before it"] for row in times[::2]], ["64", "128", "256", "512"])
        self.assertEqual(len({row["way"] for row in times}), 2)
        self.assertGreater(min(numbers(times, "time (ms)")), 0)

    def test_the_end_is_likely_where_it_comes(self):
        self.assertTrue(self.said("var replied").startswith(REPEATED + "\n"))
        self.assertIn(f": {CHAT_END}\n", self.said("var replied"))
        *before, last = rows(self.ends)
        self.assertGreater(float(last["probability of the end"]), 0.5)
        self.assertLess(max(numbers(before, "probability of the end")), 0.5)

    def test_answers_end_for_each_reason(self):
        reasons = rows(cell_with(self.cells, "Why an answer ended"))
        self.assertEqual([row["finish reason"] for row in reasons],
                         ["END_TOKEN", "LENGTH", "STOP_STRING", "LENGTH", "CANCELLED"])
        self.assertEqual([reasons[1]["tokens"], reasons[3]["tokens"]], ["3", "30"])
        self.assertTrue(reasons[2]["answer"].endswith("dog"), reasons[2])
        self.assertTrue(reasons[0]["answer"].startswith(reasons[4]["answer"]))

    def test_a_rule_keeps_letters_out(self):
        cell = cell_with(self.cells, "logitsProcessor(withoutE)")
        answer = texts(cell)[0]
        self.assertTrue(answer.strip())
        self.assertNotIn("e", answer.lower(), answer)
        favourite, *others = rows(cell_with(self.cells, "candidates(overruled)"))
        self.assertIn("e", favourite["token"].lower())
        self.assertEqual((0, "no"), (float(favourite["processed probability"]), favourite["chosen"]))
        [chosen] = [row for row in others if row["chosen"] == "yes"]
        self.assertGreater(float(chosen["processed probability"]), float(chosen["probability"]))
        costly = rows(cell_with(self.cells, "ProbabilityTables.rules(ruled)"))
        forbidden = numbers(costly, "forbidden")
        self.assertEqual(forbidden, sorted(forbidden, reverse=True))
        self.assertGreater(forbidden[0], 0)
        overruled = [row for row in costly if row["wanted"]]
        self.assertGreater(len(overruled), 0)
        for row in overruled:
            self.assertIn("e", row["wanted"].lower())
            self.assertLessEqual(float(row["its probability"]), float(row["forbidden"]) + 1e-4)

    def test_charts_show(self):
        for part in ("byTemperature), ", "byTopP), ", "Chart.heatRow(", "Chart.line(", "ends), "):
            self.assertIn("image/png", cell_with(self.cells, part).outputs[-1].data)
            self.assertNotIn("no data", last_shown(cell_with(self.cells, part)))

    @with_solutions
    def test_solutions_hold(self):
        small, capital = [int(line.split()[0]) for line in streams(self.solved[0], "stdout").splitlines()]
        self.assertGreater(capital, small)
        by_hand, by_model = map(float, streams(self.solved[1], "stdout").split())
        self.assertAlmostEqual(by_hand, by_model, delta=0.02)
        own, reverse = [float(line.split()[1]) for line in streams(self.solved[2], "stdout").splitlines()]
        self.assertLess(own, reverse)
        self.assertRegex(streams(self.solved[3], "stdout"), r"about \d+ ms")
        self.assertGreater(len(streams(self.solved[4], "stdout")), len(REPEATED + "\n"))

    @on_the_demo_model
    def test_it_tells_a_joke_of_its_dialogues(self):
        self.assertEqual(texts(cell_with(self.cells, "var explanation")), ["Why did the token stop? It had reached its end."])
        self.assertEqual(rows(self.steps)[-1]["token"], "<|end|>")

    @on_the_real_model
    def test_it_refuses_or_tells_in_words_of_its_own(self):
        """The words depend on the processor's rounding; that this model wavers does not."""
        self.assertGreater(max(numbers(rows(self.steps), "entropy")), 2)
        self.assertLess(numbers(rows(cell_with(self.cells, "candidates(closest)")), "probability")[0], 0.6)

    @on_the_real_model
    def test_what_depends_on_neither_time_nor_rounding_is_committed(self):
        committed = code_cells(read(INSIDE))
        for part in ("sentenceIds = ", "Texts and their tokens", "rendered(String question)", "model.logits(input)",
                     "var replied", "tokens hold an e"):
            self.assertEqual(shown(cell_with(self.cells, part)), shown(cell_with(committed, part)))
        for now, then in zip(*(rows(cell_with(cells, "Why an answer ended")) for cells in (self.cells, committed))):
            if not now["asked for"].startswith("eosTokenIds"):
                self.assertEqual(now, then)


if __name__ == "__main__":
    unittest.main()
