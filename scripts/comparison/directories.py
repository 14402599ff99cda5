"""What two exported models show to whoever loads them: files, inputs, outputs, states, options. Needs openvino alone."""
import collections
import pathlib

import openvino
from openvino._offline_transformations import paged_attention_transformation

from weights import Row

# openvino-genai's own tokenizers, which the documented command makes only where their package is installed, and how
# optimum-intel was called, which no program asks for.
NOT_OURS = {
    "openvino_config.json", *(f"openvino_{name}.{kind}" for name in ("tokenizer", "detokenizer") for kind in ("xml", "bin"))}
# What the CPU plugin makes of several operations that it knows together.
FUSED = ("FullyConnected", "GatherMatmul", "MemoryInput", "MemoryOutput", "RMS", "RoPE", "ScaledDotProductAttention")
# The input of paged attention that holds the sliding window.
WINDOW = 10
# Compared whole. Of other files it is enough that they are there: what they say may be said in several ways.
WHOLE = "chat_template.jinja"


def compare(documented, ours):
    yield same("files", files(documented), files(ours))
    one, two = (openvino.Core().read_model(pathlib.Path(folder) / "openvino_model.xml") for folder in (documented, ours))
    yield same("inputs, outputs, states", interface(one), interface(two))
    yield same("options at run time", options(one), options(two))
    yield same("fused operations", fused(one), fused(two))
    yield same("paged attention", paged(one), paged(two))


def same(what, expected, found):
    other = [name for name in sorted({*expected, *found}) if expected.get(name) != found.get(name)]
    figure = f"{len(expected)} the same" if not other else "; ".join(
        f"{name} is {str(found.get(name, 'missing'))[:60]!r} instead of {str(expected.get(name, 'missing'))[:60]!r}" for name in other[:2])
    return Row(what, figure, not other)


def files(folder):
    return {path.name: path.read_text(encoding="utf-8") if path.name == WHOLE else "there"
            for path in pathlib.Path(folder).iterdir() if path.name not in NOT_OURS}


def interface(model):
    ports = {f"{kind} {place}": f"{'/'.join(sorted(port.names))} {port.element_type.get_type_name()}{port.partial_shape}"
             for kind, ports in (("input", model.inputs), ("output", model.outputs)) for place, port in enumerate(ports)}
    states = {variable.info.variable_id: f"{variable.info.data_type.get_type_name()}{variable.info.data_shape}"
              for variable in model.get_variables()}
    return ports | states


def options(model):
    if not model.has_rt_info("runtime_options"):
        return {}
    return {name: str(value.value) for name, value in model.get_rt_info("runtime_options").astype(dict).items()}


def fused(model):
    """How many there are of each fused operation, in the model that runs."""
    running = openvino.Core().compile_model(model, "CPU").get_runtime_model()
    kinds = collections.Counter(operation.get_rt_info()["layerType"].value for operation in running.get_ops())
    return {kind: kinds[kind] for kind in FUSED}


def paged(model):
    """For each layer whether openvino-genai's paged attention finds its keys and values, and a window."""
    model = model.clone()
    paged_attention_transformation(model)
    layers = [operation for operation in model.get_ordered_ops() if operation.get_type_name() == "PagedAttentionExtension"]
    return {f"layer {place}": "window" if layer.input_value(WINDOW).get_node().get_type_name() != "Constant" else "all"
            for place, layer in enumerate(layers)}
