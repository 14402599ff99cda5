"""openvino-genai's greedy answers: MODEL_DIRECTORY ATTENTION_BACKEND NEW_TOKENS, a prompt's ids on each line of its input."""
import sys

import numpy
import openvino
import openvino_genai

pipeline = openvino_genai.LLMPipeline(
    sys.argv[1], "CPU", ATTENTION_BACKEND=sys.argv[2], EXECUTION_MODE_HINT="ACCURACY", KV_CACHE_PRECISION="f32")
config = openvino_genai.GenerationConfig()
config.min_new_tokens = config.max_new_tokens = int(sys.argv[3])
config.ignore_eos = True
config.do_sample = config.apply_chat_template = False
for line in sys.stdin:
    ids = numpy.array([line.split()], dtype=numpy.int64)
    print(*pipeline.generate(openvino.Tensor(ids), config).tokens[0])
