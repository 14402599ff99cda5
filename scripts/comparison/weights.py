"""The weights of an exported model, and how those of two exports differ. Needs openvino and numpy alone.

A weight is what a MatMul or the embedding's Gather reads through nothing but conversion and dequantization, for which a
codebook may be looked up. It is called as the tensor of the checkpoint that it is nearest to in direction, since AWQ changes
its length, so that the names in a graph and the order of its nodes count for nothing, and a weight at the place of another
shows.
"""
import collections
import json
import math
import pathlib

import numpy
import openvino

Row = collections.namedtuple("Row", "what figure met")
Weight = collections.namedtuple("Weight", "type values zero_points scales codebook")
MOST_INTEGERS = 0.9999
# At which input an operation takes its weight.
PLACES = {"MatMul": 1, "Gather": 0}
# The values that codes stand for.
F4E2M1 = numpy.array([0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6], numpy.float32)
NF4 = numpy.array([
    -1.0, -0.6961928, -0.52507305, -0.3949175, -0.28444138, -0.18477343, -0.09105004, 0.0, 0.0795803, 0.1609302, 0.2461123,
    0.33791524, 0.44070983, 0.562617, 0.72295684, 1.0], numpy.float32)
F8E4M3 = numpy.array([
    (-1) ** (code >> 7) * (code & 7 | (8 if code & 120 else 0)) * 2.0 ** (max(1, code >> 3 & 15) - 10) for code in range(256)],
    numpy.float32)
VALUES = {"f4e2m1": F4E2M1, "nf4": NF4, "f8e4m3": F8E4M3}
CHECKPOINT_TYPES = {"F32": numpy.float32, "F16": numpy.float16, "BF16": None}


def checkpoint_matrices(directory):
    """The checkpoint's matrices as f32, by name."""
    matrices = {}
    for path in pathlib.Path(directory).glob("*.safetensors"):
        data = path.read_bytes()
        start = 8 + int.from_bytes(data[:8], "little")
        header = json.loads(data[8:start])
        header.pop("__metadata__", None)
        for name, tensor in header.items():
            if len(tensor["shape"]) == 2:
                first, last = tensor["data_offsets"]
                floats = as_floats(data[start + first:start + last], CHECKPOINT_TYPES[tensor["dtype"]])
                matrices[name] = floats.reshape(tensor["shape"])
    return matrices


def as_floats(data, kind):
    """f32 of little-endian bytes; without a kind they are bf16, the upper halves of f32."""
    if kind is None:
        return (numpy.frombuffer(data, numpy.uint16).astype(numpy.uint32) << 16).view(numpy.float32)
    return numpy.frombuffer(data, kind).astype(numpy.float32)


def read(directory, matrices):
    """The weights of an exported model by the names of the checkpoint's matrices."""
    model = openvino.Core().read_model(pathlib.Path(directory) / "openvino_model.xml")
    found = {}
    for node in model.get_ordered_ops():
        if node.get_type_name() in PLACES:
            chain = constants(node.input_value(PLACES[node.get_type_name()]).get_node())
            if chain and len(chain["values"].shape) > 1:
                found[chain["values"].get_friendly_name()] = chain
    weights = {}
    for chain in found.values():
        weight = Weight(chain["values"].get_element_type().get_type_name(), *(
            numbers(chain.get(part)) for part in ("values", "zero_points", "scales", "codebook")))
        name = nearest(weight, matrices)
        weights[name if name not in weights else f"{name}, again"] = weight
    return weights


def constants(node):
    """The constants of a weight: its values and, where it is quantized, zero points and scales. None if it is none."""
    kind = node.get_type_name()
    if kind == "Constant":
        return {"values": node}
    if kind in ("Convert", "Reshape"):
        return constants(node.input_value(0).get_node())
    if kind not in ("Multiply", "Subtract", "Gather"):
        return None
    inner, outer = (constants(node.input_value(place).get_node()) for place in (0, 1))
    if kind == "Gather":
        return inner and outer and {**outer, "codebook": inner["values"]}
    return inner and outer and {**inner, {"Multiply": "scales", "Subtract": "zero_points"}[kind]: outer["values"]}


def numbers(constant):
    """A constant's numbers: whole ones and codes as int8 or uint8, one each, others as they are; bf16 as f32."""
    if constant is None:
        return None
    kind, data, shape = constant.get_element_type().get_type_name(), constant.data, tuple(constant.shape)
    if kind == "bf16":
        return as_floats(data.tobytes(), None).reshape(shape)
    if kind not in ("i4", "u4", "nf4", "f4e2m1"):
        return data.reshape(shape).copy()
    packed = data.reshape(-1).view(numpy.uint8)
    nibbles = numpy.stack([packed & 15, packed >> 4], axis=1).reshape(-1)[:math.prod(shape)]
    if kind == "i4":
        nibbles = (nibbles ^ 8).astype(numpy.int8) - 8
    return nibbles.reshape(shape)


def dequantized(weight):
    meaning = VALUES.get(weight.type) if weight.codebook is None else F8E4M3[weight.codebook]
    values = weight.values.astype(numpy.float32) if meaning is None else meaning[weight.values]
    if weight.zero_points is not None:
        values = values - weight.zero_points.astype(numpy.float32)
    if weight.scales is None:
        return values
    powers = weight.scales.dtype == numpy.uint8  # f8e8m0
    return values * (numpy.exp2(weight.scales.astype(numpy.float32) - 127) if powers else weight.scales.astype(numpy.float32))


def nearest(weight, matrices):
    values = dequantized(weight)
    values = values.reshape(len(values), -1)
    likeness = {name: float((matrix * values).sum() / numpy.linalg.norm(matrix))
                for name, matrix in matrices.items() if matrix.shape == values.shape}
    return max(likeness, key=likeness.get, default=f"a matrix of {values.shape}")


def compare(documented, ours):
    """Rows of the table: same precisions, same bits. What has another precision is not compared further."""
    names = sorted({*documented, *ours})
    other = [name for name in names if layout(documented.get(name)) != layout(ours.get(name))]
    kinds = collections.Counter(weight.type for weight in documented.values())
    figure = f"{len(names) - len(other)} of {len(names)} ({', '.join(f'{n} {kind}' for kind, n in sorted(kinds.items()))})"
    if other:
        name = other[0]
        figure += f"; {name} is {layout(ours.get(name))} instead of {layout(documented.get(name))}"
    yield Row("precisions", figure, bool(names) and not other)
    pairs = [(documented[name], ours[name]) for name in names if name not in other]
    for part in ("scales", "zero_points", "codebook"):
        yield from bits(part.replace("_", " "), [(getattr(one, part), getattr(two, part)) for one, two in pairs])
    yield from bits("floats", [(one.values, two.values) for one, two in pairs if one.scales is None])
    yield from integers([(one.values, two.values) for one, two in pairs if one.scales is not None])


def compare_activation_factors(documented, ours):
    """A row where AWQ multiplies what activations give: by the same bits."""
    one, two = activation_factors(documented), activation_factors(ours)
    if one or two:
        same = len(one) == len(two) and all(numpy.array_equal(as_bits(a), as_bits(b)) for a, b in zip(one, two))
        yield Row("activation factors, bits", f"{len(one)} of {sum(each.size for each in one):,}, ours {len(two)}", same)


def activation_factors(directory):
    """The constants by which activations are multiplied, in the order of the graph."""
    factors = []
    for node in openvino.Core().read_model(pathlib.Path(directory) / "openvino_model.xml").get_ordered_ops():
        if node.get_type_name() == "Multiply":
            inputs = [node.input_value(place).get_node() for place in (0, 1)]
            found = [constants(each) for each in inputs]
            if any(each.get_type_name() == "Swish" for each in inputs) and any(found):
                factors += [numbers(each["values"]) for each in found if each]
    return factors


def layout(weight):
    """What has to be alike before bits can be compared."""
    if weight is None:
        return "missing"
    groups = "" if weight.scales is None else f" with {weight.scales.dtype} scales {weight.scales.shape}"
    zeros = "" if weight.zero_points is None else f" and {weight.zero_points.dtype} zero points"
    return f"{weight.type}{weight.values.shape}{groups}{zeros}"


def bits(what, pairs):
    pairs = [pair for pair in pairs if pair[0] is not None]
    if pairs:
        differ = sum(int((as_bits(one) != as_bits(two)).sum()) for one, two in pairs)
        total = sum(one.size for one, _ in pairs)
        yield Row(f"{what}, bits", f"{differ:,} of {total:,} differ", differ == 0)


def as_bits(array):
    return array.reshape(-1).view(f"u{array.itemsize}")


def integers(pairs):
    if pairs:
        differences = [numpy.abs(one.astype(int) - two.astype(int)) for one, two in pairs]
        total = sum(each.size for each in differences)
        equal = sum(int((each == 0).sum()) for each in differences) / total
        farthest = max(int(each.max()) for each in differences)
        yield Row("integers", f"{equal:.6%} of {total:,} equal, farthest {farthest} off",
                  equal >= MOST_INTEGERS and farthest <= 1)
