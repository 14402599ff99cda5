"""transformers' own logits and answers, in f32: what the exports at fp16 and fp32 are compared with."""
import numpy
import torch
from transformers import DynamicCache

import checkpoints
from runs import positions


class Original:
    """A checkpoint computed in f32, of matrices rounded to f16 where the export has them so (for bf16 that changes next to nothing)."""

    def __init__(self, checkpoint, weight_format):
        self.model = checkpoints.original(checkpoint, dtype=torch.float32)
        if weight_format == "fp16":
            with torch.no_grad():
                for parameter in filter(lambda each: each.dim() > 1, self.model.parameters()):
                    parameter.copy_(parameter.half())
        self.start()

    def start(self):
        self.cache = DynamicCache(config=self.model.config)
        return self

    def logits(self, ids, mask=None, past=0):
        """As runs.Model.logits."""
        ids = numpy.asarray(ids)
        if mask is None:
            mask = numpy.ones((len(ids), past + ids.shape[1]), int)
        with torch.no_grad():
            return self.model(
                input_ids=torch.tensor(ids), attention_mask=torch.tensor(mask), past_key_values=self.cache,
                position_ids=torch.tensor(positions(mask)[:, past:])).logits.numpy()


def greedy(model, prompt, new_tokens):
    """The answer of a model of transformers to a prompt; an end token ends nothing."""
    ids, cache, answer = torch.tensor([list(map(int, prompt))]), DynamicCache(config=model.config), []
    while len(answer) < new_tokens:
        with torch.no_grad():
            ids = model(ids, past_key_values=cache).logits[:, -1:].argmax(-1)
        answer.append(int(ids))
    return answer
