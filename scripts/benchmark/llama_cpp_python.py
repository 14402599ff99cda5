"""llama.cpp's side of the comparison: GGUF_FILE CONTEXT. Its protocol is in peers.py."""
import json
import os
import sys
import time
from importlib.metadata import version

from llama_cpp import Llama

CORES = len(os.sched_getaffinity(0))  # the package takes half of them to generate


def generate(model, new_tokens, ids):
    model.reset()
    times, start = [], time.perf_counter()
    for _ in zip(range(new_tokens), model.generate(ids, temp=0)):  # looks for no end token
        times.append(time.perf_counter())
    return {"tokens": len(times), "first_s": times[0] - start, "rest_s": times[-1] - times[0]}


model = Llama(sys.argv[1], n_ctx=int(sys.argv[2]), n_threads=CORES, n_threads_batch=CORES, verbose=False)
for line in sys.stdin:
    kind, *numbers = line.split()
    if kind == "versions":
        answer = {"llama-cpp-python": version("llama-cpp-python")}
    else:
        new_tokens, *ids = map(int, numbers)
        answer = generate(model, new_tokens, ids)
    print(json.dumps(answer), flush=True)
