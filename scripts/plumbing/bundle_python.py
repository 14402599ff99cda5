"""Copy this Python environment so that it runs at any path: bundle_python.py TARGET PATCHELF

A virtual environment is tied to the Python of its machine. The copy is a whole Python instead: interpreter,
standard library, packages, and the shared libraries that they need beyond the C library's own. An interpreter
looks for its library beside its own file first, so the copy can be moved.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import sysconfig

# Parts of the C library, which fit the machine's kernel and loader only there.
C_LIBRARY = re.compile(r"(ld-linux.*|linux-vdso|lib(c|m|mvec|pthread|dl|rt|util|resolv|anl|nss_\w+))\.so")
# What no notebook needs: tests, windows, headers, tools to build and install Python.
LEFT_OUT = shutil.ignore_patterns(
    "test", "tests", "idlelib", "tkinter", "_tkinter*", "turtle*", "ensurepip", "lib2to3", "config-*",
    "site-packages", "dist-packages", "*.opt-[12].pyc")


def shared_libraries(files):
    """Where the loader finds what these files need."""
    lines = subprocess.run(["ldd", *files], capture_output=True, text=True).stdout.splitlines()
    missing = sorted({line.split()[0] for line in lines if line.endswith("not found")})
    if missing:
        print("Not in the bundle, since this machine lacks them as well:", *missing, file=sys.stderr)
    found = {pathlib.Path(match[1]) for line in lines if (match := re.search(r"=> (/.*) \(0x", line))}
    return [pathlib.Path(os.path.normpath(path)) for path in found if not C_LIBRARY.match(path.name)]


def copy(target, patchelf):
    standard = pathlib.Path(sysconfig.get_path("stdlib"))
    program, folder = target / "bin/python", target / standard.relative_to(sys.base_prefix)

    def left_out(path, names):
        return {"bin", "include", "pyvenv.cfg"} if path == sys.prefix else set()

    shutil.copytree(sys.prefix, target, symlinks=True, ignore=left_out)
    shutil.copytree(standard, folder, ignore=LEFT_OUT, dirs_exist_ok=True)
    program.parent.mkdir()
    shutil.copy(os.path.realpath(sys._base_executable), program)

    libraries = target / "lib/shared-libraries"
    libraries.mkdir()
    for path in shared_libraries([program, *folder.glob("lib-dynload/*.so")]):
        shutil.copy(path, libraries)
    files = [program, *folder.glob("lib-dynload/*.so"), *libraries.iterdir()]
    for file in files:
        file.chmod(0o755)
        place = os.path.relpath(libraries, file.parent)
        # An RPATH reaches the libraries' own libraries too.
        subprocess.run([patchelf, "--force-rpath", "--set-rpath", f"$ORIGIN/{place}", file], check=True)
    outside = [str(path) for path in shared_libraries(files) if path.parent != libraries]
    assert not outside, f"These would be taken from the machine: {outside}"

    # Where Linux distributions look for packages instead.
    places = subprocess.run(
        [program, "-Ic", "import site; print(*site.getsitepackages(), sep='\\n')"],
        check=True, capture_output=True, text=True).stdout.splitlines()
    packages = folder / "site-packages"
    if str(packages) not in places:
        place = pathlib.Path(places[-1])
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(os.path.relpath(packages, place.parent))


copy(pathlib.Path(sys.argv[1]), sys.argv[2])
