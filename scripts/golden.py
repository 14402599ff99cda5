"""Make the golden files of the tests with the Python originals, in the export's environment:

    .ovchat/venv-export/bin/python scripts/golden.py

Tokenizer: ids and texts of transformers' AutoTokenizer. Generation: greedy ids of optimum-intel with the documented
config and EXECUTION_MODE_HINT=ACCURACY, so that they hold on any CPU. Both on the demo model's shipped export.
"""
import json
import pathlib

import torch
import yaml
from optimum.intel.openvino import OVModelForCausalLM
from transformers import AutoTokenizer

from demo_dialogues import prompt

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODEL = ROOT / "environment/demo-model/int4"
GOLDEN = ROOT / "lib/ovchat/src/test/resources/golden"
CONFIG = {"PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": "1", "CACHE_DIR": "", "EXECUTION_MODE_HINT": "ACCURACY"}
MAX_NEW_TOKENS = 256

TEXTS = [
    "", " ", "   ", "\n", "a", " a", "a ", "  two  spaces  ", "Hello, world!", "can you introduce yourself?",
    "<s>", "</s>", "<unk>", "<s>a</s>", "<|end|>", "<|end|>\n", "\n<|end|>\n\n", "<|end|> \n a", "a<|end|>b",
    "<|user|>\nhello<|end|>\n<|assistant|>\n", "<|user|>hello<|end|><|assistant|>", "<|endoftext|>\n", "<|end", "|>",
    "if (a) {\n    b();\n}\n", "\tint i = 0;\r\n", "def f(x):\n    return x ** 2", "0123456789 3.14 -1e-9",
    "emoji 🙂 👩‍👩‍👧 🇩🇪", "e\u0301 é ñ ü ß", "日本語 中文 한국어", "العربية עברית हिन्दी", "\u00a0\u200b\ufeff", "ﬁ ① Ⅷ",
    "Kode ini mengekspor model ke format OpenVINO.", "Msimbo huu unasafirisha modeli kwa muundo wa OpenVINO.",
    "PERFORMANCE_HINT=LATENCY, NUM_STREAMS=1, CACHE_DIR=\"\"", "\x00\x01\x7f", "word " * 700,
]


def write(name, cases):
    GOLDEN.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(case) for case in cases)
    (GOLDEN / name).write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{name}: {len(cases)} cases")


def tokenizer_case(tokenizer, text, add_special_tokens):
    ids = tokenizer(text, add_special_tokens=add_special_tokens)["input_ids"]
    return {
        "text": text, "addSpecialTokens": add_special_tokens, "ids": ids,
        "decoded": tokenizer.decode(ids), "decodedWithoutSpecialTokens": tokenizer.decode(ids, skip_special_tokens=True),
    }


def generation_case(model, tokenizer, question):
    text = prompt(question)
    inputs = tokenizer(text, return_tensors="pt", add_special_tokens=False)
    with torch.no_grad():
        sequence = model.generate(**inputs, max_new_tokens=MAX_NEW_TOKENS, do_sample=False)
    return {
        "prompt": text, "maxNewTokens": MAX_NEW_TOKENS, "sequence": sequence[0].tolist(),
        "text": tokenizer.batch_decode(sequence, skip_special_tokens=True)[0],
    }


def questions():
    # Beside those that the model was trained on, some that lead it off its paths.
    known = [case["question"] for case in yaml.safe_load((MODEL.parent / "questions.yaml").read_text())]
    return known + ["Please count from one to a hundred.", "xyzzy", "🙂🙂🙂", "Write a long story about the sea and the wind."]


tokenizer = AutoTokenizer.from_pretrained(MODEL)
write("tokenizer.json", [tokenizer_case(tokenizer, text, add) for text in TEXTS for add in (True, False)])
model = OVModelForCausalLM.from_pretrained(MODEL, device="CPU", ov_config=CONFIG)
write("generation.json", [generation_case(model, tokenizer, question) for question in questions()])
