"""Fill in a kernel spec: kernel_spec.py TEMPLATE TARGET NAME=VALUE…

Each @NAME@ becomes its VALUE. @KERNEL_CLASS@ is the main class of the jar KERNEL_JAR. An argument of the kernel that has
only an empty value is left out.
"""
import json
import os
import pathlib
import re
import sys
import zipfile

template, target = map(pathlib.Path, sys.argv[1:3])
values = dict(argument.split("=", 1) for argument in sys.argv[3:])
manifest = zipfile.ZipFile(values["KERNEL_JAR"]).read("META-INF/MANIFEST.MF").decode()
values["KERNEL_CLASS"] = re.search(r"^Main-Class: (\S+)", manifest, re.MULTILINE)[1]


def fill(node):
    if isinstance(node, dict):
        return {key: fill(value) for key, value in node.items()}
    if isinstance(node, list):
        return [fill(value) for value in node if values.get(str(value).strip("@")) != ""]
    return re.sub(r"@(\w+)@", lambda match: values[match[1]], node)


spec = fill(json.loads(template.read_text(encoding="utf-8")))
target.parent.mkdir(parents=True, exist_ok=True)
text = json.dumps(spec, indent=2) + "\n"
if not target.exists() or target.read_bytes() != text.encode():  # it may be read-only by now
    aside = target.with_suffix(f".{os.getpid()}")
    aside.write_text(text, encoding="utf-8")
    aside.replace(target)
