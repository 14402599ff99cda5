"""Notebook 06, rules and tools: what it shows has to be true."""
import json
import re
import unittest

from lessons import cell_with, numbers, rows, run, with_solutions
from notebooks import NOTEBOOKS, on_the_demo_model, on_the_real_model, streams, told

RULES = NOTEBOOKS / "06-rules-and-tools.ipynb"


class Run(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cells, cls.solved, (cls.json, cls.turns) = run(
            RULES,
            "System.out.println(tokenizer.decode("
            "model.generate(promptOf(question), byRule).ids(), DecodeOptions.READABLE));",
            "System.out.println(List.of(chat, shop, free).stream().map(Chat::turns).toList());")

    def said(self, part):
        return told(cell_with(self.cells, part))

    def test_no_cell_warns(self):
        for cell in [*self.cells, *self.solved]:
            self.assertEqual(streams(cell, "stderr"), "", cell.source)

    def test_the_schema_holds(self):
        answer = json.loads(streams(self.json, "stdout"))
        self.assertEqual({"stars", "recommended"}, {*answer})
        self.assertIn(answer["stars"], range(1, 6))
        self.assertIsInstance(answer["recommended"], bool)

    def test_the_record_is_read(self):
        self.assertRegex(
            self.said("Review read"),
            r"^Review\[mood=(GOOD|MIXED|BAD), stars=-?\d+, recommended=(true|false)\]\n"
            r"mood: (GOOD|MIXED|BAD), ended by (END_TOKEN|COMPLETE)\n$")
        self.assertEqual(
            ["GOOD", "MIXED", "BAD"], json.loads(self.said("enum Mood"))["properties"]["mood"]["enum"])

    def test_words_and_expressions_hold(self):
        self.assertRegex(self.said("var date"), r"^(positive|negative)\n20\d\d-(0[1-9]|1[0-2])\n$")

    def test_the_rule_is_seen(self):
        steps = rows(cell_with(self.cells, "ProbabilityTables.rules"))
        forbidden = numbers(steps, "forbidden")
        self.assertGreater(max(forbidden), 0.5)
        self.assertTrue(all(0 <= share <= 1.000001 for share in forbidden), forbidden)
        self.assertTrue(any(row["wanted"] for row in steps), steps)

    def test_calls_are_right_in_their_form(self):
        calls = re.findall(r"^call:   (.*)$", self.said("var reply") + self.said("var sold"), re.MULTILINE)
        self.assertGreaterEqual(len(calls), 2)
        self.assertTrue(calls[0].startswith("calculate "), calls)
        for call in calls:
            self.assertRegex(
                call,
                r"^(boxes \{fruit=(APPLE|PEAR|PLUM)\}"
                r"|calculate \{first=-?\d+, operation=(PLUS|MINUS|TIMES), second=-?\d+\})$")

    def test_the_calculator_is_right(self):
        said = self.said("var reply")
        first, operation, second = re.search(r"first=(-?\d+), operation=(\w+), second=(-?\d+)", said).groups()
        result = {"PLUS": int.__add__, "MINUS": int.__sub__, "TIMES": int.__mul__}[operation](int(first), int(second))
        self.assertIn(f"result: {result}\n", said)

    def test_the_messages_have_call_and_result(self):
        messages = rows(cell_with(self.cells, "record Said"))
        self.assertEqual(["user", "assistant", "tool"], [row["who"] for row in messages[:3]])
        self.assertIn("calculate", messages[1]["what"])

    @on_the_demo_model
    def test_the_demo_models_prompt_has_the_tools_in_words(self):
        self.assertTrue(self.said("TextView.show(chat.prompt())").startswith("<|system|>\nYou can call these tools:\n"))

    @on_the_real_model
    def test_the_real_models_prompt_has_the_tools_in_words(self):
        self.assertTrue(
            self.said("TextView.show(chat.prompt())").startswith("<|im_start|>system\nYou can call these tools:\n"))

    def test_what_goes_wrong_is_a_sentence(self):
        self.assertEqual(
            ["Error: IllegalStateException: no network.", "la " * 20 + "… (60 of 3,000,000 characters)",
             "Error: there is no tool wether; there are weather, book."],
            self.said("var broken").splitlines())
        self.assertIn(" calls were run\n", self.said("var freely"))

    def test_chats_stay_whole(self):
        self.assertRegex(streams(self.turns, "stdout"), r"^\[[01], [01], [01]\]$")

    @with_solutions
    def test_solutions_hold(self):
        self.assertRegex(streams(self.solved[0], "stdout"), r"^(yes|no)\n$")
        self.assertEqual(["name"], json.loads(streams(self.solved[1], "stdout"))["required"])
        self.assertEqual(
            'This is not a Review: stars has to be an integer from -2147483648 to 2147483647, and is "five".\n',
            streams(self.solved[2], "stdout"))
        self.assertRegex(streams(self.solved[3], "stdout"), r"^(call:   boxes \{fruit=\w+\}\n)+\d messages\n$")


if __name__ == "__main__":
    unittest.main()
