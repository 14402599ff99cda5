"""openvino-genai's side of the comparison: MODEL_DIRECTORY_OR_GGUF_FILE ATTENTION_BACKEND. Its protocol is in peers.py."""
import json
import sys

import numpy
import openvino
import openvino_genai

CONFIG = {"PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": "1", "CACHE_DIR": ""}


def generate(pipeline, new_tokens, ids):
    config = openvino_genai.GenerationConfig()
    config.min_new_tokens = config.max_new_tokens = new_tokens
    config.ignore_eos = True
    config.do_sample = config.apply_chat_template = False
    result = pipeline.generate(openvino.Tensor(numpy.array([ids], dtype=numpy.int64)), config)
    first = result.perf_metrics.get_ttft().mean / 1000
    return {
        "tokens": len(result.tokens[0]), "first_s": first,
        "rest_s": result.perf_metrics.get_generate_duration().mean / 1000 - first,
    }


pipeline = openvino_genai.LLMPipeline(sys.argv[1], "CPU", ATTENTION_BACKEND=sys.argv[2], **CONFIG)
for line in sys.stdin:
    kind, *numbers = line.split()
    if kind == "versions":
        answer = {"openvino-genai": openvino_genai.get_version(), "openvino": openvino.get_version()}
    else:
        new_tokens, *ids = map(int, numbers)
        answer = generate(pipeline, new_tokens, ids)
    print(json.dumps(answer), flush=True)
