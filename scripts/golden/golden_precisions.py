"""Make the golden file of the precisions that the documented command chooses, in the export's environment:

    .ovchat/venv-export/bin/python scripts/golden/golden_precisions.py

For each share of four-bit weights: the type of every matrix of the demo model, by the name of its layer.
"""
import json
import pathlib
import re
import sys
import tempfile

from golden import GOLDEN
from demo_model import CHECKPOINT

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "comparison"))
import exports  # noqa: E402

CASES = [{"ratio": ratio, "groupSize": 128, "allLayers": False} for ratio in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)]
CASES += [{"ratio": ratio, "groupSize": size, "allLayers": True} for ratio, size in ((0.3, 64), (0.7, -1), (1.0, 32))]
MATRIX = re.compile(r'name="(?:self\.)?([\w.]+)\._openvino_orig_weight" type="Const"[^>]*>\s*<data element_type="(\w+)"')


def types(case):
    with tempfile.TemporaryDirectory() as folder:
        options = [f"--ratio={case['ratio']}", f"--group-size={case['groupSize']}", "--sym", *["--all-layers"] * case["allLayers"]]
        exports.run_documented(["export", "openvino", "--model", str(CHECKPOINT), "--task", "text-generation-with-past",
                                "--weight-format", "int4", *options, folder])
        return dict(MATRIX.findall(pathlib.Path(folder, "openvino_model.xml").read_text(encoding="utf-8")))


if __name__ == "__main__":
    cases = [{**case, "types": types(case)} for case in CASES]
    (GOLDEN / "precisions.json").write_text(json.dumps(cases, indent=1) + "\n", encoding="utf-8")
