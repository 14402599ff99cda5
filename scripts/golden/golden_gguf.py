"""Make the golden file of GGUF's block formats with the gguf package, in the export's environment:

    .ovchat/venv-export/bin/python scripts/golden/golden_gguf.py

For each format a few blocks of random bytes with scales of a usual size, as hexadecimal digits, and the weights that
`gguf.dequantize` makes of them, as the digits of their f32. The last block of each has scales of 0.
"""
import json
import pathlib

import gguf
import numpy as np

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "lib/ovchat/src/test/resources/golden/gguf-blocks.json"
# format: positions of its f16 scales in a block
FORMATS = {
    "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2],
    "Q5_K": [0, 2], "Q6_K": [208], "IQ4_NL": [0], "MXFP4": [],
}


def blocks(name, generator):
    kind = gguf.GGMLQuantizationType[name]
    _, size = gguf.GGML_QUANT_SIZES[kind]
    made = generator.integers(0, 256, (4, size), dtype=np.uint8)
    for number, block in enumerate(made):
        for at in FORMATS[name]:
            scale = 0.0 if number == 3 else generator.normal() / 64
            block[at:at + 2] = np.array([scale], np.float16).view(np.uint8)
        if name == "MXFP4":  # a power of two: usual ones, and the least
            block[0] = (120, 127, 1, 0)[number]
    return {
        "format": name,
        "blocks": [block.tobytes().hex() for block in made],
        "weights": [gguf.dequantize(block, kind).astype("<f4").tobytes().hex() for block in made]}


if __name__ == "__main__":
    generator = np.random.default_rng(16)
    lines = [json.dumps(blocks(name, generator)) for name in FORMATS]
    GOLDEN.write_text("\n".join(["[", ",\n".join(lines), "]"]) + "\n", encoding="utf-8")
