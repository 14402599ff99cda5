"""optimum-intel's side of the comparison: MODEL_DIRECTORY. Its protocol is in peers.py."""
import json
import os
import sys
import time

import torch
from optimum.intel.openvino import OVModelForCausalLM

CONFIG = {"PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": "1", "CACHE_DIR": os.environ.get("BENCH_CACHE_DIR", "")}


class Clock:
    """A streamer: hears of the prompt first, then of each token."""

    def __init__(self):
        self.times = []

    def put(self, value):
        self.times.append(time.perf_counter())

    def end(self):
        pass


def generate(model, new_tokens, ids):
    clock, start = Clock(), time.perf_counter()
    model.generate(
        input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=False, min_new_tokens=new_tokens,
        max_new_tokens=new_tokens, streamer=clock)
    tokens = clock.times[1:]
    return {"tokens": len(tokens), "first_s": tokens[0] - start, "rest_s": tokens[-1] - tokens[0]}


def versions():
    from importlib.metadata import version

    return {name: version(name) for name in ("optimum-intel", "transformers", "torch", "openvino")}


model = OVModelForCausalLM.from_pretrained(sys.argv[1], device="CPU", ov_config=CONFIG)
# As for the others: no end token is looked for.
model.generation_config.eos_token_id = None
for line in sys.stdin:
    kind, *numbers = line.split()
    if kind == "versions":
        answer = versions()
    else:
        new_tokens, *ids = map(int, numbers)
        answer = generate(model, new_tokens, torch.tensor([ids]))
    print(json.dumps(answer), flush=True)
