"""List the options of the documented command and the architectures that it exports for text generation, in the export's
environment:

    .ovchat/venv-export/bin/python scripts/golden/golden_optimum.py

optimum-intel caps some architectures at an older transformers than the one that environment/constraints-export.txt pins
beside it; the command then fails, but only after 6 GB are installed. Both commands look into this list before. It comes from
optimum-intel's own register of export configs, and from its own comparison of versions; the options come from its own parser.
"""
import argparse
import importlib.metadata
import json
import pathlib

import optimum.exporters.openvino.model_configs  # noqa: F401  fills the register
from optimum.commands.export.openvino import parse_args_openvino
from optimum.exporters.tasks import TasksManager
from optimum.intel.utils.import_utils import is_transformers_version

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIST = ROOT / "lib/ovchat-export/src/main/resources/dev/ovchat/decoder/optimum-intel.json"
TASK = "text-generation-with-past"


def limits(kind):
    """The oldest and the newest transformers that an export config works with."""
    tasks = TasksManager._SUPPORTED_MODEL_TYPE[kind].get("openvino", {})
    if TASK not in tasks:
        return None
    config = getattr(tasks[TASK], "func", tasks[TASK])
    return [str(getattr(config, f"{end}_TRANSFORMERS_VERSION", None) or "") for end in ("MIN", "MAX")]


def architectures():
    """Where this transformers will not do, which one would."""
    for kind in sorted(TasksManager._SUPPORTED_MODEL_TYPE):
        if found := limits(kind):
            oldest, newest = found
            too_old = oldest and is_transformers_version("<", oldest)
            too_new = newest and is_transformers_version(">", newest)
            yield kind, f">={oldest}" if too_old else f"<={newest}" if too_new else ""


def options():
    """The names of each, and whether it takes a value."""
    parser = argparse.ArgumentParser(add_help=False)
    parse_args_openvino(parser)
    for action in parser._actions:
        if action.option_strings:
            yield " ".join(action.option_strings), "flag" if action.nargs == 0 else "value"


if __name__ == "__main__":
    versions = {name: importlib.metadata.version(name) for name in ("optimum-intel", "transformers")}
    LIST.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(
        versions | {"task": TASK, "options": dict(options()), "architectures": dict(architectures())}, indent=2)
    LIST.write_text(text + "\n", encoding="utf-8")
