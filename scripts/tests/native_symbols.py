"""What native libraries export, need and import, as JSON: native_symbols.py FILE…

Runs in the environment of ./scripts/setup systems, which has lief.
"""
import json
import pathlib
import sys

import lief


def symbols(path):
    library = lief.parse(path)
    if isinstance(library, lief.MachO.FatBinary):
        library = library.at(0)
    is_mac = isinstance(library, lief.MachO.Binary)
    plain = (lambda name: name.removeprefix("_")) if is_mac else (lambda name: name)
    of_glibc = [version.name for needed in library.symbols_version_requirement for version in needed.get_auxiliary_symbols()
                if version.name.startswith("GLIBC_")] if isinstance(library, lief.ELF.Binary) else []
    if is_mac:
        exported, imported = library.exported_symbols, library.imported_symbols
        needed = [it.name for it in library.libraries if it.command != lief.MachO.LoadCommand.TYPE.ID_DYLIB]
    elif isinstance(library, lief.ELF.Binary):
        exported, imported, needed = library.exported_symbols, library.imported_symbols, library.libraries
    else:
        exported, needed = library.exported_functions, library.libraries
        imported = [entry for module in library.imports for entry in module.entries]
    return {
        "exported": sorted(plain(it.name) for it in exported), "imported": sorted(plain(it.name) for it in imported),
        "needed": sorted(needed), "glibc": sorted(of_glibc), "signed": is_mac and library.has_code_signature}


print(json.dumps({pathlib.PurePath(path).name: symbols(path) for path in sys.argv[1:]}))
