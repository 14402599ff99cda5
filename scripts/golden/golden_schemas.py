"""Take the schemas of JSON Schema's own test suite for the tests of response formats: scripts/golden/golden_schemas.py

The suite (MIT licence, its text beside the schemas) comes with the sources of jsonschema, which are downloaded into a
folder of this run. Any Python with pip does.
"""
import gzip
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile

VERSION = "4.26.0"
DRAFTS = ["draft4", "draft7", "draft2020-12"]
GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "lib/ovchat/src/test/resources/golden"


def downloaded(folder):
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "jsonschema",
         "--dest", folder, f"jsonschema=={VERSION}"], check=True)
    return tarfile.open(folder / f"jsonschema-{VERSION}.tar.gz")


def schemas(archive):
    """Each schema once, with the draft and the file that it is from."""
    seen, found = set(), []
    for member in sorted(archive.getmembers(), key=lambda member: member.name):
        draft, _, name = member.name.removeprefix(f"jsonschema-{VERSION}/json/tests/").partition("/")
        if draft not in DRAFTS or "/" in name or not name.endswith(".json"):
            continue
        for group in json.load(archive.extractfile(member)):
            text = json.dumps(group["schema"], ensure_ascii=False)
            if (draft, text) not in seen:
                seen.add((draft, text))
                found.append({"draft": draft, "file": name, "schema": text})
    return found


def main():
    with tempfile.TemporaryDirectory() as folder, downloaded(pathlib.Path(folder)) as archive:
        cases = schemas(archive)
        licence = archive.extractfile(f"jsonschema-{VERSION}/json/LICENSE").read()
    text = "[\n" + ",\n".join(map(json.dumps, cases)) + "\n]\n"
    (GOLDEN / "schemas.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    (GOLDEN / "schemas-LICENSE.txt").write_bytes(licence)
    print(f"{len(cases)} schemas")


if __name__ == "__main__":
    main()
