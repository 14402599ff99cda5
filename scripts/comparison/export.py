"""Compare our exports with those of the documented command, on the demo checkpoint and on random ones.

Both programs export the same checkpoints. Their weights are compared bit by bit, their logits and greedy answers in
OpenVINO's ACCURACY mode; exports at fp16 and fp32 also with transformers' own logits. One line for each comparison.
Checkpoints and the documented exports are kept in OVCHAT_WORK for the next time.
"""
import argparse
import itertools
import logging
import os
import sys
import warnings

# For models as small as these a second thread of torch waits longer than it computes.
os.environ.update(HF_HUB_OFFLINE="1", TQDM_DISABLE="1", OMP_NUM_THREADS="1")
warnings.filterwarnings("ignore")

import numpy  # noqa: E402
import transformers  # noqa: E402
import yaml  # noqa: E402

import checkpoints  # noqa: E402
import directories  # noqa: E402
import exports  # noqa: E402
import originals  # noqa: E402
import programs  # noqa: E402
import runs  # noqa: E402
import weights  # noqa: E402

NAMES = ["demo", *checkpoints.RECIPES]
# Beside int4 and fp16 of all of them: each other format once, fp32 once for each of the oldest architectures, AWQ where it
# does something else (of bf16, f16 and f32; with biases and without). Of those that the documented command does not export,
# fp32 alone.
FORMATS = {
    "demo": ["int4-asym", "int4-awq"], "llama2": ["nf4", "mxfp4", "cb4", "nf4-awq", "cb4-awq"],
    "phi3": ["int4-rows", "int4-awq-asym"], "phi3-128k": ["fp32"], "llama3": ["int4-all", "fp32", "int4-awq"],
    "llama-linear": ["int4-awq-asym"], "llama-f32": ["int8-asym", "fp32", "int4-awq-asym"], "mistral": ["int4-none", "fp32"],
    "qwen2": ["int4-int8-sym", "fp32", "int4-awq"], "qwen2-sharded": ["int8-sym", "int4-awq-none"], "qwen3": ["fp32"],
    "gpt-oss": ["fp32"], "qwen3-moe": ["fp32", "int8-asym", "int4-awq", "int4-all"],
    "granite": ["int4-awq-none"], checkpoints.UNEVEN: ["int4-ignore", "int4-adjust", "int4-adjust-all"],
}
FLOATS = ["fp16", "fp32"]
LOADED = ["demo", "phi3-128k"]
NAMED = [name for name in NAMES if name != "llama-f32"] # whose documented export runs otherwise: see runs.py
QUESTIONS = 20
# Parts of a text of which each sees the ones before in the cache. Tokens cross the window at 48, and the original length at 64.
CACHED = [44, *[1] * 8, 10, *[1] * 4, 20, 1, 1]


def parse():
    parser = argparse.ArgumentParser(
        prog="./scripts/compare --export", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--thorough", action="store_true", help="all formats of all checkpoints, in all programs")
    parser.add_argument("--checkpoint", choices=NAMES, action="append", help="these alone; can be repeated (default: all)")
    parser.add_argument("--java", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--new-tokens", type=int, default=256, help="length of the answers (default: %(default)s)")
    return parser.parse_args()


def dialogues():
    questions = yaml.safe_load((checkpoints.DEMO.parent / "questions.yaml").read_text(encoding="utf-8"))[:QUESTIONS]
    return [[{"role": "user", "content": each["question"]}, {"role": "assistant", "content": each["answer"]}] for each in questions]


def prompts(name):
    """The ids of 20 prompts, and of 20 to answer in batches of one length. Of a random model's all are of one length."""
    if name != "demo":
        random = numpy.random.default_rng(sum(name.encode()))
        lengths = range(6, 6 * QUESTIONS + 1, 6) # past the window and the original length
        return [random.integers(3, 1973, length) for length in lengths], [random.integers(3, 1973, (QUESTIONS, 16))]
    tokenizer = transformers.AutoTokenizer.from_pretrained(checkpoints.DEMO)
    ids = [tokenizer.apply_chat_template(dialogue[:1], add_generation_prompt=True, return_dict=False) for dialogue in dialogues()]
    ids.sort(key=len)
    return ids, [list(batch) for _, batch in itertools.groupby(ids, key=len)]


def against_documented(name, checkpoint, weight_format, ours, options):
    """Rows about two exports of one checkpoint."""
    documented = exports.documented(checkpoint, weight_format)
    matrices = weights.checkpoint_matrices(checkpoint)
    yield from weights.compare(weights.read(documented, matrices), weights.read(ours, matrices))
    yield from weights.compare_activation_factors(documented, ours)
    yield from directories.compare(documented, ours)
    if weight_format == "int4":
        yield programs.compare_configs(documented, ours)
        yield programs.compare_tokenizers(documented, ours, dialogues())
    if weight_format in FLOATS: # their rotary constants are rounded there: transformers is the measure
        return
    single, batches = prompts(name)
    one, two = runs.Model(documented), runs.Model(ours)
    yield runs.same_logits("logits", [(one.start().logits([ids]), two.start().logits([ids])) for ids in single])
    if weight_format == "int4" or options.thorough:
        answers = [[answer for batch in batches for answer in model.greedy(batch, options.new_tokens)] for model in (one, two)]
        yield runs.same_ids("greedy ids", zip(*answers))
    if weight_format == "int4" and name in (NAMED if options.thorough else LOADED):
        asked = [list(map(int, ids)) for batch in batches for ids in batch]
        yield from programs.compare(documented, ours, asked, options.new_tokens)


def against_original(name, checkpoint, weight_format, ours, options):
    """Rows about an export and the checkpoint itself."""
    model, original = runs.Model(ours), originals.Original(checkpoint, weight_format)
    random = numpy.random.default_rng(7)

    def both(*arguments):
        return original.start().logits(*arguments), model.start().logits(*arguments)

    yield runs.same_logits("transformers' logits", [both(random.integers(3, 1973, (1, length))) for length in (5, 40, 200)])
    ids, mask = random.integers(3, 1973, (2, 100)), numpy.ones((2, 100), int)
    mask[1, :37] = 0
    one, two = both(ids, mask)
    yield runs.same_logits("the same, padded left", [(one[mask == 1], two[mask == 1])])
    original.start(), model.start()
    ids, past, pairs = random.integers(3, 1973, (1, sum(CACHED))), 0, []
    for length in CACHED:
        part = ids[:, past:past + length]
        pairs.append((original.logits(part, None, past), model.logits(part, None, past)))
        past += length
    yield runs.same_logits("the same, from the cache", pairs)
    if name in checkpoints.OURS_ALONE:
        asked, _ = prompts(name)
        yield runs.same_ids("transformers' greedy ids", [
            (originals.greedy(original.model, each, options.new_tokens), model.greedy([each], options.new_tokens)[0])
            for each in asked[::10]])


def formats(name, options):
    if name in checkpoints.OURS_ALONE:
        return FLOATS if options.thorough else ["fp32"]
    if name == checkpoints.UNEVEN:
        return FORMATS[name]
    others = [each for each in exports.FORMATS if each != "int4"] if options.thorough else ["fp16", *FORMATS.get(name, [])]
    return ["int4", *others]


def rows(name, options):
    checkpoint = checkpoints.directory(name)
    for weight_format in formats(name, options):
        ours = exports.ours(checkpoint.name, weight_format)
        if name not in checkpoints.OURS_ALONE and (weight_format not in FLOATS or options.thorough):
            yield from ((weight_format, row) for row in against_documented(name, checkpoint, weight_format, ours, options))
        if options.thorough and weight_format == "int4":
            yield weight_format, exports.same_as_the_command(checkpoint, weight_format)
        if weight_format in FLOATS:
            yield from ((weight_format, row) for row in against_original(name, checkpoint, weight_format, ours, options))


def main():
    logging.disable(logging.WARNING)
    transformers.utils.logging.set_verbosity_error()
    options = parse()
    names = options.checkpoint or NAMES
    exports.make_ours(options.java, [(checkpoints.directory(name), each) for name in names for each in formats(name, options)])
    met = []
    for name in names:
        for weight_format, row in rows(name, options):
            print(f"{name:15}{weight_format:16}{row.what:28}{'met' if row.met else 'MISSED':8}{row.figure}", flush=True)
            met.append(row.met)
    print(f"{len(met)} comparisons, {met.count(False)} missed")
    sys.exit(not all(met))


main()
