"""Runs tests as `python -m unittest` does: python scripts/tests/tried.py discover …

With TRY_AGAIN=yes, up to three that failed are tried once more. One that passes then is named as a flake: a fault to mend.
"""
import os
import sys
import unittest
from unittest.util import strclass

MOST_AGAIN = 3


class Runner(unittest.TextTestRunner):
    def __init__(self, **options):
        super().__init__(**{**options, "verbosity": 2})

    def run(self, test):
        cases = list(cases_of(test))  # a suite forgets them as it runs
        result = super().run(test)
        failed = {getattr(case, "test_case", case).id() for case, _ in result.failures + result.errors}
        again = [case for case in cases if failed & names_of(case)]
        if os.environ.get("TRY_AGAIN") != "yes" or not 0 < len(again) <= MOST_AGAIN:
            return result
        second = super().run(unittest.TestSuite(again))
        if second.wasSuccessful():
            print("".join(f"Flake: {case.id()}\n" for case in again), end="", file=sys.stderr)
        return second


def cases_of(test):
    if isinstance(test, unittest.TestSuite):
        for each in test:
            yield from cases_of(each)
    else:
        yield test


def names_of(case):
    """Its own, and unittest's for the steps before and after its class and module, whose failure is not of any test."""
    kind = type(case)
    steps = {"Class": strclass(kind), "Module": kind.__module__}
    return {case.id()} | {f"{step}{part} ({name})" for part, name in steps.items() for step in ("setUp", "tearDown")}


if __name__ == "__main__":
    unittest.main(module=None, testRunner=Runner)
