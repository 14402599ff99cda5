"""Say which of a jar and those on its class path is missing or cut off: whole_jars.py JAR    (nothing if none is)"""
import pathlib
import sys
import zipfile


def problem(jar):
    if not zipfile.is_zipfile(jar):  # the list of what is in a jar stands at its end
        return f"{jar} is {'damaged' if jar.exists() else 'missing'}"


def needed(jar):
    """The jars that its manifest names, whose long lines go on after a space."""
    manifest = zipfile.ZipFile(jar).read("META-INF/MANIFEST.MF").decode().replace("\r\n", "\n").replace("\n ", "")
    lines = [line for line in manifest.splitlines() if line.startswith("Class-Path: ")]
    return [jar.parent / name for line in lines for name in line.split()[1:]]


jar = pathlib.Path(sys.argv[1])
found = problem(jar) or next(filter(None, map(problem, needed(jar))), None)
if found:
    print(found)
