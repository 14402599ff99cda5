"""Exported models run over OpenVINO's own API, in full precision. Needs openvino and numpy alone."""
import pathlib
import re

import numpy
import openvino

from weights import Row

# Models exported as fp16 and fp32 ask for a cache of f16 themselves, which ACCURACY leaves so. For models as small as
# these a second thread costs more than it brings.
CONFIG = {"EXECUTION_MODE_HINT": "ACCURACY", "KV_CACHE_PRECISION": "f32", "INFERENCE_NUM_THREADS": 1}
MOST_DIFFERENCE = 1e-3


# In the documented export of an f32 checkpoint the mark is missing that this conversion belongs to a dequantization. Then
# OpenVINO unpacks the weights when it loads them, to products rounded to f16, which alone moves logits by 2e-3.
UNMARKED = re.compile(rb'(/fq_weights_\d+/convert" type="Convert" version="opset1">\s*<data destination_type="f32" />)')
MARK = rb'\1<rt_info><attribute name="decompression" version="0"/></rt_info>'


class Model:
    def __init__(self, directory):
        path = pathlib.Path(directory) / "openvino_model.xml"
        xml = UNMARKED.sub(MARK, path.read_bytes())
        model = openvino.Core().read_model(xml, path.with_suffix(".bin").read_bytes())
        self.request = openvino.Core().compile_model(model, "CPU", CONFIG).create_infer_request()

    def start(self):
        self.request.reset_state()
        return self

    def logits(self, ids, mask=None, past=0):
        """Logits [batch, length, vocabulary] of ids [batch, length]; the mask [batch, past + length] is 1 where none is given.

        Positions count what the mask lets through, as transformers does it for prompts padded on their left.
        """
        ids = numpy.asarray(ids, numpy.int64)
        if mask is None:
            mask = numpy.ones((len(ids), past + ids.shape[1]))
        mask = numpy.asarray(mask, numpy.int64)
        return self.request.infer({
            "input_ids": ids, "attention_mask": mask, "position_ids": positions(mask)[:, past:],
            "beam_idx": numpy.arange(len(ids), dtype=numpy.int32)})["logits"].copy()

    def greedy(self, prompts, new_tokens):
        """The answers [batch, new_tokens] to prompts of one length; an end token ends nothing."""
        self.start()
        ids, past, answer = numpy.asarray(prompts), 0, []
        for _ in range(new_tokens):
            last = self.logits(ids, past=past)[:, -1]
            past += ids.shape[1]
            ids = last.argmax(axis=1)[:, None]
            answer.append(ids[:, 0])
        return numpy.stack(answer, axis=1)


def positions(mask):
    return numpy.maximum(mask.cumsum(axis=1) - 1, 0)


def same_logits(what, pairs):
    """The largest difference of each pair, relative to the largest logit of its first: a row of the table."""
    worst = numpy.max([numpy.abs(one - two).max() / numpy.abs(one).max() for one, two in pairs])
    return Row(what, f"largest difference {worst:.1e} of the largest logit", bool(worst <= MOST_DIFFERENCE))


def same_ids(what, pairs):
    """Whether answers are the same, token by token: a row of the table."""
    pairs = [(list(one), list(two)) for one, two in pairs]
    other = [place for place, (one, two) in enumerate(pairs) if one != two]
    figure = f"{len(pairs) - len(other)} of {len(pairs)} answers, {sum(len(one) for one, _ in pairs):,} tokens"
    if other:
        one, two = pairs[other[0]]
        step = next((step for step, ids in enumerate(zip(one, two)) if ids[0] != ids[1]), min(len(one), len(two)))
        figure += f"; the answer to prompt {other[0]} differs from token {step} on"
    return Row(what, figure, bool(pairs) and not other)
