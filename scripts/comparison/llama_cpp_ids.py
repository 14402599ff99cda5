"""The greedy answers of llama.cpp to prompts of ids, one a line, as ids: in full precision, an end token ends nothing."""
import sys

from llama_cpp import Llama

file, new_tokens = sys.argv[1], int(sys.argv[2])
model = Llama(file, n_ctx=1024, n_batch=512, logits_all=True, verbose=False, type_k=0, type_v=0)  # a cache of f32
for line in sys.stdin:
    model.reset()
    model.eval([int(token) for token in line.split()])
    answer = []
    while len(answer) < new_tokens:
        answer.append(int(model.scores[model.n_tokens - 1].argmax()))
        model.eval([answer[-1]])
    print(*answer, flush=True)
