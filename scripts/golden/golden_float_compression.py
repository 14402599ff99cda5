"""Make the golden file of the weights' compression to small floats with NNCF, in the export's environment:

    .ovchat/venv-export/bin/python scripts/golden/golden_float_compression.py

The rows of golden_compression.py, with others for where rounding turns: weights at and beside the middles between values,
and groups whose greatest weight makes the scale a power of two, or nearly. Each matrix has 10,000 weights and more, which
NNCF compresses by OpenVINO; what it does with smaller ones differs in the scales of groups of zeros. Bytes are in base64.
"""
import gzip
import json

import nncf
import numpy
import openvino
from nncf.quantization.algorithms.weight_compression.constants import (
    CB4_QUANTILES, CENTER_OF_F4E2M1_QUANTILES, CENTER_OF_NF4_QUANTILES)
from openvino import opset13

import golden
from golden_compression import COLUMNS, TYPES, bits, noise, special_rows, tensor, text

GROUP = 32
# Mode: the greatest value, group sizes, and where rounding turns.
F8E4M3 = numpy.array([step * 2.0 ** power for power in range(-9, 6) for step in numpy.arange(8, 16) + 0.5])
MODES = {
    "NF4": (1.0, (128, 64, -1), CENTER_OF_NF4_QUANTILES),
    "MXFP4": (6.0, (GROUP,), CENTER_OF_F4E2M1_QUANTILES),
    "MXFP8_E4M3": (448.0, (GROUP,), numpy.concatenate([F8E4M3, -F8E4M3, (numpy.arange(8) + 0.5) * 2.0 ** -9])),
    "CB4": (3.5, (-1, 64), (CB4_QUANTILES[1:] + CB4_QUANTILES[:-1]) / 2),
}


def turns(greatest, middles):
    """Rows with each middle and its neighbours, where each group has the greatest value."""
    middles = middles.astype(numpy.float32)
    beside = [numpy.nextafter(middles, numpy.float32(side)) for side in (-numpy.inf, numpy.inf)]
    numbers = numpy.concatenate([middles, *beside, middles * numpy.float32(1.001)])
    numbers = numbers[abs(numbers) < greatest]
    groups = [numpy.concatenate([[greatest], numbers[i:i + GROUP - 1]]) for i in range(0, len(numbers), GROUP - 1)]
    groups = [numpy.pad(group, (0, GROUP - len(group))) for group in groups]
    groups += [groups[0]] * (-len(groups) % (COLUMNS // GROUP))
    return list(numpy.array(groups).reshape(-1, COLUMNS))


def powers(greatest):
    """Rows of groups whose scale is a power of two, or a few steps beside it."""
    made = []
    for power in range(-24, 8):
        for steps in (-64, -4, -1, 0, 1, 2, 4, 64):
            most = numpy.float32(greatest * 2.0 ** power)
            made.append(noise(1, GROUP).clip(-2, 2) / 2.5 * most)
            made[-1][3] = (most.view(numpy.int32) + steps).astype(numpy.int32).view(numpy.float32)
    return list(numpy.array(made).reshape(-1, COLUMNS))


def rows(mode):
    greatest, _, middles = MODES[mode]
    special = special_rows(3.3e38)
    return special + [noise(0.02 * (row + 1)) for row in range(16)] + turns(greatest, middles) + (
        powers(greatest) if mode.startswith("MX") else [])


def compressed(patterns, name, mode, group_size):
    weight = openvino.op.Constant(tensor(patterns, name), False)
    weight.friendly_name = "weight"
    data = opset13.parameter([-1, patterns.shape[1]], openvino.Type.f32)
    wide = weight if name == "F32" else opset13.convert(weight, openvino.Type.f32)
    model = openvino.Model([opset13.matmul(data, wide, False, True)], [data])
    model = nncf.compress_weights(
        model, mode=nncf.CompressWeightsMode[mode], group_size=group_size, ratio=1.0, all_layers=True)
    constants = {op.friendly_name: bytes(op.data) for op in model.get_ops() if op.get_type_name() == "Constant"}
    return constants.get("weight_nncf_codebook_idxs", constants["weight"]), constants["weight/scale"]


def matrix(mode, name):
    patterns = bits(rows(mode), name)
    results = []
    for group_size in MODES[mode][1]:
        codes, scales = compressed(patterns, name, mode, group_size)
        results.append({"mode": mode, "groupSize": group_size, "integers": text(codes), "zeroPoints": "", "scales": text(scales)})
    return {"name": mode, "type": name, "rows": patterns.shape[0], "columns": patterns.shape[1],
            "weights": text(patterns.tobytes()), "errors": [], "results": results}


def main():
    content = {"matrices": [matrix(mode, name) for name in ("F32", "BF16") for mode in MODES]}
    packed = gzip.compress(json.dumps(content).encode(), 9, mtime=0)
    (golden.GOLDEN / "float-compression.json.gz").write_bytes(packed)
    print(f"float-compression.json.gz: {len(packed):,} bytes")


if __name__ == "__main__":
    main()
