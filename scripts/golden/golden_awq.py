"""Make the golden file of data-free AWQ, in the export's environment:

    .ovchat/venv-export/bin/python scripts/golden/golden_awq.py

Two kinds of cases. Feed-forward parts of one layer, with columns chosen for what could go wrong, go through NNCF's
compress_weights as f32, f16 and bf16: the first matrix that is scaled back is left as floats, so that their rounding shows.
Then small checkpoints go through the documented command: a digest of each constant that AWQ may change. Bytes are in base64.
"""
import base64
import gzip
import hashlib
import json
import logging
import pathlib
import re
import sys
import tempfile

import nncf
import numpy
import openvino
import torch
from openvino import opset13

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "comparison"))
import exports  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "lib/ovchat/src/test/resources/golden"
CHECKPOINTS, DEMO = GOLDEN / "architectures", ROOT / "environment/demo-model/checkpoint"
HIDDEN, INNER, GROUP = 64, 96, 32
TYPES = {"F32": (torch.float32, openvino.Type.f32), "F16": (torch.float16, openvino.Type.f16),
         "BF16": (torch.bfloat16, openvino.Type.bf16)}
# Checkpoint, and options of the documented command. Biases keep the scale in the graph; a checkpoint of Phi-3 does, too.
CASES = [
    ("demo", "--weight-format int4 --group-size 128 --ratio 0.6 --sym"),
    ("demo", "--weight-format int4 --group-size 64 --ratio 0.8 --backup-precision none"),
    ("demo", "--weight-format cb4 --ratio 0.9"),
    ("llama3", "--weight-format int4 --group-size 16 --ratio 0.7 --sym"),
    ("llama3", "--weight-format int4 --group-size 16 --ratio 0.9 --sym --backup-precision none"),
    ("llama3", "--weight-format nf4 --group-size 16 --ratio 1.0"),
    ("llama-biases", "--weight-format int4 --group-size 16 --ratio 1.0"),
    ("qwen2", "--weight-format int4 --group-size 16 --ratio 1.0"),
    ("granite", "--weight-format int4 --group-size 16 --ratio 1.0 --sym --all-layers"),
    ("granite-biases", "--weight-format int4 --group-size 32 --ratio 0.7 --group-size-fallback adjust --sym"),
    ("olmo2", "--weight-format int4 --group-size 32 --ratio 0.7 --group-size-fallback ignore"),
    ("phi3", "--weight-format int4 --group-size -1 --ratio 1.0 --sym"),
]
OF_AWQ = re.compile(r"model\.layers\.(\d+)\.mlp\.(down_proj|up_proj|gate_up_proj)\b.*?(/zero_point|/scale|)$")
OF_ACTIVATION = re.compile(r"model\.layers\.(\d+)\.mlp\..*/awq_mul/scale$")


def text(data):
    return base64.b64encode(data).decode()


def special(random):
    """Columns of zeros, of means at and far below NNCF's least one, of large weights, and of one outlier."""
    down = random.normal(0, 0.02, (HIDDEN, INNER))
    down[:, 3] = 0
    for column, factor in ((5, 1e-9), (6, 2.0 ** -23), (7, 1e-5), (8, 1e-3), (40, 50), (41, 1000), (70, 1.5e4)):
        down[:, column] *= factor / 0.02
    down[:, 71] = 2.0 ** -23 * numpy.where(numpy.arange(HIDDEN) % 2, 1, -1)
    down[:, 72], down[5, 72] = 0, 0.3
    return down


def bits(values, name):
    """The bit patterns of numbers in a float type."""
    return torch.tensor(values).to(TYPES[name][0]).view(torch.int32 if name == "F32" else torch.int16).numpy()


def constant(patterns, name, friendly_name):
    values = openvino.Tensor(TYPES[name][1], list(patterns.shape))
    values.data.view(patterns.dtype)[:] = patterns
    made = openvino.op.Constant(values, False)
    made.friendly_name = friendly_name
    return made if name == "F32" else opset13.convert(made, openvino.Type.f32)


def linear(x, patterns, name, friendly_name):
    made = opset13.matmul(x, constant(patterns, name, friendly_name), False, True)
    made.friendly_name = friendly_name + "/MatMul"
    return made


def model(gate, up, down, name, fused):
    x = opset13.parameter([-1, -1, HIDDEN], openvino.Type.f32)
    if fused:
        both = linear(x, numpy.concatenate([gate, up]), name, "gate_up")
        split = opset13.variadic_split(both, opset13.constant(-1), opset13.constant([INNER, INNER]))
        product = opset13.multiply(opset13.swish(split.output(0)), split.output(1))
    else:
        product = opset13.multiply(opset13.swish(linear(x, gate, name, "gate")), linear(x, up, name, "up"))
    return openvino.Model([linear(product, down, name, "down")], [x])


def compressed(fused, *matrices):
    ignored = nncf.IgnoredScope(names=[] if fused else ["up/MatMul"])
    made = nncf.compress_weights(
        model(*matrices, fused), mode=nncf.CompressWeightsMode.INT4_SYM, group_size=GROUP, ratio=1.0, all_layers=True,
        awq=True, ignored_scope=ignored)
    return {op.friendly_name: op for op in made.get_ops() if op.get_type_name() == "Constant"}


def layer(name):
    random = numpy.random.default_rng(sum(name.encode()))
    gate, up = (bits(random.normal(0, 0.05, (INNER, HIDDEN)), name) for _ in range(2))
    down = bits(special(random), name)
    merged, inserted = compressed(False, gate, up, down, name), compressed(True, gate, up, down, name)
    factors, = (op for constant_name, op in inserted.items() if constant_name.endswith("/awq_mul/scale"))
    assert not any(constant_name.endswith("/awq_mul/scale") for constant_name in merged)
    for part in ("down", "down/scale"):
        assert bytes(merged[part].data) == bytes(inserted[part].data)
    return {"type": name, "up": text(up.tobytes()), "down": text(down.tobytes()),
            "scaledUp": text(bytes(merged["up"].data)), "integers": text(bytes(merged["down"].data)),
            "scales": text(bytes(merged["down/scale"].data)), "factors": text(bytes(factors.data))}


def digest(constant_op):
    kind = constant_op.get_element_type().get_type_name()
    return f"{kind} {hashlib.sha256(constant_op.data.tobytes()).hexdigest()[:16]}"


def exported(checkpoint, options):
    source = DEMO if checkpoint == "demo" else CHECKPOINTS / checkpoint
    with tempfile.TemporaryDirectory() as folder:
        exports.run_documented(["export", "openvino", "--model", str(source), "--task", "text-generation-with-past",
                                "--disable-convert-tokenizer", *options.split(), "--awq", folder])
        ops = openvino.Core().read_model(pathlib.Path(folder, "openvino_model.xml")).get_ops()
    digests = {}
    for op in ops:
        if op.get_type_name() == "Constant":
            if found := OF_ACTIVATION.search(op.friendly_name):
                digests[f"model.layers.{found[1]}.mlp.awq"] = digest(op)
            elif (found := OF_AWQ.search(op.friendly_name)) and op.get_element_type() != openvino.Type.f8e4m3:  # a codebook
                digests[f"model.layers.{found[1]}.mlp.{found[2]}.weight{found[3]}"] = digest(op)
    return {"checkpoint": checkpoint, "options": options, "constants": dict(sorted(digests.items()))}


def main():
    logging.disable(logging.WARNING)
    content = {"layers": [layer(name) for name in TYPES], "exports": [exported(*case) for case in CASES]}
    packed = gzip.compress(json.dumps(content, indent=1).encode(), 9, mtime=0)
    (GOLDEN / "awq.json.gz").write_bytes(packed)
    print(f"awq.json.gz: {len(packed):,} bytes")


if __name__ == "__main__":
    main()
