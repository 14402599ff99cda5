"""optimum-intel's side of the comparison: MODEL_DIRECTORY NEW_TOKENS REPETITIONS PROMPT.

Says "first token" at the first token of the process, then the tokens/s of each repetition on the warm model.
"""
import sys
import time

from optimum.intel.openvino import OVModelForCausalLM
from transformers import AutoTokenizer

directory, new_tokens, repetitions, prompt = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
config = {"PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": "1", "CACHE_DIR": ""}


class Clock:
    """A streamer: hears of the prompt first, then of each token."""

    def __init__(self):
        self.times = []

    def put(self, value):
        self.times.append(time.perf_counter())

    def end(self):
        pass


tokenizer = AutoTokenizer.from_pretrained(directory)
model = OVModelForCausalLM.from_pretrained(directory, device="CPU", ov_config=config)
inputs = tokenizer(prompt, return_tensors="pt", add_special_tokens=False)
model.generate(**inputs, max_new_tokens=1, do_sample=False)
print("first token", flush=True)
for repetition in range(repetitions + 1):
    clock = Clock()
    # min_new_tokens: every repetition has the same length.
    model.generate(**inputs, max_new_tokens=new_tokens, min_new_tokens=new_tokens, do_sample=False, streamer=clock)
    tokens = clock.times[1:]
    if repetition > 0:  # the first one is warm-up
        print("tokens/s", (len(tokens) - 1) / (tokens[-1] - tokens[0]), flush=True)
