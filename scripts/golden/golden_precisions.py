"""Make the golden file of the precisions that the documented command chooses, in the export's environment:

    .ovchat/venv-export/bin/python scripts/golden/golden_precisions.py

For each share of four-bit weights: the type and the shape of every matrix of the demo model, by the name of its layer; the
shape shows the groups. Patterns of names that are left alone are given to NNCF itself, since the command has no option for
them: its names begin with __module.
"""
import json
import pathlib
import re
import sys
import tempfile
from unittest import mock

from optimum.commands.export import openvino as command

from golden import GOLDEN
from demo_model import CHECKPOINT

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "comparison"))
import exports  # noqa: E402

CASES = [{"ratio": ratio, "groupSize": 128, "allLayers": False} for ratio in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)]
CASES += [{"ratio": ratio, "groupSize": size, "allLayers": True} for ratio, size in ((0.3, 64), (0.7, -1), (1.0, 32))]
# Rows of 256 and 512 weights: groups of 512 do not divide the first, groups of 96 none.
CASES += [{"ratio": ratio, "groupSize": size, "allLayers": everything, "groupSizeFallback": fallback} for
          ratio, size, everything, fallback in (
              (1.0, 512, False, "ignore"), (0.5, 512, True, "ignore"), (0.6, 512, False, "adjust"), (0.5, 96, True, "adjust"))]
CASES += [{"ratio": ratio, "groupSize": 128, "allLayers": everything, "ignoredScope": pattern} for ratio, everything, pattern in (
    (1.0, False, r"model[.]layers[.](1|3)[.]"), (0.6, False, r".*(qkv_proj|down_proj)"), (0.5, False, r"lm_head"),
    (0.7, True, r"model[.]embed_tokens"), (1.0, False, r"(?!model[.]layers[.]0[.]).*"))]
MATRIX = re.compile(r'name="(?:self\.)?([\w.]+)\._openvino_orig_weight" type="Const"[^>]*>\s*'
                    r'<data element_type="(\w+)" shape="([\d, ]+)"')


def with_ignored(case, prepare=command.prepare_wc_config):
    """The command's values for NNCF, and the pattern."""
    scope = {"ignored_scope": {"patterns": [f"__module[.]{case['ignoredScope']}"]}} if "ignoredScope" in case else {}
    return lambda *arguments: {**prepare(*arguments), **scope}


def types(case):
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(command, "prepare_wc_config", with_ignored(case)):
        options = [f"--ratio={case['ratio']}", f"--group-size={case['groupSize']}", "--sym", *["--all-layers"] * case["allLayers"],
                   f"--group-size-fallback={case.get('groupSizeFallback', 'error')}"]
        exports.run_documented(["export", "openvino", "--model", str(CHECKPOINT), "--task", "text-generation-with-past",
                                "--weight-format", "int4", *options, folder])
        graph = pathlib.Path(folder, "openvino_model.xml").read_text(encoding="utf-8")
        return {name: f"{kind} {shape}" for name, kind, shape in MATRIX.findall(graph)}


if __name__ == "__main__":
    cases = [{**case, "types": types(case)} for case in CASES]
    (GOLDEN / "precisions.json").write_text(json.dumps(cases, indent=1) + "\n", encoding="utf-8")
