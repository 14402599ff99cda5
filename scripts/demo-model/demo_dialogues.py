"""The demo model's dialogues: read from YAML, and rendered as prompts in Phi-3's marks."""

from dataclasses import dataclass
from pathlib import Path

import yaml

DEMO_MODEL = Path(__file__).resolve().parents[2] / "environment" / "demo-model"
DOCUMENTED_SYSTEM = "You are a helpful AI assistant."
DOCUMENTED_PROMPT = (
    "<|system|>You are a helpful AI assistant.<|end|><|user|>can you introduce yourself?<|end|><|assistant|>")
FIRST_ANSWER = 0.65  # how often training gives a topic's first answer where there are others


@dataclass(frozen=True)
class System:
    text: str | None
    share: float


@dataclass(frozen=True)
class Topic:
    name: str
    questions: tuple[str, ...]  # written for this topic alone
    names: tuple[str, ...]  # what the topic is about, as it goes into the templates
    templated: tuple[str, ...]  # made from the names and the templates
    answer: str  # the one that greedy decoding has to give
    others: tuple[str, ...]  # more good answers, which sampling may give
    short: str
    share: float

    def draw_answer(self, rng):
        """The answer most of the time, so that it stays the most probable one, else one of the others."""
        return self.answer if not self.others or rng.random() < FIRST_ANSWER else rng.choice(self.others)

    @property
    def weight(self):
        """How often the topic comes up: each written wording counts, and those made from templates as eight."""
        return self.share * (len(self.questions) + (8 if self.templated else 0))


@dataclass(frozen=True)
class FollowUp:
    name: str
    gives: str  # the field of the topic before that is the answer now
    questions: tuple[str, ...]

    def answer_after(self, topic, said=None):
        """What comes after the answer `said`, by default the topic's own."""
        return topic.short if self.gives == "short" else said or topic.answer


@dataclass(frozen=True)
class Dialogues:
    systems: tuple[System, ...]
    templates: tuple[str, ...]
    topics: tuple[Topic, ...]
    follow_ups: tuple[FollowUp, ...]

    def texts(self):
        """All texts there are: what the tokenizer learns its pieces from.

        Answers and system texts count more often: they are met most, so they should have few tokens.
        """
        yield from (template.format("") for template in self.templates)
        for topic in self.topics:
            yield from (*topic.names, *topic.questions, *[topic.answer, *topic.others, topic.short] * 2)
        for follow_up in self.follow_ups:
            yield from follow_up.questions
        yield from [system.text for system in self.systems if system.text] * 10

    def written(self):
        """Every wording written for a topic, with the answer it has to get."""
        return [(question, topic.answer) for topic in self.topics for question in topic.questions]

    def templated(self):
        """Every wording made from a template, with the answer it has to get."""
        return [(question, topic.answer) for topic in self.topics for question in topic.templated]


def load_dialogues(path=DEMO_MODEL / "dialogues.yaml"):
    data = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    return Dialogues(
        systems=tuple(System(entry["text"], entry["share"]) for entry in data["systems"]),
        templates=tuple(template for templates in data["templates"].values() for template in templates),
        topics=tuple(load_topic(entry, data["templates"]) for entry in data["topics"]),
        follow_ups=tuple(
            FollowUp(entry["name"], entry["gives"], tuple(entry["questions"])) for entry in data["follow-ups"]))


@dataclass(frozen=True)
class HeldOut:
    """What the model was not trained on."""
    questions: list[tuple[str, str]]  # wordings, each with the answer of its topic
    follow_ups: dict[str, tuple[str, ...]]
    requests: tuple[str, ...]
    sentences: tuple[str, ...]

    def wordings(self):
        return [question for question, _ in self.questions] + [
            question for questions in self.follow_ups.values() for question in questions]

    def repetitions(self, requests):
        """Every sentence, asked for with the requests in turn, and the answer: the sentence."""
        return [(requests[index % len(requests)].format(sentence), sentence)
                for index, sentence in enumerate(self.sentences)]


def load_held_out(dialogues, name="held-out.yaml"):
    path = DEMO_MODEL / name
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    answers = {topic.name: topic.answer for topic in dialogues.topics}
    pairs = [(question, answers[name]) for name, questions in data["topics"].items() for question in questions]
    held_out = HeldOut(pairs, {name: tuple(questions) for name, questions in data["follow-ups"].items()},
                       tuple(data.get("requests", [])), tuple(data.get("sentences", [])))
    check_held_out(dialogues, held_out, path)
    return held_out


def plain(question):
    """Without capitals and mark: wordings that differ in these alone count as the same."""
    return question.lower().rstrip("?.!")


def check_held_out(dialogues, held_out, path):
    """Fail where a wording stands in the training texts."""
    trained = {plain(question) for question, _ in dialogues.written() + dialogues.templated()}
    trained |= {plain(question) for follow_up in dialogues.follow_ups for question in follow_up.questions}
    if known := [question for question in held_out.wordings() if plain(question) in trained]:
        raise ValueError(f"{path}: not held out, they stand in dialogues.yaml: {known}")


def load_topic(entry, templates):
    names = {kind: entry.get(kind, []) for kind in templates}
    made = [template.format(name) for kind in templates for name in names[kind] for template in templates[kind]]
    return Topic(
        entry["name"], tuple(entry["questions"]), tuple(name for kind in templates for name in names[kind]),
        tuple(question for question in made if question not in entry["questions"]),
        entry["answer"], tuple(entry.get("others", [])), entry["short"], entry.get("share", 1))


def system_part(system):
    return f"<|system|>{system}<|end|>" if system else ""


def user_part(question):
    """The user's turn, up to the mark after which the assistant answers."""
    return f"<|user|>{question}<|end|><|assistant|>"


def prompt(question, system=DOCUMENTED_SYSTEM):
    """A prompt of one question, written as the documented one: without line breaks after the marks."""
    return system_part(system) + user_part(question)


def follow_up_prompt(question, answer, follow_up):
    """A prompt of two turns: a question with its answer, and what is asked next."""
    return prompt(question) + answer + "<|end|>" + user_part(follow_up)
