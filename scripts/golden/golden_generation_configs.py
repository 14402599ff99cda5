"""Make the golden file of generation configs as transformers takes them, in the export's environment:

    .ovchat/venv-export/bin/python scripts/golden/golden_generation_configs.py

Each field of a generation_config.json gets each of some sixty values, alone, and where it matters with sampling and
with beams. A tiny model of random weights answers: what counts is whether transformers raises, or answers as another
file lets it answer: one without the field, or with the value written in the usual way.
"""
import json
import logging
import pathlib
import tempfile
import warnings

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "lib/ovchat/src/test/resources/golden"
VOCABULARY, PROMPT, ROOM = 12, [3, 5, 7, 3, 5], 6
SAMPLED, WITH_BEAMS = {"do_sample": True}, {"num_beams": 3}
CONTEXTS = dict.fromkeys("temperature top_k top_p min_p typical_p num_beams".split(), [{}, SAMPLED])
CONTEXTS |= dict.fromkeys("length_penalty early_stopping do_sample".split(), [{}, WITH_BEAMS])
CONTEXTS |= {"num_return_sequences": [{}, SAMPLED, WITH_BEAMS]}

FIELDS = """max_new_tokens min_new_tokens max_length do_sample temperature top_k top_p min_p typical_p repetition_penalty
no_repeat_ngram_size bad_words_ids num_beams length_penalty early_stopping num_return_sequences eos_token_id
pad_token_id stop_strings prompt_lookup_num_tokens seed presence_penalty frequency_penalty""".split()

VALUES = """null true false 0 1 -1 2 3 4 12 40 -2 0.0 -0.0 1.0 -1.0 2.0 3.0 50.0 0.3 0.5 0.9 1.5 -0.5 NaN Infinity -Infinity
1e400 2147483648 9223372036854775808 "" "1" "0.5" "true" "never" "None" "d" "bd" [] [1] [10] [4,1] [1.0] [-1] [99] [true]
[null] ["d"] ["bd","d"] [""] [[]] [[1]] [[1,3]] [[1.0]] [[-1]] [[99]] [["d"]] {} {"a":1}""".split()

# Without an end, or beyond the memory: more beams, answers or tokens than anybody waits for.
COUNTS = {"max_new_tokens", "max_length", "num_beams", "num_return_sequences", "prompt_lookup_num_tokens",
          "min_new_tokens", "length_penalty"}
HUGE = {"2147483648", "9223372036854775808", "NaN", "Infinity", "1e400"}


def tiny_model():
    torch.manual_seed(5)
    config = LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2,
        max_position_embeddings=64, bos_token_id=0, eos_token_id=None, initializer_range=0.6,
    )
    return LlamaForCausalLM(config).eval()


def tokenizer():
    vocabulary = {letter: number for number, letter in enumerate("abcdefghijkl")}
    letters = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    letters.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    letters.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=letters)


torch.set_num_threads(1)
MODEL, TOKENIZER = tiny_model(), tokenizer()
FOLDER = pathlib.Path(tempfile.mkdtemp())


def answer(text):
    """What generate gives with such a file; None where transformers raises."""
    (FOLDER / "generation_config.json").write_text(text)
    torch.manual_seed(11)
    try:
        MODEL.generation_config = GenerationConfig.from_pretrained(FOLDER)
        ids = torch.tensor([PROMPT])
        return MODEL.generate(ids, attention_mask=torch.ones_like(ids), tokenizer=TOKENIZER).tolist()
    except Exception:
        return None


def file(context, fields):
    """Values are texts of JSON."""
    fields = {name: json.dumps(value) for name, value in context.items()} | fields
    return "{" + ", ".join(f'"{name}": {value}' for name, value in fields.items()) + "}"


def usual(field, value):
    """Other ways to write a value, the likeliest first."""
    known = json.loads(value)
    ways = []
    if isinstance(known, (bool, int, float)) and known == known and abs(known) < 1e9:
        ways += [int(known), float(known), bool(known)] if known == int(known) else [float(known)]
        ways += [[int(known)]]
    elif isinstance(known, list) and all(isinstance(one, (bool, int, float)) for one in known):
        ways += [[int(one) for one in known if 0 <= int(one) < VOCABULARY]]
    ways += [known] + [True] * (field == "do_sample")
    return list(dict.fromkeys(json.dumps(way) for way in ways))


def cases():
    for field in FIELDS:
        for context in CONTEXTS.get(field, [{}]):
            base = {} if field in ("max_new_tokens", "max_length") else {"max_new_tokens": str(ROOM)}
            base |= {} if field == "eos_token_id" else {"eos_token_id": "4"}
            context = {name: value for name, value in context.items() if name != field}
            without = file(context, base)
            for value in VALUES:
                if field in COUNTS and value in HUGE:
                    continue
                written = file(context, base | {field: value})
                yield written, without, [file(context, base | {field: way}) for way in usual(field, value)]


def main():
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    known, golden = {}, []

    def cached(text):
        if text not in known:
            known[text] = answer(text)
        return known[text]

    for written, without, ways in cases():
        result = cached(written)
        as_other = None
        if result is not None:
            same = [without] if result == cached(without) else []
            same += [way for way in ways if way != written and result == cached(way)]
            as_other = same[0] if same else written
        golden.append({"file": written, "as": as_other})
    lines = ",\n".join(json.dumps(case) for case in dict.fromkeys(map(json.dumps, golden)) for case in [json.loads(case)])
    (GOLDEN / "generation-configs.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{len(golden)} files, of which transformers raises over {sum(case['as'] is None for case in golden)}")


if __name__ == "__main__":
    main()
