"""Puts the functions that Java calls, of C++ that JavaCPP has generated, in one order: in_order.py FILE…

JavaCPP writes them in the order in which the JVM lists methods. That is another one from run to run, and would make other
bytes of the library each time. They come last, after all that they use.
"""
import pathlib
import re
import sys

FUNCTION = re.compile(r"^JNIEXPORT [^\n]* JNICALL Java_.*?^}\n", re.DOTALL | re.MULTILINE)


def in_order(source):
    functions = [*FUNCTION.finditer(source)]
    end = functions[-1].end()
    return FUNCTION.sub("", source[:end]) + "".join(sorted(it[0] for it in functions)) + source[end:]


for path in map(pathlib.Path, sys.argv[1:]):
    path.write_text(in_order(path.read_text()))
