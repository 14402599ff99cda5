"""Export a model by the documented command, with the documented values where none are given."""
import argparse
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOME = pathlib.Path(os.environ.get("OVCHAT_HOME", ROOT / ".ovchat"))
LISTS = ROOT / "lib/ovchat-export/src/main/resources/dev/ovchat"
# What optimum-intel exports, and the options of its command, by scripts/golden/golden_optimum.py.
KNOWN = LISTS / "decoder/optimum-intel.json"
# The documented command, as Java has it.
DOCUMENTED = LISTS / "export/documented-command.txt"

# What says how weights are stored, and what of it goes with which format.
OF_FORMAT = {"int4": ("--group-size", "--ratio", "--all-layers", "--backup-precision", "--sym"), "int8": ("--sym",)}
OF_WEIGHTS = ("--quant-mode", "--weight-format", *OF_FORMAT["int4"])
# Without any of these, optimum-cli has values of its own for int4, by the model.
OF_COMPRESSION = (
    *OF_FORMAT["int4"], "--group-size-fallback", "--dataset", "--num-samples", "--awq", "--scale-estimation", "--gptq",
    "--lora-correction", "--sensitivity-metric")


def parse(arguments):
    """The options of the documented command, and in their place or beside them those that are given; and these alone."""
    parser = argparse.ArgumentParser(
        prog="./scripts/export --engine optimum", usage="%(prog)s [OPTION …] [output]",
        description="Export a model to OpenVINO by the documented optimum-cli command, with any of its arguments.",
        epilog="What is documented is handed on unless it is given otherwise: ./scripts/export --help says what it means.",
        argument_default=argparse.SUPPRESS)
    parser.add_argument("output", nargs="?", help="model directory")
    parser.add_argument("--engine", help=argparse.SUPPRESS)
    for names, kind in json.loads(KNOWN.read_text(encoding="utf-8"))["options"].items():
        *_, name = names.split()
        how = {"metavar": name[2:].upper()} if kind == "value" else {"action": argparse.BooleanOptionalAction}
        parser.add_argument(*names.split(), dest=name, **how)
    documented = DOCUMENTED.read_text(encoding="utf-8").split()[3:]  # what follows optimum-cli export openvino
    options = parser.parse_args(documented)
    options.output = ROOT / "notebooks" / options.output
    return vars(parser.parse_args(arguments, options)), vars(parser.parse_args(arguments))


def require_no_adapter(arguments):
    """optimum-cli has no such option."""
    if any(argument.split("=")[0] == "--adapter" for argument in arguments):
        sys.exit("--adapter merges a LoRA adapter into the weights, which optimum-cli does not. Leave out --engine optimum, or "
                 "merge the adapter by PEFT's merge_and_unload, and export what that gives.")


def command(arguments):
    """What follows optimum-cli."""
    options, given = parse(arguments)
    first = ["--model", "--task", *(["--weight-format"] if leaves_values(given) else of_weights(options))]
    # A documented value may not go with another format; one that is given is for optimum-cli to judge.
    others = [name for name in options
              if name not in {"output", "engine", *first} and (name in given or name not in OF_WEIGHTS)]
    made = ["export", "openvino"]
    for name in first + others:
        value = options.get(name, False)
        made += [name, value] if isinstance(value, str) else [name] if value else []
    return [*made, str(options["output"])]


def leaves_values(given):
    return given.get("--weight-format") == "int4" and not any(name in given for name in OF_COMPRESSION)


def of_weights(options):
    """A quantization mode is in the place of a format: activations are quantized, too."""
    if "--quant-mode" in options:
        return ["--quant-mode"]
    return ["--weight-format", *OF_FORMAT.get(options["--weight-format"], ())]


def require_known(options):
    """The environment has 6 GB: whether it will do is said before it is installed."""
    known = json.loads(KNOWN.read_text(encoding="utf-8"))
    model, task = options["--model"], options["--task"]
    if os.path.isfile(model):
        sys.exit(f"{model} is a file, and optimum-cli exports directories. A GGUF file is exported without --engine optimum.")
    kind = architecture(model)
    transformers = known["architectures"].get(kind)
    if kind is None or task != known["task"] or transformers == "":
        return
    optimum = f"optimum-intel {known['optimum-intel']}"
    if transformers is None:
        sys.exit(f"{model} is of the architecture {kind}, with which {optimum} generates no text. "
                 "Take a model of another architecture.")
    sys.exit(
        f"{model} is of the architecture {kind}, which {optimum} exports with transformers{transformers}, and "
        f"{known['transformers']} is installed beside it. Take a model that somebody has exported already, or export it by "
        "optimum-cli in an environment with such a version.")


def architecture(model):
    """What config.json says; nothing where it cannot be read, which optimum-cli will tell."""
    folder = model if os.path.isdir(model) else configs(model)
    try:
        config = json.loads((pathlib.Path(folder) / "config.json").read_text(encoding="utf-8"))
        return config.get("model_type")
    except (OSError, ValueError, AttributeError):
        return None


def configs(model):
    """The directory with what the hub has beside the weights."""
    installed = HOME / "venv-export/bin/python"
    download = [installed, ROOT / "scripts/plumbing/download_checkpoint.py"] if installed.exists() else [ROOT / "scripts/download"]
    done = subprocess.run([*download, "--without-weights", model], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout.strip()


def main():
    require_no_adapter(sys.argv[1:])
    arguments = command(sys.argv[1:])
    options, _ = parse(sys.argv[1:])
    require_known(options)
    if failed := subprocess.run([ROOT / "scripts/setup", "export"]).returncode:
        sys.exit(failed)
    program = HOME / "venv-export/bin/optimum-cli"
    print("optimum-cli", *arguments, flush=True)
    os.execv(program, [str(program), *arguments])


if __name__ == "__main__":
    main()
