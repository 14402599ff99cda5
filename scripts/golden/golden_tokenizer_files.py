"""Make what ovchat knows of transformers' tokenizer classes, and the golden file of tokenizers in many variations, with
two versions of transformers: the one of the export's environment, and the newest.

    .ovchat/venv-export/bin/python scripts/golden/golden_tokenizer_files.py PYTHON_WITH_THE_NEWEST_TRANSFORMERS

Where the two agree, they are the measure. Where they differ, it is the published tokenizer.json with the added tokens of
the files beside it, which is what both read with the class PreTrainedTokenizerFast.
"""
import collections
import gzip
import inspect
import json
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLASSES = ROOT / "lib/ovchat/src/main/resources/dev/ovchat/tokenizerfile/tokenizer-classes.json"
GOLDEN = ROOT / "lib/ovchat/src/test/resources/golden/tokenizer-files.json.gz"

# Those of decoder models. What others build is not taken over: they keep their file.
KNOWN = ["CodeGenTokenizer", "CohereTokenizer", "GPT2Tokenizer", "GPTNeoXTokenizer", "GemmaTokenizer", "LlamaTokenizer", "Qwen2Tokenizer"]
SETTINGS = [{}] + [
    {name: value} for name in ("add_prefix_space", "legacy") for value in (True, False)] + [
    {"add_prefix_space": prefix, "legacy": legacy} for prefix in (True, False) for legacy in (True, False)]


def published(directory):
    from transformers import PreTrainedTokenizerFast
    return PreTrainedTokenizerFast.from_pretrained(directory)


def results(tokenizer, texts, clean):
    """Ids and texts; `clean` None: as the tokenizer's config says."""
    made = []
    for text in texts:
        ids = tokenizer(text)["input_ids"]
        made.append({
            "text": text, "ids": ids, "plain": tokenizer(text, add_special_tokens=False)["input_ids"],
            "decoded": tokenizer.decode(ids, clean_up_tokenization_spaces=clean),
            "readable": tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=clean)})
    return made


def attempt(load, texts, clean=None):
    try:
        return results(load(), texts, clean)
    except Exception as e:  # whatever one version says of a file, the other may take it
        return {"error": type(e).__name__}


def parts(tokenizer):
    """What a class builds, as a tokenizer.json has it."""
    built = json.loads(tokenizer.backend_tokenizer.to_str())
    for name in ("vocab", "merges"):
        built["model"].pop(name)
    return {name: built[name] for name in ("normalizer", "pre_tokenizer", "decoder", "model")}


def describe(name):
    """A class's tokens and steps, for each value of the settings that it knows."""
    import transformers
    make = getattr(transformers, name)
    vocabulary = {token: id for id, token in enumerate(["a", "b", "ab"])}

    def built(**settings):
        return make(vocab=dict(vocabulary), merges=[("a", "b")], **settings)
    plain = built()
    source = inspect.getsource(make.__init__)
    described = {
        "tokens": {key: str(value) for key, value in plain._special_tokens_map.items() if value is not None},
        "knowsUnknown": parts(built(unk_token="??"))["model"]["unk_token"] == "??",
        # Some add their special tokens once more, at the end: as they are, or without flags.
        "addsAgainWithFlags": True if "self._post_init()" in source else False if "self.add_tokens(" in source else None,
        "steps": [],
    }
    for settings in SETTINGS:
        steps = parts(built(**settings))
        # Only what a shorter list of settings does not say.
        before = [step for step in described["steps"] if step["when"].items() <= settings.items()]
        if not before or before[-1]["steps"] != steps:
            described["steps"].append({"when": settings, "steps": steps})
    return described


def mapping():
    from transformers.models.auto import tokenization_auto
    from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES
    names = tokenization_auto.TOKENIZER_MAPPING_NAMES
    single = {key: next(filter(None, value), None) if isinstance(value, tuple) else value for key, value in names.items()}
    # Decoders alone: no other model is run.
    return {key: (single.get(key) or "").removesuffix("Fast") for key in sorted(MODEL_FOR_CAUSAL_LM_MAPPING_NAMES)}


def work(directory):
    """In each version: print what it knows, and what it makes of the cases in a directory."""
    import transformers
    from transformers import AutoTokenizer
    made = {"version": transformers.__version__, "mapping": mapping(), "classes": {name: describe(name) for name in KNOWN}}
    made["cases"] = []
    for case in sorted(pathlib.Path(directory).iterdir()):
        texts = json.loads((case / "texts.json").read_text(encoding="utf-8"))
        made["cases"].append({
            "auto": attempt(lambda: AutoTokenizer.from_pretrained(case), texts),
            # What the two make of the spaces that a BPE model gives is not the same.
            "kept spaces": attempt(lambda: AutoTokenizer.from_pretrained(case), texts, clean=False),
            "published": attempt(lambda: published(case), texts, clean=False)})
    print(json.dumps(made))


def run(python, directory):
    done = subprocess.run([python, __file__, "--work", directory], stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def classes(old, new):
    """What both agree on."""
    registered = {name: new["mapping"].get(name, "") for name in old["mapping"]}
    known = {}
    for name in KNOWN:
        if old["classes"][name] != new["classes"][name]:
            print(f"{name}: the two differ")
            continue
        known[name] = {"modelTypes": sorted(
            key for key, value in registered.items() if value == name == old["mapping"][key]), **new["classes"][name]}
    free = {key for key, value in registered.items() if not value and not old["mapping"][key]}
    taken = set(old["mapping"]) | set(new["mapping"])
    elsewhere = sorted(taken - free - {key for value in known.values() for key in value["modelTypes"]})
    return {"versions": [old["version"], new["version"]], "otherModelTypes": elsewhere, "classes": known}


def expected(old, new):
    """The measure of a case, and its results; nothing where neither takes it."""
    if not isinstance(old["auto"], list) and not isinstance(new["auto"], list):
        return None
    for kind in ("auto", "kept spaces"):
        if old[kind] == new[kind]:
            return {"measure": kind, "results": new[kind]}
    if [plain(old), plain(new)] == [plain(new)] * 2:  # but for the tokens that are put around a text
        return {"measure": "plain", "results": plain(new)}
    if old["published"] == new["published"] and isinstance(new["published"], list):
        return {"measure": "published", "results": new["published"]}
    return None


def makes_pieces_of_a_list(files, known):
    """Such a class makes a BPE without merges of a Unigram's list, which knows letters alone: ovchat takes the file."""
    model_type = files["config.json"]["model_type"]
    registered = [name for name, value in known["classes"].items() if model_type in value["modelTypes"]]
    named = files.get("tokenizer_config.json", {}).get("tokenizer_class", "").removesuffix("Fast")
    return (named or "".join(registered)) in known["classes"] and isinstance(files["tokenizer.json"]["model"]["vocab"], list)


def plain(case):
    made = case["auto"]
    return [{"text": result["text"], "plain": result["plain"]} for result in made] if isinstance(made, list) else made


def main():
    if sys.argv[1] == "--work":
        return work(sys.argv[2])
    from tokenizer_variations import bases, variations
    with tempfile.TemporaryDirectory() as directory:
        cases = variations()
        for number, case in enumerate(cases):
            place = pathlib.Path(directory, f"{number:04}")
            place.mkdir()
            for name, content in case["files"].items():
                (place / name).write_text(json.dumps(content), encoding="utf-8")
            (place / "texts.json").write_text(json.dumps(case["texts"]), encoding="utf-8")
        old, new = run(sys.executable, directory), run(sys.argv[1], directory)
    known = classes(old, new)
    CLASSES.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    kept = []
    for case, before, after in zip(cases, old["cases"], new["cases"]):
        measure = expected(before, after)
        if measure and not makes_pieces_of_a_list(case["files"], known):
            files = {name: content for name, content in case["files"].items() if name != "tokenizer.json"}
            added = case["files"]["tokenizer.json"]["added_tokens"]
            kept.append({"name": case["name"], "base": case["base"], "addedTokens": added, "files": files, **measure})
    count = collections.Counter(case["measure"] for case in kept)
    print(f"{len(cases)} cases: {dict(count)}, {len(cases) - len(kept)} without a measure")
    content = {"bases": bases(), "cases": kept}
    GOLDEN.write_bytes(gzip.compress(json.dumps(content).encode(), mtime=0))


if __name__ == "__main__":
    main()
