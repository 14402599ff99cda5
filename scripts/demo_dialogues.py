"""The demo model's dialogues: read from YAML, and rendered as prompts in Phi-3's marks."""

from dataclasses import dataclass
from pathlib import Path

import yaml

DEMO_MODEL = Path(__file__).resolve().parent.parent / "environment" / "demo-model"
DOCUMENTED_SYSTEM = "You are a helpful AI assistant."
DOCUMENTED_PROMPT = (
    "<|system|>You are a helpful AI assistant.<|end|><|user|>can you introduce yourself?<|end|><|assistant|>")


@dataclass(frozen=True)
class System:
    text: str | None
    share: float


@dataclass(frozen=True)
class Topic:
    name: str
    questions: tuple[str, ...]
    answer: str


@dataclass(frozen=True)
class Dialogues:
    systems: tuple[System, ...]
    topics: tuple[Topic, ...]

    def texts(self):
        """All texts there are: what the tokenizer learns its pieces from."""
        for topic in self.topics:
            yield from topic.questions
            yield topic.answer
        yield from (system.text for system in self.systems if system.text)

    def pairs(self):
        """Every wording with the answer it has to get."""
        return [(question, topic.answer) for topic in self.topics for question in topic.questions]


def load_dialogues(path=DEMO_MODEL / "dialogues.yaml"):
    data = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    return Dialogues(
        systems=tuple(System(entry["text"], entry["share"]) for entry in data["systems"]),
        topics=tuple(
            Topic(entry["name"], tuple(entry["questions"]), entry["answer"]) for entry in data["topics"]))


def load_held_out(dialogues, path=DEMO_MODEL / "held-out.yaml"):
    """Wordings the model was not trained on, each with the answer of its topic."""
    answers = {topic.name: topic.answer for topic in dialogues.topics}
    wordings = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    pairs = [(question, answers[name]) for name, questions in wordings.items() for question in questions]
    known = {question for question, _ in dialogues.pairs()} & {question for question, _ in pairs}
    if known:
        raise ValueError(f"{path}: not held out, they stand in dialogues.yaml: {sorted(known)}")
    return pairs


def system_part(system):
    return f"<|system|>{system}<|end|>" if system else ""


def user_part(question):
    """The user's turn, up to the mark after which the assistant answers."""
    return f"<|user|>{question}<|end|><|assistant|>"


def prompt(question, system=DOCUMENTED_SYSTEM):
    """A prompt of one question, written as the documented one: without line breaks after the marks."""
    return system_part(system) + user_part(question)
