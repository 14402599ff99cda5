"""Make the golden file of the logits processors with transformers, in the export's environment:

    .ovchat/venv-export/bin/python scripts/golden/golden_processors.py

Single processors, chains of them that transformers makes of a generation config, and optimum-intel's answers with such
configs on the demo model as the documented command exports it. The presence and frequency
penalties, which transformers lacks, are computed by the formula in OpenAI's API reference. Logits are made with a seed.
A token that is ruled out (-inf) is null in the file.

What torch leaves to the CPU is kept out of it. Of equal logits its sort may put any first; here, the one with the lower
id comes first, as with a stable sort. And where a limit falls so near to a sum of probabilities that 32 and 64 bits give
other tokens, the case is left out.
"""
import collections
import functools
import json
import math
import random

import torch
from optimum.intel.openvino import OVModelForCausalLM
from transformers import AutoTokenizer, GenerationConfig, GenerationMixin, logging
from transformers.generation import (
    MinNewTokensLengthLogitsProcessor, MinPLogitsWarper, NoBadWordsLogitsProcessor, NoRepeatNGramLogitsProcessor,
    RepetitionPenaltyLogitsProcessor, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper, TypicalLogitsWarper)

import golden
from demo_dialogues import prompt

GOLDEN = golden.GOLDEN / "processors.json"
RANDOM = random.Random(5)
CHAINS = 150
INF = math.inf


def noise(size, spread=3.0):
    return [RANDOM.gauss(0, spread) for _ in range(size)]


ROWS = {
    "noise": noise(40),
    "flat": noise(40, 0.3),
    "wide": noise(400),
    "ties": [RANDOM.choice([-1.0, 0.0, 0.5, 2.0]) for _ in range(30)],
    "equal": [0.7] * 10,
    "partly ruled out": [value if RANDOM.random() < 0.4 else -INF for value in noise(40)],
    "one left": [-INF] * 7 + [0.2] + [-INF] * 4,
    "all ruled out": [-INF] * 8,
    "steep": [40.0] + [-40.0] * 11,
    "signed zeros": [0.0, -0.0, 0.0, -0.0, 1.0, -1.0, -0.0, 0.0],
    "one token": [0.3],
    "two tokens": [-1.0, 1.0],
    "huge": [3e38, -3e38, 1e38, 0.0, -1e38, 2e38],
}
# Prompt and answer; where a row is shorter, the ids are taken modulo its size.
IDS, PROMPT_SIZE = [3, 5, 3, 5, 9, 1, 3, 5, 9, 9, 1, 9, 3, 5], 6


def number(value):
    """The shortest decimal that is this 32-bit number; null for a token that is ruled out."""
    assert not math.isnan(value)
    return None if value == -INF else float(f"{value:.9g}")


def case(row, processors, ids=None, prompt_size=PROMPT_SIZE, **how):
    """One entry; nothing where the precision decides."""
    logits = torch.tensor([ROWS[row]], dtype=torch.float32)
    ids = [id % logits.shape[-1] for id in (IDS if ids is None else ids)]
    expected = processors(torch.tensor([ids]), logits.clone())[0]
    exact = processors(torch.tensor([ids]), logits.double())[0]
    if not torch.equal(expected == -INF, exact == -INF):
        return None
    expected = [number(value) for value in expected.tolist()]
    return how | {"row": row, "ids": ids, "promptSize": prompt_size, "expected": expected}


def single(row, made, **how):
    unused = {"processor": type(made).__name__, "value": 0, "frequency": 0, "minTokensToKeep": 1,
              "badWordsIds": [], "eosTokenIds": []}
    return case(row, made, **unused | how)


def warper(row, processor, value, keep=1, **more):
    """A processor with one number; some of them also take how many tokens to keep at least."""
    made = processor(value) if keep is None else processor(value, min_tokens_to_keep=keep)
    return single(row, made, value=value, minTokensToKeep=keep or 1, **more)


def warpers():
    for row, logits in ROWS.items():
        short = len(logits) < 100
        for temperature in (0.01, 0.7, 1.0, 1.3, 100.0) if row != "huge" else (1.5,):
            if short:
                yield warper(row, TemperatureLogitsWarper, temperature, keep=None)
        for top_k in (1, 2, 7, 50, 5000):
            yield warper(row, TopKLogitsWarper, top_k)
        yield warper(row, TopKLogitsWarper, 2, keep=4)
        for keep in (1, 3, 2000) if short else (1,):
            for top_p in (0.0, 1e-7, 0.001, 0.1, 0.3, 0.5, 0.9, 0.95, 0.999999, 1.0):
                yield warper(row, TopPLogitsWarper, top_p, keep)
            for typical_p in (1e-7, 0.01, 0.2, 0.5, 0.9, 0.999999):
                yield warper(row, TypicalLogitsWarper, typical_p, keep)
            for min_p in (0.0, 1e-7, 0.05, 0.5, 0.999, 1.0):
                # Of equal probabilities torch keeps any.
                if keep == 1 or len(set(torch.tensor(logits).softmax(-1).tolist())) == len(logits):
                    yield warper(row, MinPLogitsWarper, min_p, keep)


def penalties():
    for row in ("noise", "ties", "partly ruled out", "signed zeros", "one token", "two tokens"):
        for penalty in (0.5, 1.2, 3.0):
            yield warper(row, RepetitionPenaltyLogitsProcessor, penalty, keep=None)
        for presence, frequency in ((0.0, 0.3), (0.6, 0.0), (1.5, 0.7), (-2.0, -0.1)):
            def formula(ids, logits):
                counts = collections.Counter(ids[0, PROMPT_SIZE:].tolist())
                exact = [value - counts[id] * frequency - (counts[id] > 0) * presence
                         for id, value in enumerate(logits[0].tolist())]
                return torch.tensor([exact], dtype=torch.float32)
            yield single(row, formula, processor="PresenceAndFrequencyPenaltyProcessor", value=presence,
                       frequency=frequency)


def bans():
    for row in ("noise", "partly ruled out", "two tokens", "one token"):
        for size in (1, 2, 3, 4, 14, 15, 16, 99):
            yield warper(row, NoRepeatNGramLogitsProcessor, size, keep=None)
        yield warper(row, NoRepeatNGramLogitsProcessor, 2, keep=None, ids=[7], prompt_size=1)
    words = [[2], [7], [3, 5, 11], [5, 12], [4, 5, 13], [9, 3, 5, 9], [1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 7, 6, 5, 4, 3]]
    for ids in (IDS, [5], [3, 5], [9]):
        for eos in ([7], [2, 7], [30]):
            yield single("noise", NoBadWordsLogitsProcessor(words, eos), ids=ids, prompt_size=1,
                       badWordsIds=words, eosTokenIds=eos)
    answer = len(IDS) - PROMPT_SIZE
    for least in (0, 1, answer, answer + 1, 100):
        for eos in ([7], [2, 7, 31], [39, 1000]):
            made = MinNewTokensLengthLogitsProcessor(PROMPT_SIZE, least, eos)
            yield single("noise", made, value=least, eosTokenIds=eos)


def chain(row, **fields):
    """What transformers makes of a config: the processors in its order."""
    fields = {"eos_token_id": [7, 2]} | fields
    config = GenerationConfig(**fields)
    config.update(**config._get_default_generation_params(), defaults_only=True)
    config._eos_token_tensor = torch.tensor(fields["eos_token_id"])
    processors = GenerationMixin()._get_logits_processor(config, input_ids_seq_length=PROMPT_SIZE, device="cpu")
    names = [type(processor).__name__ for processor in processors]
    return case(row, processors, config=json.dumps(fields), chain=names)


def any_of(**choices):
    """Each field with a chance of one in two."""
    return {field: RANDOM.choice(values) for field, values in choices.items() if RANDOM.random() < 0.5}


def chains():
    yield chain("noise")
    yield chain("noise", do_sample=True)
    yield chain("noise", do_sample=True, top_k=0)
    yield chain("wide", do_sample=True, temperature=0.8, top_p=0.9)
    yield chain("wide", do_sample=True, temperature=1.5, top_k=0, top_p=0.95, min_p=0.02, typical_p=0.9)
    yield chain("noise", temperature=0.3, top_k=3, top_p=0.5, min_p=0.5, typical_p=0.5)
    yield chain("noise", do_sample=True, temperature=0.7, top_k=12, top_p=0.9, min_p=0.01, typical_p=0.95,
                repetition_penalty=1.3, no_repeat_ngram_size=3, bad_words_ids=[[4], [5, 6]], min_new_tokens=20)
    for _ in range(CHAINS):
        yield chain(
            RANDOM.choice(["noise", "flat", "ties", "partly ruled out"]), do_sample=RANDOM.random() < 0.8,
            **any_of(
                temperature=[0.3, 0.7, 1.0, 1.7], top_k=[0, 1, 5, 20, 100], top_p=[0.1, 0.5, 0.8, 0.95, 1.0],
                min_p=[0.0, 0.02, 0.1, 0.4], typical_p=[0.2, 0.6, 0.9, 1.0], repetition_penalty=[0.7, 1.0, 1.1, 2.0],
                no_repeat_ngram_size=[0, 1, 2, 3], bad_words_ids=[[[4]], [[7], [3, 5, 0]], [[5, 1], [8], [2]]],
                min_new_tokens=[0, 3, 9, 30], num_beams=[1, 2, 3]))


def generations():
    """Answers that are not sampled, in full precision: they hold on any CPU."""
    tokenizer = AutoTokenizer.from_pretrained(golden.MODEL)
    model = OVModelForCausalLM.from_pretrained(golden.MODEL, device="CPU", ov_config=golden.CONFIG)
    for question in ("can you introduce yourself?", "Who are you?", "Tell me about the tokenizer."):
        inputs = tokenizer(prompt(question), return_tensors="pt", add_special_tokens=False)
        for fields in (
                {"repetition_penalty": 1.5}, {"no_repeat_ngram_size": 2}, {"min_new_tokens": 70},
                {"bad_words_ids": [[407], [947, 512], [1290, 407]]},
                {"repetition_penalty": 1.2, "no_repeat_ngram_size": 3, "min_new_tokens": 20, "bad_words_ids": [[272]]}):
            fields = {"max_new_tokens": 80} | fields
            sequence = model.generate(**inputs, **fields, do_sample=False)[0].tolist()
            size = inputs["input_ids"].shape[1]
            config = json.dumps(fields | {"eos_token_id": model.generation_config.eos_token_id})
            yield {"config": config, "prompt": sequence[:size], "answer": sequence[size:]}


def main():
    logging.set_verbosity_error()
    torch.sort = functools.partial(torch.sort, stable=True)
    rows = [{"name": name, "logits": [number(value) for value in torch.tensor(row, dtype=torch.float32).tolist()]}
            for name, row in ROWS.items()]
    singles, chained = [*warpers(), *penalties(), *bans()], list(chains())
    parts = {"rows": rows, "singles": list(filter(None, singles)), "chains": list(filter(None, chained)),
             "generations": list(generations())}
    text = "{\n" + ",\n".join(
        f'"{name}": [\n' + ",\n".join(json.dumps(entry) for entry in entries) + "\n]" for name, entries in parts.items())
    GOLDEN.write_text(text + "\n}\n", encoding="utf-8")
    print(f"{GOLDEN.name}: {len(text):,} characters")
    print(f"{len(parts['singles'])} of {len(singles)} single processors, {len(parts['chains'])} of {len(chained)} chains")


if __name__ == "__main__":
    main()
