"""Make the golden file of the weights' compression with NNCF, in the export's environment:

    .ovchat/venv-export/bin/python scripts/golden/golden_compression.py

Rows chosen for what could go wrong, and noise, made with a seed: as bf16, f16 and f32 they go through compress_weights in
a model of one MatMul, and the constants are read back. NNCF takes one way for matrices of 10,000 weights and more, and
another for smaller ones: both are run. Conversions between float types are what torch and OpenVINO's save_model give.
Bytes are in base64.
"""
import base64
import gzip
import json
import tempfile

import nncf
import numpy
import openvino
import torch
from nncf.quantization.algorithms.weight_compression.config import WeightCompressionConfig
from nncf.quantization.algorithms.weight_compression.constants import MIN_INPUT_SIZE_FOR_OPTIMIZED_COMPRESSION
from nncf.quantization.algorithms.weight_compression.weight_lowering import get_integer_quantization_error
from nncf.tensor import Tensor
from openvino import opset13

import golden

RANDOM = numpy.random.default_rng(7)
COLUMNS = 256
TYPES = {"F32": openvino.Type.f32, "F16": openvino.Type.f16, "BF16": openvino.Type.bf16}
MODES = ["INT4_SYM", "INT4_ASYM", "INT8_SYM", "INT8_ASYM"]
EPSILON = 2.0 ** -23


def noise(sigma, columns=COLUMNS):
    return RANDOM.normal(0, sigma, columns)


def ties(lowest, highest):
    """Halves between two extremes that every group of 32 holds."""
    row = RANDOM.integers(lowest, highest, COLUMNS) + 0.5
    row[::32], row[1::32] = lowest, highest
    return row


def special_rows(largest):
    outliers = noise(0.02)
    outliers[[7, 200]] = 0.8, -1.1
    signs = numpy.where(numpy.arange(COLUMNS) % 2, 1.0, -1.0)
    return [
        numpy.zeros(COLUMNS), 0.0 * signs, numpy.full(COLUMNS, 0.0371), numpy.full(COLUMNS, -0.0371),
        numpy.abs(noise(0.02)), -numpy.abs(noise(0.02)), 3 + numpy.abs(noise(0.1)), -3 - numpy.abs(noise(0.1)),
        noise(1e-30), noise(1e-40), noise(3e-7), noise(largest / 5).clip(-largest, largest), largest * signs,
        ties(-8, 8), ties(0, 15), ties(0, 255), ties(-128, 128), ties(-100, 100), outliers, 0.3 * signs,
        numpy.where(signs > 0, noise(0.1), 8 * EPSILON), noise(EPSILON), noise(300 * EPSILON),
        noise(0.02),
    ]


def bits(rows, name):
    """The rows' bit patterns in a float type."""
    exact = torch.tensor(numpy.array(rows))
    kind = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}[name]
    return exact.to(kind).view(torch.int32 if name == "F32" else torch.int16).numpy()


def tensor(patterns, name):
    made = openvino.Tensor(TYPES[name], list(patterns.shape))
    made.data.view(patterns.dtype)[:] = patterns
    return made


def compressed(patterns, name, mode, group_size):
    weight = openvino.op.Constant(tensor(patterns, name), False)
    weight.friendly_name = "weight"
    data = opset13.parameter([-1, patterns.shape[1]], openvino.Type.f32)
    wide = weight if name == "F32" else opset13.convert(weight, openvino.Type.f32)
    model = openvino.Model([opset13.matmul(data, wide, False, True)], [data])
    options = {} if mode.startswith("INT8") else {"group_size": group_size, "ratio": 1.0, "all_layers": True}
    model = nncf.compress_weights(model, mode=nncf.CompressWeightsMode[mode], **options)
    constants = {op.friendly_name: bytes(op.data) for op in model.get_ops() if op.get_type_name() == "Constant"}
    return [constants[key] if key in constants else b"" for key in ("weight", "weight/zero_point", "weight/scale")]


def error(patterns, name):
    return get_integer_quantization_error(
        Tensor(tensor(patterns, name)), (1,), WeightCompressionConfig(), reduction="max_mean")


def text(data):
    return base64.b64encode(data).decode()


def matrices(name):
    """Below and above the size at which NNCF changes its way, and with nibbles that run on from row to row."""
    special = special_rows(65504.0 if name == "F16" else 3.3e38)
    wide = special + [noise(0.02 * (row + 1)) for row in range(16)]
    assert COLUMNS * len(special) < MIN_INPUT_SIZE_FOR_OPTIMIZED_COMPRESSION <= COLUMNS * len(wide)
    return {"special": bits(special, name), "wide": bits(wide, name),
            "thirds": bits([noise(0.05, 96) for _ in range(7)], name),
            "odd": bits([noise(0.05, 97) for _ in range(7)], name)}


def modes(label, name):
    """All that divide the row; the wide matrix's in one type are enough."""
    sizes = {"special": (128, -1), "wide": (128, 64, 32, -1), "thirds": (32, -1), "odd": (-1,)}[label]
    return [(mode, size) for mode in MODES for size in sizes if size == -1 or mode.startswith("INT4")]


def result(patterns, name, mode, group_size):
    integers, zero_points, scales = compressed(patterns, name, mode, group_size)
    return {"mode": mode, "groupSize": group_size, "integers": text(integers), "zeroPoints": text(zero_points),
            "scales": text(scales)}


def matrix(patterns, label, name):
    """A row's error is null where its range is beyond a float: NNCF's two ways differ there."""
    errors = [error(row[None, :], name) for row in patterns]
    return {
        "name": label, "type": name, "rows": patterns.shape[0], "columns": patterns.shape[1],
        "weights": text(patterns.tobytes()), "errors": [each if numpy.isfinite(each) else None for each in errors],
        "results": [result(patterns, name, *pair) for pair in modes(label, name)],
    }


def check_that_both_ways_agree(small, large, name):
    for pair in modes("wide", name):
        for one, other in zip(compressed(small, name, *pair), compressed(large, name, *pair)):
            assert other.startswith(one), (name, pair)


def matrices_golden():
    made = []
    for name in TYPES:
        found = matrices(name)
        check_that_both_ways_agree(found["special"], found["wide"], name)
        del found["special" if name == "BF16" else "wide"]
        made += [matrix(patterns, label, name) for label, patterns in found.items()]
    return made


def large_error():
    """NNCF's other way to find the error, on the greatest of its rows alone and on all."""
    patterns = bits([noise(0.02 * (row + 1)) for row in range(40)], "BF16")
    single = [error(row[None, :], "BF16") for row in patterns]
    numpy.testing.assert_allclose(error(patterns, "BF16"), max(single), rtol=1e-6)


def saved_as_half(values):
    """What save_model makes of f32 constants; with ones, as it leaves alone a constant that is mostly out of range."""
    constant = opset13.constant(numpy.concatenate([values, numpy.ones(4 * len(values), numpy.float32)]))
    data = opset13.parameter([-1], openvino.Type.f32)
    with tempfile.TemporaryDirectory() as directory:
        path = f"{directory}/model.xml"
        openvino.save_model(openvino.Model([opset13.add(data, constant)], [data]), path, compress_to_fp16=True)
        ops = openvino.Core().read_model(path).get_ops()
        halves = next(numpy.array(op.data) for op in ops if op.get_type_name() == "Constant")
    assert halves.dtype == numpy.float16
    return halves[:len(values)]


def halves_golden():
    """Floats at and beside the places where rounding to f16 turns, and what they become."""
    halves = numpy.arange(0x7C00, dtype=numpy.uint16).view(numpy.float16).astype(numpy.float32)
    edges = numpy.concatenate([halves[:40], halves[1000:1060], halves[-40:], [65536, 1e6, 3e38]]).astype(numpy.float32)
    middles = (edges[:-1] + edges[1:]) / 2
    turns = numpy.concatenate([edges, middles, [1e-10, 1e-30, 1e-45]]).astype(numpy.float32)
    beside = [turns, numpy.nextafter(turns, numpy.float32(numpy.inf)), numpy.nextafter(turns, numpy.float32(-1))]
    values = numpy.unique(numpy.concatenate(beside))
    values = numpy.concatenate([values, -values]).astype(numpy.float32)
    with_infinity = torch.tensor(values).to(torch.float16).numpy()
    # It also leaves alone a constant of which a value would move by more than 1.
    saved = values[(abs(values - with_infinity.astype(numpy.float32)) <= 1) | (abs(values) > 65504)]
    return {"floats": text(values.tobytes()), "halves": text(with_infinity.tobytes()),
            "savedFloats": text(saved.tobytes()), "savedHalves": text(saved_as_half(saved).tobytes())}


def main():
    large_error()
    content = {"matrices": matrices_golden(), "conversion": halves_golden()}
    packed = gzip.compress(json.dumps(content).encode(), 9, mtime=0)
    (golden.GOLDEN / "compression.json.gz").write_bytes(packed)
    print(f"compression.json.gz: {len(packed):,} bytes")


if __name__ == "__main__":
    main()
