"""Compare our exports of GGUF files with what transformers reads in them by the gguf package, and with llama.cpp.

Files of the demo checkpoint and of random ones are made in each format. Our export at fp32 has to hold the same weights, to
the bit, and to give the same logits; the export that keeps the format has to be exact where OpenVINO can hold it. With
--llama-cpp the greedy answers are compared with llama.cpp's, too, in full precision: its build takes a quarter of an hour.
Of a file of yours the perplexity of a page and 20 continuations of its paragraphs are compared with transformers', too.
"""
import argparse
import logging
import os
import pathlib
import subprocess
import sys
import warnings

os.environ.update(HF_HUB_OFFLINE="1", TQDM_DISABLE="1")
warnings.filterwarnings("ignore")

import numpy  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402

import checkpoints  # noqa: E402
import exports  # noqa: E402
import gguf_models  # noqa: E402
import originals  # noqa: E402
import runs  # noqa: E402
import weights  # noqa: E402
from folders import WORK  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
# Each architecture but minicpm (the demo model is a phi3) and each format at least once.
MADE = [
    ("demo", "Q4_0"), ("demo", "Q8_0"), ("llama2", "F16"), ("llama2", "Q4_K"), ("llama2", "Q6_K"), ("mistral-full", "Q5_K"),
    ("qwen2-sharded", "Q5_0"), ("qwen2-sharded", "BF16"), ("qwen3", "Q4_1"), ("llama2", "Q2_K"), ("llama2", "Q3_K"),
    ("llama2", "IQ4_NL"), ("llama2", "MXFP4"), ("llama2", "Q5_1"), ("llama2", "F32"), ("smollm3", "F32"), ("granite", "F32"),
    ("olmo2", "F32"), ("gemma2", "F32"), ("gemma3", "F32"), ("exaone4-full", "F32"), ("hunyuan", "F32"),
]
# Those whose files transformers does not read, or without some of the factors: the checkpoint is the measure.
FROM_CHECKPOINT = ("smollm3", "granite", "olmo2", "gemma2", "gemma3", "exaone4-full", "hunyuan")
EXACT = ("F32", "F16", "BF16", "Q4_0", "Q5_0", "Q8_0", "IQ4_NL", "MXFP4")
MOST_DEVIATION = 2 ** -9  # half a step of f16 for a scale, and for a zero point
PROMPTS = 20
PAGE = exports.ROOT / "README.md"
PAGE_TOKENS, PROMPT_TOKENS = 600, 24


def parse():
    parser = argparse.ArgumentParser(
        prog="./scripts/compare --gguf", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False)  # ./scripts/compare looks for --llama-cpp in full
    parser.add_argument("--file", action="append", type=pathlib.Path, help="a GGUF file of yours in place of those made")
    parser.add_argument("--llama-cpp", action="store_true", help="compare greedy answers with llama.cpp's, too")
    parser.add_argument("--new-tokens", type=int, default=64, help="length of the answers (default: %(default)s)")
    parser.add_argument("--java", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--python", help=argparse.SUPPRESS)  # the one that has llama-cpp-python
    return parser.parse_args()


def original(name, file):
    if name in FROM_CHECKPOINT:
        return checkpoints.original(checkpoints.directory(name), dtype=torch.float32).eval()
    return transformers.AutoModelForCausalLM.from_pretrained(
        file.parent, gguf_file=file.name, dtype=torch.float32, attn_implementation="eager").eval()


def same_values(matrices, ours):
    """A row: the weights are the same to the bit."""
    found = weights.read(ours, matrices)
    differ = sum(int((weights.as_bits(matrices[name]) != weights.as_bits(weight.values)).sum()) for name, weight in found.items())
    total = sum(weight.values.size for weight in found.values())
    return weights.Row("values, bits", f"{differ:,} of {total:,} differ", bool(found) and differ == 0)


def near_values(matrices, ours, kind):
    """A row: the weights that kept their format are as near as they have to be."""
    found = weights.read(ours, matrices)
    worst = 0
    for name, weight in found.items():
        restored = weights.dequantized(weight).reshape(matrices[name].shape)
        worst = max(worst, float(numpy.linalg.norm(restored - matrices[name]) / numpy.linalg.norm(matrices[name])))
    types = " ".join(sorted({weight.type for weight in found.values()}))
    most = 0 if kind in EXACT else MOST_DEVIATION
    return weights.Row("kept format", f"{types}, off by {worst:.1e} of the weights", bool(found) and worst <= most)


def same_logits(model, ours, vocabulary):
    random = numpy.random.default_rng(7)
    run, pairs = runs.Model(ours), []
    for length in (5, 40, 200):
        ids = random.integers(3, vocabulary, (1, length))
        with torch.no_grad():
            pairs.append((model(torch.tensor(ids)).logits.numpy(), run.start().logits(ids)))
    return runs.same_logits("transformers' logits", pairs)


def as_llama_cpp(python, file, ours, vocabulary, new_tokens):
    """A row: greedy answers are llama.cpp's, up to a step whose two best logits are nearer than its rounding."""
    random = numpy.random.default_rng(20)
    prompts = [random.integers(3, vocabulary, length).tolist() for length in range(4, 4 + PROMPTS)]
    lines = "".join(" ".join(map(str, prompt)) + "\n" for prompt in prompts)
    done = subprocess.run([python, HERE / "llama_cpp_ids.py", file, str(new_tokens)], input=lines, text=True, stdout=subprocess.PIPE)
    if done.returncode:
        raise SystemExit(f"llama.cpp failed on {file} with exit code {done.returncode}.")
    theirs = [[int(token) for token in line.split()] for line in done.stdout.splitlines()]
    model, wrong, tokens, ends = runs.Model(ours), 0, 0, 0
    for prompt, answer in zip(prompts, theirs):
        mine = model.greedy([prompt], len(answer))[0].tolist()
        step = next((step for step, both in enumerate(zip(mine, answer)) if both[0] != both[1]), len(answer))
        tokens += step
        if step < len(answer):
            last = numpy.sort(model.start().logits([[*prompt, *mine[:step]]])[0, -1])
            near = (last[-1] - last[-2]) / numpy.abs(last).max() <= runs.MOST_DIFFERENCE
            ends, wrong = ends + near, wrong + (not near)
    return weights.Row("llama.cpp's answers", f"{tokens:,} tokens equal, {ends} of {PROMPTS} answers end at a tie, {wrong} differ",
                       wrong == 0 and tokens > 0)


def page(ours):
    """The beginning of README's text in the model's tokens."""
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=str(ours / "tokenizer.json"))
    return tokenizer(PAGE.read_text(encoding="utf-8")).input_ids[:PAGE_TOKENS]


def same_perplexity(model, ours):
    """A row: a page has the same perplexity."""
    ids = torch.tensor([page(ours)])

    def perplexity(logits):
        return float(torch.nn.functional.cross_entropy(logits[0, :-1], ids[0, 1:]).exp())

    with torch.no_grad():
        one = perplexity(model(ids).logits)
    two = perplexity(torch.tensor(runs.Model(ours).start().logits(ids.numpy())))
    return weights.Row("perplexity of a page", f"transformers' {one:.4f}, ours {two:.4f}", abs(two / one - 1) <= runs.MOST_DIFFERENCE)


def same_continuations(model, ours, new_tokens):
    """A row: greedy continuations of pieces of the page are transformers'; an end token ends nothing."""
    ids, mine = page(ours), runs.Model(ours)
    prompts = [ids[start:start + PROMPT_TOKENS] for start in range(0, PROMPTS * PROMPT_TOKENS, PROMPT_TOKENS)]
    return runs.same_ids("continuations", [
        (originals.greedy(model, prompt, new_tokens), mine.greedy([prompt], new_tokens)[0].tolist()) for prompt in prompts])


def main():
    logging.disable(logging.WARNING)
    transformers.utils.logging.set_verbosity_error()
    options = parse()
    files = [(file.stem, "", file.resolve()) for file in options.file or []] or [
        (name, kind, gguf_models.file(name, kind)) for name, kind in MADE]
    work = WORK / "ours-gguf"
    exports.run(["rm", "-rf", work])
    work.mkdir(parents=True)
    targets = {(name, kind, how): work / f"{name}-{kind}-{how}" for name, kind, _ in files for how in ("original", "fp32")}
    exports.run([options.java, "dev.ovchat.cli.Exports"], "\n".join(
        "\t".join(["--model", str(file), "--weight-format", how, str(targets[name, kind, how])])
        for name, kind, file in files for how in ("original", "fp32")))
    met = []
    for name, kind, file in files:
        model = original(name, file)
        matrices = {key: value.numpy() for key, value in model.state_dict().items() if value.ndim == 2}
        vocabulary = model.config.vocab_size
        rows = [same_values(matrices, targets[name, kind, "fp32"]), near_values(matrices, targets[name, kind, "original"], kind),
                same_logits(model, targets[name, kind, "fp32"], vocabulary)]
        if options.file:
            rows += [same_perplexity(model, targets[name, kind, "fp32"]),
                     same_continuations(model, targets[name, kind, "fp32"], options.new_tokens)]
        if options.llama_cpp and kind in ("F32", ""):
            whole = gguf_models.in_f32(file)
            rows.append(as_llama_cpp(options.python, whole, targets[name, kind, "fp32"], vocabulary, options.new_tokens))
        for row in rows:
            print(f"{name:18}{kind:8}{row.what:24}{'met' if row.met else 'MISSED':8}{row.figure}", flush=True)
            met.append(row.met)
    print(f"{len(met)} comparisons, {met.count(False)} missed")
    sys.exit(not all(met))


if __name__ == "__main__":
    main()
