"""Make the golden files of the tests with the Python originals, in the export's environment:

    .ovchat/venv-export/bin/python scripts/golden/golden.py

Tokenizer: ids and texts of transformers' AutoTokenizer, for the demo model's tokenizer and for a large one of the same
kind, which is learned here from the sources of a few pinned Python packages. Generation: greedy ids of optimum-intel on
the demo model as the documented command exports it, with the documented config and EXECUTION_MODE_HINT=ACCURACY, so that they hold on any
CPU.
"""
import gzip
import json
import pathlib
import sys
import tempfile

import sympy
import torch
import transformers
import yaml
from optimum.intel.openvino import OVModelForCausalLM
from tokenizers import processors
from transformers import AutoTokenizer, Phi3Config

from golden_texts import STRANGE_QUESTIONS, TEXTS

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts/demo-model"), str(ROOT / "scripts/plumbing")]
import demo_tokenizer  # noqa: E402
from demo_dialogues import DEMO_MODEL, prompt  # noqa: E402
from demo_model import documented_demo_model  # noqa: E402

MODEL = documented_demo_model()
GOLDEN = ROOT / "lib/ovchat/src/test/resources/golden"
CONFIG = {"PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": "1", "CACHE_DIR": "", "EXECUTION_MODE_HINT": "ACCURACY"}
MAX_NEW_TOKENS = 256
PHI3_TOKENS = 32011


def write(name, content):
    """One line for each entry, so that a change shows as what it is."""
    if isinstance(content, dict):
        entries = [f"{json.dumps(key)}: {lines(value)}" for key, value in content.items()]
        text = "{\n" + ",\n".join(entries) + "\n}\n"
    else:
        text = lines(content) + "\n"
    (GOLDEN / name).write_text(text, encoding="utf-8")
    print(f"{name}: {len(text):,} characters")


def lines(values):
    return "[\n" + ",\n".join(json.dumps(value) for value in values) + "\n]"


def encoding(tokenizer, text, add_special_tokens):
    ids = tokenizer(text, add_special_tokens=add_special_tokens)["input_ids"]
    return {
        "text": text, "addSpecialTokens": add_special_tokens, "ids": ids,
        "decoded": tokenizer.decode(ids), "decodedWithoutSpecialTokens": tokenizer.decode(ids, skip_special_tokens=True),
    }


def tokenizer_golden(directory):
    """Texts to ids and back, and each id of the vocabulary alone; a text of its own where special tokens are skipped."""
    tokenizer = AutoTokenizer.from_pretrained(directory)
    assert len(TEXTS) == len(set(TEXTS)) >= 200
    ids = range(len(tokenizer))
    return {
        "encodings": [encoding(tokenizer, text, add) for text in TEXTS for add in (True, False)],
        "decodedIds": [tokenizer.decode([id]) for id in ids],
        "decodedIdsWithoutSpecialTokens": [tokenizer.decode([id], skip_special_tokens=True) for id in ids],
    }


def sources():
    """The text at hand: merges run deep in it, and a little of it is in other scripts than Latin."""
    for package in (transformers, torch, sympy):
        for path in sorted(pathlib.Path(package.__file__).parent.rglob("*.py")):
            yield from path.read_text(encoding="utf-8").splitlines()


def save_large_tokenizer(directory):
    """As large as Phi-3's, with Llama's start token, which the demo model's does not add."""
    tokenizer = demo_tokenizer.build(sources(), PHI3_TOKENS)
    assert tokenizer.get_vocab_size() == PHI3_TOKENS
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s> $B:1", special_tokens=[("<s>", tokenizer.token_to_id("<s>"))])
    demo_tokenizer.save(tokenizer, directory)
    # AutoTokenizer reads it as Phi-3's; for a Llama it would make other ids of the same file.
    Phi3Config().save_pretrained(directory)


def generation_case(model, tokenizer, question):
    text = prompt(question)
    inputs = tokenizer(text, return_tensors="pt", add_special_tokens=False)
    with torch.no_grad():
        output = model.generate(
            **inputs, max_new_tokens=MAX_NEW_TOKENS, do_sample=False, output_logits=True, return_dict_in_generate=True)
    best = torch.cat(output.logits).topk(2).values
    return {
        "prompt": text, "maxNewTokens": MAX_NEW_TOKENS, "sequence": output.sequences[0].tolist(),
        "text": tokenizer.batch_decode(output.sequences, skip_special_tokens=True)[0],
        # How far the chosen token was ahead of the next best, at each step.
        "gaps": [round(gap, 4) for gap in (best[:, 0] - best[:, 1]).tolist()],
    }


def questions():
    known = [case["question"] for case in yaml.safe_load((DEMO_MODEL / "questions.yaml").read_text(encoding="utf-8"))]
    return known + STRANGE_QUESTIONS


def main():
    GOLDEN.mkdir(parents=True, exist_ok=True)
    write("demo-tokenizer.json", tokenizer_golden(MODEL))
    with tempfile.TemporaryDirectory() as directory:
        save_large_tokenizer(directory)
        write("large-tokenizer.json", tokenizer_golden(directory))
        content = pathlib.Path(directory, "tokenizer.json").read_bytes()
        # Without a time in it, the same content gives the same file.
        (GOLDEN / "large-tokenizer.gz").write_bytes(gzip.compress(content, mtime=0))
    tokenizer = AutoTokenizer.from_pretrained(MODEL)
    model = OVModelForCausalLM.from_pretrained(MODEL, device="CPU", ov_config=CONFIG)
    write("generation.json", [generation_case(model, tokenizer, question) for question in questions()])


if __name__ == "__main__":
    main()
