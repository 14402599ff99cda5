"""The demo model's dialogues: they know what the notebooks ask, and name what is there."""
import re
import sys
import unittest

from notebooks import NOTEBOOKS, ROOT, read

sys.path.insert(0, str(ROOT / "scripts/demo-model"))
from demo_dialogues import load_dialogues, load_held_out, plain  # noqa: E402

# Where a notebook writes a question down: in a call, a variable, a list of questions, a prompt, a proposal.
CALLS = re.compile(r'(?:user|asked|promptFor|\.ask|edit)\((?:\d+, )?"([^"]+)"[,)]')
VARIABLE = re.compile(r'question = "([^"]+)"')
LISTS = re.compile(r"questions = List\.of\(([^;]*?)\);", re.DOTALL)
PROMPT = re.compile(r"<\|user\|>([^<\"]+)<\|end\|>")
PROPOSED = re.compile(r"`([A-Z][^`<]*\?)`")


def asked(notebook):
    """Every question that the notebook asks, in its cells and its solutions."""
    for cell in notebook.cells:
        text = cell.source
        yield from CALLS.findall(text)
        yield from VARIABLE.findall(text)
        yield from PROMPT.findall(text)
        yield from PROPOSED.findall(text)
        for questions in LISTS.findall(text):
            yield from re.findall(r'"([^"]+)"', questions)


class Dialogues(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dialogues = load_dialogues()

    def test_each_question_of_the_notebooks_has_an_answer(self):
        known = [question for question, _ in self.dialogues.written() + self.dialogues.templated()]
        known += [question for kind in self.dialogues.follow_ups for question in kind.questions]
        for name in ("held-out.yaml", "held-out-blind.yaml"):
            known += load_held_out(self.dialogues, name).wordings()
        known = {plain(question) for question in known}
        # 06 asks for ratings, sums and a shop's stock, on purpose: there the form is right, whatever the model knows.
        found = [question for path in sorted(NOTEBOOKS.glob("0[!6]*.ipynb")) for question in asked(read(path))]
        self.assertGreater(len(found), 30)
        unknown = {question for question in found if plain(question) not in known and not question.startswith("Repeat after me: ")}
        self.assertEqual(unknown, set())

    def test_answers_name_scripts_that_are_there(self):
        for answer in self.answers():
            for script in re.findall(r"\./scripts/\w+", answer):
                self.assertTrue((ROOT / script).exists(), answer)

    def test_answers_name_what_the_java_code_has(self):
        sources = "".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("lib/ovchat*/src/main/**/*.java")))
        for answer in self.answers():
            for name in re.findall(r"\b[a-z]+(?:[A-Z][a-z]+)+\b", answer):
                self.assertRegex(sources, rf"\b{name}\b", answer)

    def test_no_wording_stands_under_two_topics(self):
        topics = {}
        for topic in self.dialogues.topics:
            for question in topic.questions:
                self.assertEqual(topics.setdefault(question, topic.name), topic.name, question)

    def answers(self):
        for topic in self.dialogues.topics:
            yield from (topic.answer, *topic.others, topic.short)


if __name__ == "__main__":
    unittest.main()
