"""Fill in a kernel spec: kernel_spec.py TEMPLATE TARGET NAME=VALUE…

Each @NAME@ becomes its VALUE. @KERNEL_CLASS@ is the main class of the jar KERNEL_JAR. An argument of the kernel that is
the name of an empty value is left out.

Of the JVM's options in the template, -XX:TieredStopAtLevel=1 leaves out the optimizing compiler, which in a notebook uses
a core for as long as the cells take, and makes none faster. The options -Xlog keep its warnings about an archive that it
cannot use, such as that of another JDK, out of the log; errors stay.
"""
import json
import os
import pathlib
import re
import sys
import zipfile

template, target = map(pathlib.Path, sys.argv[1:3])
values = dict(argument.split("=", 1) for argument in sys.argv[3:])
with zipfile.ZipFile(values["KERNEL_JAR"]) as jar:
    manifest = jar.read("META-INF/MANIFEST.MF").decode()
empty = {f"@{name}@" for name, value in values.items() if not value}
values["KERNEL_CLASS"] = re.search(r"^Main-Class: (\S+)", manifest, re.MULTILINE | re.IGNORECASE)[1]


def fill(node):
    if isinstance(node, dict):
        return {key: fill(value) for key, value in node.items()}
    if isinstance(node, list):
        return [fill(value) for value in node if value not in empty]
    return re.sub(r"@(\w+)@", lambda match: values[match[1]], node)


spec = fill(json.loads(template.read_text(encoding="utf-8")))
target.parent.mkdir(parents=True, exist_ok=True)
text = json.dumps(spec, indent=2) + "\n"
if not target.exists() or target.read_bytes() != text.encode():  # it may be read-only by now
    aside = target.with_suffix(f".{os.getpid()}")
    aside.write_text(text, encoding="utf-8")
    aside.replace(target)
