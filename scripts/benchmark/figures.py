"""What the figures are:

  tokens/s              new tokens after the first over the time after the first, in a warm process: a generation of the
                        same length came before. Each prompt has other ids, since openvino-genai would find the ones it
                        has read in its cache. All programs get the same ids, and none looks for end tokens.
  first token           seconds from the call to the first token, in the same generations.
  process start         seconds from spawning the process until its first token is known, on the shortest prompt, with
                        the weights in the page cache. All but optimum-intel load the model's tokenizer, too.
  …, class archive      the same of ovchat with an archive of its classes (-XX:SharedArchiveFile), against the same start
                        of the others.
  tokens/s at …         tokens/s on a long prompt over that on a short one: what a growing context costs.
  memory                resident memory (VmRSS) after all generations but the heap's, less the size of the file that the
                        program has its weights from. Pages of mapped files count for all. The peak is VmHWM instead.
                        --json also has RssAnon.
  Java heap             what all threads allocate: the difference of two lengths, by token.

A process's figure is the median of its repetitions, a value in the table the median of all processes. A ratio is the
median over the rounds, in each of which every program ran once; above 1, ovchat is the better one.

What runs: ovchat, optimum-intel and genai, with its attention backends SDPA and PA, on the same model directory. With a
GGUF file that is the export that keeps its weights. Then there are ovchat-int4, which is ovchat on an export to int4 in
groups of 64, and genai-gguf (PA, too) and llama-cpp, which read the file itself.
"""
import statistics

from peers import GENAI_PA, GENAI_SDPA, OPTIMUM, OVCHAT

# The ratios that ovchat has to reach, by how the figure's name begins.
BARS = (
    # figure                        model        against
    ("tokens/s, prompt of",         "demo",      {OPTIMUM: 2.2, GENAI_SDPA: 1.0, GENAI_PA: 0.95}),
    ("tokens/s, prompt of",         "phi3-mini", {OPTIMUM: 1.0, GENAI_SDPA: 1.0, GENAI_PA: 1.0}),
    ("first token, prompt of 1024", "any",       {GENAI_SDPA: 1.0, GENAI_PA: 1.0}),
    ("process start",               "any",       {OPTIMUM: 2.5, GENAI_SDPA: 1.05, GENAI_PA: 1.05}),
    ("tokens/s at",                 "any",       {OPTIMUM: 1.0}),
    ("memory over",                 "any",       {GENAI_SDPA: 1.0, GENAI_PA: 1.0}),
)
# The bytes for each token that ovchat has to stay below.
HEAP_BARS = {"heap": 1024, "heap-text": 2048}
HEAP_NAMES = {"heap": "Java heap per token", "heap-text": "Java heap per token, as text"}
COLUMNS = "{:34} {:>12}   {:14} {:>12} {:>7}   {:>9}  {}"


def rate(run, length):
    return statistics.median((answer["tokens"] - 1) / answer["rest_s"] for answer in run["prompts"][str(length)])


def first_token(run, length):
    return statistics.median(answer["first_s"] for answer in run["prompts"][str(length)])


def definitions(result):
    """Name, how it is written, whether more is better, and how it comes from a process's measurements."""
    for length in result["prompts"]:
        yield f"tokens/s, prompt of {length}", "{:.1f}", True, lambda run, length=length: rate(run, length)
    for length in result["prompts"]:
        yield f"first token, prompt of {length}", "{:.1f} ms", False, lambda run, length=length: first_token(run, length) * 1000
    yield "process start to first token", "{:.2f} s", False, lambda run: run["start_s"]
    if all("archived_start_s" in runs[OVCHAT] for runs in result["rounds"]):
        yield "process start, class archive", "{:.2f} s", False, lambda run: run.get("archived_start_s", run["start_s"])
    if len(result["context"]) == 2:
        short, long = result["context"]
        yield f"tokens/s at {long} over at {short}", "{:.3f}", True, lambda run: rate(run, long) / rate(run, short)
    yield "memory over the weights", "{:.0f} MB", False, lambda run: (run["memory"]["VmRSS"] - run["weights_bytes"]) / 1e6
    yield "peak memory over the weights", "{:.0f} MB", False, lambda run: (run["memory"]["VmHWM"] - run["weights_bytes"]) / 1e6


def bar(name, model, peer):
    return next((bars.get(peer) for figure, of, bars in BARS if name.startswith(figure) and of in (model, "any")), None)


def compare(result, peer, more_is_better, measure):
    """The peer's median, and the median of the rounds' ratios."""
    pairs = [(measure(runs[OVCHAT]), measure(runs[peer])) for runs in result["rounds"]]
    ratios = [ours / theirs if more_is_better else theirs / ours for ours, theirs in pairs]
    return statistics.median(theirs for _, theirs in pairs), statistics.median(ratios)


def verdict(met):
    return "met" if met else "MISSED"


def table(result):
    """The lines of the table; what could not be measured comes last, with the reason."""
    compared = [peer for peer in result["peers"] if peer not in result["failed"]]
    yield COLUMNS.format("figure", "ovchat", "against", "its figure", "ratio", "at least", "").rstrip()
    for name, form, more_is_better, measure in definitions(result):
        ours = form.format(statistics.median(measure(runs[OVCHAT]) for runs in result["rounds"]))
        if not compared:
            yield COLUMNS.format(name, ours, "", "", "", "", "").rstrip()
        for peer in compared:
            theirs, ratio = compare(result, peer, more_is_better, measure)
            least = bar(name, result["model"], peer)
            bar_cells = ("", "") if least is None else (f"{least:.2f}", verdict(ratio >= least))
            yield COLUMNS.format(name, ours, peer, form.format(theirs), f"{ratio:.2f}", *bar_cells).rstrip()
    for kind, most in HEAP_BARS.items():
        value = statistics.median(runs[OVCHAT]["heap"][kind] for runs in result["rounds"])
        yield COLUMNS.format(HEAP_NAMES[kind], f"{value:.0f} B", "", "", "", f"< {most}", verdict(value < most))
    for peer, reason in result["failed"].items():
        yield f"{COLUMNS.format('cannot run this model', '', peer, '', '', '', '').rstrip()}   {reason}"
