"""Make the golden files of the safetensors reader with HuggingFace's own library, in the export's environment:

    .ovchat/venv-export/bin/python scripts/golden/golden_safetensors.py

Weights: a single file and a sharded checkpoint, with the bits of each tensor. Headers: what the library takes and what
it refuses, of cases written out here and of a valid header changed at random.
"""
import json
import pathlib
import random
import struct
import tempfile

import torch
from safetensors import safe_open
from safetensors.torch import save_file

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "lib/ovchat/src/test/resources/golden/safetensors"
NAMES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16"}
WIDE = {"F32": 4, "F16": 2, "BF16": 2}
CHANGED = 400

A = '"dtype":"F32","shape":[1],"data_offsets":[0,4]'


def tensors():
    torch.manual_seed(7)
    special = torch.tensor([0.0, -0.0, float("inf"), float("-inf"), float("nan"), 1e-40, 3.4e38, -1.0])
    return {
        "model.embed_tokens.weight": torch.randn(5, 3).to(torch.bfloat16),
        "model.norm.weight": torch.randn(7).to(torch.float16),
        "lm_head.weight": torch.randn(2, 3, 2),
        "special.f32": special, "special.f16": special.to(torch.float16), "special.bf16": special.to(torch.bfloat16),
        "scalar": torch.tensor(0.1), "empty": torch.zeros(0, 4, dtype=torch.float16),
        "näme \"of\" 重み": torch.ones(1, dtype=torch.bfloat16),
    }


def described(tensor):
    return {
        "type": NAMES[tensor.dtype], "shape": list(tensor.shape),
        "bits": tensor.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes().hex(),
    }


def weights():
    all_tensors = tensors()
    single = GOLDEN / "single"
    sharded = GOLDEN / "sharded"
    for folder in (single, sharded):
        folder.mkdir(parents=True, exist_ok=True)
    positions = {"model.position_ids": torch.arange(3)}  # i64: in old checkpoints, and never a weight
    save_file(all_tensors | positions, single / "model.safetensors", metadata={"format": "pt"})
    names = sorted(all_tensors)
    shards = {"model-00001-of-00002.safetensors": names[:4], "model-00002-of-00002.safetensors": names[4:]}
    for shard, held in shards.items():
        save_file({name: all_tensors[name] for name in held}, sharded / shard, metadata={"format": "pt"})
    index = {
        "metadata": {"total_size": sum(tensor.nbytes for tensor in all_tensors.values())},
        "weight_map": {name: shard for shard, held in shards.items() for name in held},
    }
    (sharded / "model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n", encoding="utf-8")
    write("tensors.json", [{"name": name} | described(tensor) for name, tensor in all_tensors.items()])


def entry(type, shape, begin, end):
    return f'{{"dtype":{type},"shape":{shape},"data_offsets":[{begin},{end}]}}'


def one(type='"F32"', shape="[1]", begin=0, end=4):
    return '{"a":' + entry(type, shape, begin, end) + "}"


def written_cases():
    """Pairs of a header and the number of bytes behind it."""
    x = f'{{"a":{{"x":%s,{A}}}}}'
    return [
        ("{}", 0), ("{}", 1), ("", 0), ("  {}\n ", 0), ("[]", 0), ("null", 0), ("{", 0), ("{}}", 0), ("{} {}", 0),
        (one(), 4), (one(), 3), (one(), 5), (one() + "\0", 4), ("\ufeff" + one(), 4), (one() + " " * 50, 4),
        (one(shape="[]"), 4), (one(shape="[2]"), 4), (one(shape="[0]", end=0), 0), (one(shape="[0]"), 4),
        (one(shape="[1.0]"), 4), (one(shape="[-1]"), 4), (one(shape="[1e0]"), 4), (one(shape='["1"]'), 4),
        (one(shape="[01]"), 4), (one(shape="[-0]", end=0), 0), (one(shape="[null]"), 4), (one(shape="null"), 4),
        (one(shape="1"), 4), (one(shape="[[1]]"), 4), (one(shape="[1,]"), 4), (one(shape="{}"), 4),
        (one(shape="[4294967296,4294967296]"), 4), (one(shape="[4294967296,4294967296,0]", end=0), 0),
        (one(shape="[0,4294967296,4294967296]", end=0), 0), (one(shape="[4611686018427387904,4]", end=0), 0),
        (one(shape="[9223372036854775807]"), 4), (one(shape="[18446744073709551616,0]", end=0), 0),
        (one(shape="[" + ",".join("1" * 64) + "]"), 4),
        (one(begin=-4, end=0), 4), (one(begin=1, end=5), 5), (one(begin=4, end=0), 4), (one(begin="0.0"), 4),
        (one(end="4,4"), 4), (one(end="4.0"), 4), (one(end="18446744073709551615"), 4), (one(end="null"), 4),
        (one(type='"f32"'), 4), (one(type="32"), 4), (one(type="null"), 4), (one(type='""'), 4),
        (one(type='"I32"'), 4), (one(type='"F64"', end=8), 8), (one(type='"BF16"', end=2), 2),
        ('{"a":{"shape":[1],"data_offsets":[0,4]}}', 4), ('{"a":{"dtype":"F32","data_offsets":[0,4]}}', 4),
        ('{"a":{"dtype":"F32","shape":[1]}}', 4), ('{"a":{"data_offsets":[0,4],"shape":[1],"dtype":"F32"}}', 4),
        ('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}', 4), ('{"a":{"dtype":"F32","shape":[1],"data_offsets":[]}}', 4),
        (f'{{"a":{{{A},"dtype":"F32"}}}}', 4), (f'{{"a":{{{A},"shape":[1]}}}}', 4), (f'{{"a":{{{A},}}}}', 4),
        ('{"a":null}', 0), ('{"a":4}', 0), ('{"a":{}}', 0), ("{'a':{" + A + "}}", 4), ("{a:{" + A + "}}", 4),
        (f'{{"":{{{A}}}}}', 4), (f'{{"a\\u0000":{{{A}}}}}', 4), (f'{{"a\0":{{{A}}}}}', 4), (f'{{"a\n":{{{A}}}}}', 4),
        (x % "1", 4), (x % "null", 4), (x % '{"dtype":3}', 4), (x % "NaN", 4), (x % "// x\n1", 4), (x % "tru", 4),
        (x % ("[" * 125 + "]" * 125), 4), (x % ("[" * 126 + "]" * 126), 4), (x % ("[" * 4000), 4), (x % ('{"x":' * 4000), 4),
        (f'{{"__metadata__":null,"a":{{{A}}}}}', 4), (f'{{"__metadata__":{{}},"a":{{{A}}}}}', 4),
        (f'{{"__metadata__":{{"a":"1"}},"a":{{{A}}}}}', 4), (f'{{"__metadata__":{{"a":1}},"a":{{{A}}}}}', 4),
        (f'{{"__metadata__":{{"a":null}},"a":{{{A}}}}}', 4), (f'{{"__metadata__":[],"a":{{{A}}}}}', 4),
        (f'{{"__metadata__":"a","a":{{{A}}}}}', 4), (f'{{"__metadata__":{{"a":"1","a":"2"}},"a":{{{A}}}}}', 4),
        (f'{{"__metadata__":{{}},"__metadata__":{{}},"a":{{{A}}}}}', 4), (f'{{"__metadata__":{{{A}}}}}', 4),
        (two(0, 4, 4, 8), 8), (two(4, 8, 0, 4), 8), (two(0, 4, 0, 4), 4), (two(0, 4, 2, 6), 6), (two(0, 4, 5, 9), 9),
        (two(0, 4, 4, 8), 7), (two(0, 4, 4, 8), 9), (two(1, 5, 5, 9), 9),
        ('{"b":' + entry('"F32"', "[1]", 0, 4) + ',"a":' + entry('"F16"', "[0]", 0, 0) + "}", 4),
        ('{"b":' + entry('"F32"', "[1]", 0, 4) + ',"a":' + entry('"F16"', "[0]", 4, 4) + "}", 4),
        ('{"b":' + entry('"F32"', "[1]", 0, 4) + ',"a":' + entry('"F16"', "[0]", 2, 2) + "}", 4),
    ]


def two(begin, end, next_begin, next_end):
    return f'{{"a":{entry(chr(34) + "F32" + chr(34), "[1]", begin, end)},"b":{entry(chr(34) + "F32" + chr(34), "[1]", next_begin, next_end)}}}'


def differing_cases():
    """What the library takes and we refuse, or the other way round; each with the reason."""
    x = f'{{"a":{{"x":%s,{A}}}}}'
    return [
        ("two tensors of one name", f'{{"a":{{{A}}},"a":{{{A}}}}}', 4),
        ("a description that is a list", '{"a":["F32",[1],[0,4]]}', 4),
        ("a type that is an object", one(type='{"F32":null}'), 4),
        ("more than 64 axes", one(shape="[" + ",".join("1" * 65) + "]"), 4),
        ("a length above 10^18", one(shape="[0,9223372036854775808]", end=0), 0),
        ("a name of more than 10,000 characters", f'{{"{"n" * 10_001}":{{{A}}}}}', 4),
        ("half a character", f'{{"a\\ud800":{{{A}}}}}', 4),
        ("half a character in what is skipped", x % '"\\ud800"', 4),
        ("a number out of range in what is skipped", x % "1e999", 4),
    ]


def changed_cases():
    chance = random.Random(7)
    whole = ('{"__metadata__":{"format":"pt"},"a.weight":' + entry('"F32"', "[2, 1]", 0, 8)
             + ',"b":' + entry('"BF16"', "[3]", 8, 14) + ',"c":' + entry('"F16"', "[]", 14, 16) + "}").encode()
    pieces = [bytes([byte]) for byte in b'{}[],:"0123456789-.eE\\ \n\xff\x00abF'] + [b"null", b"[]", b"{}", b"18446744073709551616"]
    for number in range(CHANGED):
        header = whole
        if number % 4 == 0:  # what changes the meaning least is where a reader may be too strict
            at = chance.randrange(len(header))
            yield header[:at] + chance.choice([b" ", b"\n", b"\t\r", b"0"]) + header[at:], 16
            continue
        for _ in range(chance.choice([1, 1, 1, 2, 3])):
            at = chance.randrange(len(header))
            cut = chance.choice([0, 1, 1, 1, 2, 8])
            put = chance.choice([b"", chance.choice(pieces), chance.choice(pieces), header[at:at + chance.randrange(1, 30)]])
            header = header[:at] + put + header[at + cut:]
        yield header, 16


def judged(header, weight_bytes, reason=""):
    """What the library says: the types of the tensors, or nothing where it refuses the file."""
    content = header if isinstance(header, bytes) else header.encode()
    with tempfile.NamedTemporaryFile(suffix=".safetensors") as file:
        file.write(struct.pack("<Q", len(content)) + content + bytes(weight_bytes))
        file.flush()
        try:
            with safe_open(file.name, "pt") as opened:
                types = {name: opened.get_slice(name).get_dtype() for name in opened.keys()}
        except Exception as refusal:  # of several kinds
            assert type(refusal).__name__ in ("SafetensorError", "UnicodeDecodeError"), refusal
            types = None
    if not reason and types is not None:
        reason = "two tensors of one name" if has_twins(content) else reason
    return {"header": content.hex(), "weightBytes": weight_bytes, "types": types, "reason": reason}


def has_twins(content):
    pairs = json.loads(content, object_pairs_hook=lambda pairs: pairs)
    return len(pairs) != len(dict(pairs))


def write(name, values):
    """One line for each value, so that a change shows as what it is."""
    text = ",\n".join(json.dumps(value) for value in values)
    (GOLDEN / name).write_text(f"[\n{text}\n]\n", encoding="utf-8")


weights()
cases = [judged(*case) for case in written_cases()]
cases += [judged(header, size, reason) for reason, header, size in differing_cases()]
cases += [judged(*case) for case in changed_cases()]
write("headers.json", cases)
print(f"{len(cases)} headers, of which {sum(case['types'] is not None for case in cases)} were taken")
