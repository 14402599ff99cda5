"""Sentences for the demo model to repeat, drawn from the words and patterns of sentences.yaml."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from demo_dialogues import DEMO_MODEL

LONGEST = 10  # words


@dataclass(frozen=True)
class Sentences:
    requests: tuple[str, ...]
    words: dict[str, tuple[str, ...]]
    patterns: tuple[tuple[str, ...], ...]
    held_out: frozenset[str]  # never drawn, whatever their capital letter and full stop

    def all_words(self):
        return [word for kind in self.words.values() for word in kind]

    def texts(self):
        """What the tokenizer has to know: the requests, and each word often enough to become one token."""
        yield from (request.format("") for request in self.requests)
        yield from [f"{word} {word.capitalize()}" for word in self.all_words()] * 30

    def draw(self, rng):
        """A sentence that is not held out, written in one of the ways people write."""
        while (sentence := self.draw_words(rng)) in self.held_out:
            pass
        # Only first words have a capital. To be met often enough, now and then each word gets one.
        if (chance := rng.random()) < 0.1:
            sentence = sentence.title()
        elif chance < 0.5:
            sentence = sentence.capitalize()
        return sentence + rng.choice(["", "", "."])

    def draw_words(self, rng):
        if rng.random() < 0.5:
            return " ".join(rng.choice(self.words[kind]) for kind in rng.choice(self.patterns))
        return " ".join(rng.choices(self.all_words(), k=rng.randint(1, LONGEST)))

    def draw_turn(self, rng):
        """A request with its sentence, and the answer: the sentence."""
        sentence = self.draw(rng)
        return rng.choice(self.requests).format(sentence), sentence


def bare(sentence):
    """The words alone: two sentences with the same ones count as the same."""
    return sentence.lower().rstrip(".")


def load_sentences(held_out, path=DEMO_MODEL / "sentences.yaml"):
    """The words and patterns, with the sentences that training must not see."""
    data = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    if known := set(held_out.requests) & set(data["requests"]):
        raise ValueError(f"{path}: these requests are held out: {known}")
    return Sentences(
        requests=tuple(data["requests"]),
        words={kind: tuple(words) for kind, words in data["words"].items()},
        patterns=tuple(tuple(pattern.split()) for pattern in data["patterns"]),
        held_out=frozenset(bare(sentence) for sentence in held_out.sentences))
