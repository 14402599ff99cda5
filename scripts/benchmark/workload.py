"""What each process is asked, the same for all programs."""
import json
import random
import statistics
import time

import figures
import peers


def fitting(model, lengths, new_tokens):
    """The lengths, no longer than the context allows."""
    context = json.loads((model / "config.json").read_text(encoding="utf-8"))["max_position_embeddings"]
    if context <= new_tokens:
        raise SystemExit(f"Answers of {new_tokens} tokens do not fit: the model's context is {context}. Take a smaller --new-tokens.")
    fit = sorted({min(length, context - new_tokens) for length in lengths})
    if fit != sorted(lengths):
        print(f"Prompts of {fit} instead of {lengths} tokens: the model's context is {context}.")
    return fit


def ordinary_ids(model):
    """All ids of the vocabulary but those of special and other added tokens."""
    tokenizer = json.loads((model / "tokenizer.json").read_text(encoding="utf-8"))
    return sorted({*tokenizer["model"]["vocab"].values()} - {token["id"] for token in tokenizer["added_tokens"]})


class Workload:
    def __init__(self, model, options):
        self.vocabulary = ordinary_ids(model)
        self.new_tokens, self.repetitions = options.new_tokens, options.repetitions
        self.prompts = fitting(model, options.prompts, options.new_tokens)
        self.context = fitting(model, options.context, options.new_tokens)
        self.lengths = sorted({*self.prompts, *self.context})
        self.longest = self.lengths[-1] + self.new_tokens

    def prompt(self, length, number):
        return random.Random(f"{length} tokens, number {number}").choices(self.vocabulary, k=length)

    def start(self, command):
        """Seconds from spawning a process to its first token."""
        start = time.perf_counter()
        with peers.Program(command) as program:
            program.ask("generate", 1, *self.prompt(min(self.prompts), "start"))
            return time.perf_counter() - start

    def run(self, name, command):
        """All that one process measures."""
        prompt, start = self.prompt(min(self.prompts), "start"), time.perf_counter()
        with peers.Program(command) as program:
            program.ask("generate", 1, *prompt)
            run = {"start_s": time.perf_counter() - start}
            run["prompts"] = {str(length): self.generate(program, length) for length in self.lengths}
            run["memory"] = program.memory()
            if name == peers.OVCHAT:
                run["heap"] = {kind: self.heap(program, kind) for kind in figures.HEAP_BARS}
            run["versions"] = program.ask("versions")
        return run

    def generate(self, program, length):
        answers = [self.answer(program, length, number) for number in range(self.repetitions + 1)]
        return answers[1:]  # the first one is warm-up

    def answer(self, program, length, number):
        answer = program.ask("generate", self.new_tokens, *self.prompt(length, number))
        if answer["tokens"] != self.new_tokens:
            reason = f"made {answer['tokens']} tokens instead of {self.new_tokens}"
            raise peers.Failed(f"{' '.join(program.command)} {reason}.", reason)
        return answer

    def heap(self, program, kind):
        """Bytes for each token, from two lengths."""
        prompt, values = self.prompt(min(self.prompts), "heap"), []
        for _ in range(self.repetitions + 1):
            short, long = (program.ask(kind, tokens, *prompt) for tokens in (self.new_tokens // 2, self.new_tokens))
            values.append((long["bytes"] - short["bytes"]) / (long["tokens"] - short["tokens"]))
        return statistics.median(values[1:])  # the first one is warm-up
