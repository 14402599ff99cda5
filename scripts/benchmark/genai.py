"""openvino-genai's side of the comparison: MODEL_DIRECTORY_OR_GGUF_FILE ATTENTION_BACKEND. Its protocol is in
peers.py.

With MANY in place of the backend it is its pipeline for many prompts at once. A format for its answers needs the tokenizer
that convert_tokenizer makes, in the model's directory.
"""
import json
import os
import sys
import time

import numpy
import openvino
import openvino_genai

CONFIG = {"PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": "1", "CACHE_DIR": os.environ.get("BENCH_CACHE_DIR", "")}


def greedy(new_tokens):
    config = openvino_genai.GenerationConfig()
    config.min_new_tokens = config.max_new_tokens = new_tokens
    config.ignore_eos = True
    config.do_sample = config.apply_chat_template = False
    return config


def tensor(ids):
    return openvino.Tensor(numpy.array([ids], dtype=numpy.int64))


def structured(new_tokens, schema):
    config = openvino_genai.GenerationConfig(max_new_tokens=new_tokens)
    config.do_sample = config.apply_chat_template = False
    config.structured_output_config = openvino_genai.StructuredOutputConfig(json_schema=schema)
    return config


def generate(pipeline, config, ids):
    result = pipeline.generate(tensor(ids), config)
    first = result.perf_metrics.get_ttft().mean / 1000
    return {
        "tokens": len(result.tokens[0]), "first_s": first,
        "rest_s": result.perf_metrics.get_generate_duration().mean / 1000 - first,
    }


def many(pipeline, prompts):
    ids, configs = [tensor(ids) for _, *ids in prompts], [greedy(new_tokens) for new_tokens, *_ in prompts]
    start = time.perf_counter()
    results = pipeline.generate(ids, configs)
    seconds = time.perf_counter() - start
    return {"tokens": sum(len(result.m_generation_ids[0]) for result in results), "seconds": seconds}


def load(model, backend):
    if backend == "MANY":
        return openvino_genai.ContinuousBatchingPipeline(model, openvino_genai.SchedulerConfig(), "CPU", CONFIG)
    return openvino_genai.LLMPipeline(model, "CPU", ATTENTION_BACKEND=backend, **CONFIG)


pipeline = load(*sys.argv[1:])
for line in sys.stdin:
    kind, *numbers = line.split()
    if kind == "many":
        answer = many(pipeline, [[*map(int, prompt.split())] for prompt in line.removeprefix("many ").split(";")])
    elif kind == "versions":
        answer = {"openvino-genai": openvino_genai.get_version(), "openvino": openvino.get_version()}
    else:
        new_tokens, schema, *ids = numbers if kind == "structured" else [numbers[0], "none", *numbers[1:]]
        config = greedy(int(new_tokens)) if schema == "none" else structured(int(new_tokens), schema)
        answer = generate(pipeline, config, [*map(int, ids)])
    print(json.dumps(answer), flush=True)
