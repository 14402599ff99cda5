"""Make the golden file of what a generation looks like from inside, in the export's environment:

    .ovchat/venv-export/bin/python scripts/golden/golden_inside.py

On the demo model as the documented command exports it, in full precision: logits of a forward pass, log-likelihood and
perplexity of texts by torch's cross entropy (as in transformers' "Perplexity of fixed-length models"), and for each
step of optimum-intel's generate the best candidates and the entropy, before the logits processors (output_logits) and
after them (output_scores). Logarithms are natural. A logit that is ruled out (-inf) is null in the file.

Candidates end where the next one is so near that rounding decides which comes first.
"""
import json
import math

import torch
from optimum.intel.openvino import OVModelForCausalLM
from torch.distributions import Categorical
from torch.nn.functional import cross_entropy
from transformers import AutoTokenizer, logging

import golden
from demo_dialogues import prompt

GOLDEN = golden.GOLDEN / "inside.json"
QUESTION = "can you introduce yourself?"
TEXTS = {
    "a dialogue of the training": prompt(QUESTION) + "I am ovchat's small demo model.<|end|>",
    "the marks alone": "<|system|><|end|><|user|><|end|><|assistant|>",
    "a sentence that it never saw": "The quick brown fox jumps over the lazy dog, 12 times; naïve café!",
    "two tokens": "You are",
    "long": prompt(QUESTION) * 24,
}
STRIDE = 16  # of the vocabulary, in the rows that are kept
CANDIDATES, NEAR = 5, 1e-3
CONFIGS = [
    {"do_sample": False},
    {"do_sample": False, "repetition_penalty": 1.5, "no_repeat_ngram_size": 2, "bad_words_ids": [[407], [947, 512]]},
    {"do_sample": False, "min_new_tokens": 48},
    {"do_sample": True, "temperature": 3.0, "top_k": 0},
    {"do_sample": True, "temperature": 2.0, "top_k": 20, "top_p": 0.9},
    {"do_sample": True, "temperature": 2.5, "top_k": 0, "min_p": 0.01, "repetition_penalty": 1.2},
]


def number(value):
    """The shortest decimal that is this 32-bit number; null for minus infinity."""
    assert not math.isnan(value)
    return None if value == -math.inf else float(f"{value:.9g}")


def numbers(values):
    return [number(value) for value in values.tolist()]


def forward(model, ids):
    """Logits [tokens, vocabulary]."""
    with torch.no_grad():
        inputs = torch.tensor([ids])
        return model(input_ids=inputs, attention_mask=torch.ones_like(inputs)).logits[0].float()


def text_case(model, tokenizer, name, text):
    """The sum of exponentials takes in each logit of a row, also of those that are not kept."""
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    logits = forward(model, ids)
    losses = cross_entropy(logits[:-1], torch.tensor(ids[1:]), reduction="none")
    kept = sorted({0, len(ids) // 2, len(ids) - 1})
    return {
        "name": name, "ids": ids, "likeliest": logits.argmax(-1).tolist(), "logSums": numbers(logits.logsumexp(-1)),
        "stride": STRIDE, "rows": [{"place": place, "logits": numbers(logits[place, ::STRIDE])} for place in kept],
        "logProbabilities": numbers(-losses), "logLikelihood": number(-losses.double().sum().item()),
        "perplexity": number(losses.double().mean().exp().item()),
    }


def step(id, logits, scores):
    logits, scores = logits[0].float(), scores[0].float()
    before, after = logits.softmax(-1), scores.softmax(-1)
    best = logits.topk(CANDIDATES + 1)
    gaps = (best.values[:-1] - best.values[1:]).tolist()
    clear = next((place for place, gap in enumerate(gaps) if gap < NEAR), CANDIDATES)
    return {
        "id": id, "probability": number(before[id].item()), "processedProbability": number(after[id].item()),
        "entropy": number(Categorical(logits=logits).entropy().item()),
        "processedEntropy": number(Categorical(logits=scores).entropy().item()),
        "candidates": [
            {"id": other, "logit": number(logits[other].item()), "probability": number(before[other].item()),
             "processedLogit": number(scores[other].item()), "processedProbability": number(after[other].item())}
            for other in best.indices[:clear].tolist()],
    }


def generation_case(model, tokenizer, fields):
    inputs = tokenizer(prompt(QUESTION), return_tensors="pt", add_special_tokens=False)
    size = inputs["input_ids"].shape[1]
    fields = {"max_new_tokens": 50} | fields
    torch.manual_seed(3)
    output = model.generate(
        **inputs, **fields, output_logits=True, output_scores=True, return_dict_in_generate=True)
    sequence = output.sequences[0].tolist()
    config = json.dumps(fields | {"eos_token_id": model.generation_config.eos_token_id})
    return {
        "config": config, "sampled": fields["do_sample"], "prompt": sequence[:size],
        "steps": [step(*parts) for parts in zip(sequence[size:], output.logits, output.scores, strict=True)],
    }


def main():
    logging.set_verbosity_error()
    tokenizer = AutoTokenizer.from_pretrained(golden.MODEL)
    model = OVModelForCausalLM.from_pretrained(golden.MODEL, device="CPU", ov_config=golden.CONFIG)
    golden.write(GOLDEN.name, {
        "texts": [text_case(model, tokenizer, name, text) for name, text in TEXTS.items()],
        "generations": [generation_case(model, tokenizer, fields) for fields in CONFIGS],
    })


if __name__ == "__main__":
    main()
