"""Make the golden file of JSON as Python reads it; any Python from 3.11 on:

    python3 scripts/golden/golden_json.py

Each document is written to a file and read as transformers reads a config: json.load of the file opened as UTF-8.
"""
import gzip
import json
import pathlib
import random
import struct
import sys
import tempfile

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "lib/ovchat/src/test/resources/golden"
CHANGED = 300

VALUES = r"""
0 -0 1 -1 007 01 -01 +1 1. .5 -.5 1.5 1e5 1E5 1e+5 1e-5 1e 1e+ 1.e5 0.1e1 - -- 1_000 0x10 1f 1L 12a 1.2.3 ٣
123456789012345678901234567890 -123456789012345678901234567890 1e400 -1e400 1e-400 0.1234567890123456789 2.5e-324
9223372036854775807 9223372036854775808 3.0 -0.0 1e22 1.7976931348623157e308 1.7976931348623159e308
NaN Infinity -Infinity +Infinity -NaN +NaN nan inf INF -INF +INF Inf NaNs Infinit Infinity1 NAN infinity -infinity
true false null True False None TRUE nul tru truex null1 undefined
"" "a" "a\nb" "\n" "\\" "\/" "\"" "\b\f\n\r\t" "\u00e9" "\u00E9" "\uD83D\uDE00" "\ud83d" "\ude00" "\ude00\ud83d"
"\ud83dx" "\ud83d\u0041" "\u12" "\u12g4" "\x41" "\a" "\'" "\0" "\u0000" "\u" "\U0001F600" 'a' "a 'a" “a” `a`
[] [1] [1,2] [1,] [,1] [1,,2] [1 2] [1;2] [ [1] [1]] [[[]]] [[[]] {} {"b":1} {"b":1,} {,} {"b"} {"b":} {b:1} {"b" 1}
{1:2} {null:1} {"b":1 "c":2} {'b':1} {"":1} {"b":1,"b":2} {"b":{"x":1},"b":{"y":2}} {"b":1,"c":2,"b":3}
{"b":[1],"b":null} {"\u0062":1,"b":2} [NaN,1] [1,NaN] {"b":NaN} [-Infinity] [{"b":1,"b":2}] //x /*x*/1 1/*x*/ #x
""".split()

# With blanks, or with characters that are not seen.
OTHERS = [
    '"a b"', '"a\tb"', '"a\nb"', '"a\rb"', '"a\x00b"', '"a\x1fb"', '"a\x7fb"', '"a\x1bb"', '"a\u2028b"', '"é"', '"😀"',
    '"\ufeff"', "1\t", "\r\n1", "\x0b1", "\x0c1", "\xa01", "\u20281", "\ufeff1", "1\x00", '"\\ud83d \\ude00"',
    '{"b" : 1 , "c":[ 1 , 2 ] }', '{"b": /*x*/ 1}', "[1,\n2\n]", '"a\\\nb"', "1" * 4300, "1" * 4301, "-" + "1" * 4300,
    "-" + "1" * 4301, "1" * 5000 + ".0", "0." + "1" * 5000, "1e" + "9" * 400, '"' + "a" * 200000 + '"',
    '{"' + "k" * 100000 + '": 1}', "[" * 100 + "]" * 100, "[" * 900 + "]" * 900, "[" * 5000 + "]" * 5000,
    '{"b":' * 900 + "1" + "}" * 900, '{"b":' * 5000 + "1" + "}" * 5000, "[" * 100000, "[1]" * 2,
]

WHOLE = [
    b"", b" ", b"{}", b" {} ", b"\n{}\n", b"{", b"}", b"{}}", b"{} {}", b"{}{}", b"{}x", b"{}\x00", b"[]", b"1", b"null",
    b'"a"', b"NaN", b"x", b"\xef\xbb\xbf{}", b" \xef\xbb\xbf{}", b"\xef\xbb\xbf", b"\xff\xfe{\x00}\x00", b"{\x00}\x00",
    b"\xfe\xff\x00{\x00}", b"\x00{\x00}", b"{\x00\x00\x00}\x00\x00\x00", b"\x00\x00\x00{\x00\x00\x00}",
    b'{"a":"\xff"}', b'{"a":"\xc3"}', b'{"a":"\xc3\xa9"}', b'{"a":"\xed\xa0\x80"}', b'{"a":"\xc0\x80"}',
    b'{"a":"\xf0\x9f\x98\x80"}', b'{"a":"\xf4\x90\x80\x80"}', b'{"a":"\xe9"}', b'{"a":1}\xff', b'{"\xff":1}', b"\x80",
    b'{"a":1}\r\n', b'\r{"a":1}', b'{"a":1}\x1a', b'{"a":"x\r\ny"}', b'{"a":1,"a":2}', b'{"a":1', b'{"a":"', b'{"a":tru',
    b'{"a"', b'{"a":', b'{"a":1,', b'{"a":[', b'{"a":-', b'{"a":"\\', b'{"a":"\\u12',
]

SAMPLE = '{"vocab_size": 32064, "rope": {"type": "su", "list": [1.5, -2e3, null]}, "tie": false, "é": "\\u00e9😀\\n"}'


def changed():
    """A usual document with bytes of it changed, left out or doubled."""
    chance = random.Random(14)
    for _ in range(CHANGED):
        data = bytearray(SAMPLE.encode())
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(data))
            match chance.randrange(3):
                case 0:
                    data[place] = chance.choice(b'{}[]":,0123456789-.eEnNtf\\u \n\x00\x1b\x80\xc3')
                case 1:
                    del data[place]
                case 2:
                    data[place:place] = data[place:place + chance.randint(1, 9)]
        yield bytes(data)


def documents():
    for value in VALUES + OTHERS:
        yield b'{"a":' + value.encode("utf-8", "surrogatepass") + b"}"
    yield from WHOLE
    yield from changed()


def shown(value):
    """A value in letters that every language writes alike: numbers by their bits, texts by their UTF-16."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int):
        return f"i{value}"
    if isinstance(value, float):
        return "nan" if value != value else struct.pack(">d", value).hex()
    if isinstance(value, str):
        return '"' + value.encode("utf-16-be", "surrogatepass").hex() + '"'
    if isinstance(value, list):
        return "[" + ",".join(map(shown, value)) + "]"
    return "{" + ",".join(f"{shown(key)}:{shown(one)}" for key, one in value.items()) + "}"


def read(path):
    """What the document says; None where Python takes none of it, or it is no object."""
    try:
        with open(path, encoding="utf-8") as reader:
            value = json.load(reader)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(10 * limit)  # for what is deep; not for the reading, which it would change
    try:
        return shown(value)
    finally:
        sys.setrecursionlimit(limit)


def main():
    path = pathlib.Path(tempfile.mkdtemp()) / "config.json"
    cases = []
    for document in documents():
        path.write_bytes(document)
        cases.append({"document": document.hex(), "value": read(path)})
    text = "[\n" + ",\n".join(map(json.dumps, cases)) + "\n]\n"
    (GOLDEN / "json.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{len(cases)} documents, of which Python refuses {sum(case['value'] is None for case in cases)}")


if __name__ == "__main__":
    main()
