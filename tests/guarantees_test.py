#!/usr/bin/env python3
"""docs/guarantees.md names the tests that prove its promises: each of them must be in the sources."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent

NAME = re.compile(r"`([a-z]+)\.([A-Z]\w+)(?:\.(\w+))?`")
TEST = re.compile(r"^TEST(?:_[FP])?\((\w+),\s*(\w+)\)", re.MULTILINE)


def named_tests(text):
    """(folder, suite, test or None for the whole suite) of every name in backquotes."""
    return [match.groups() for match in NAME.finditer(text)]


def existing_tests(root):
    found = set()
    for path in (root / "tests").glob("*/*_test.cc"):
        for suite, test in TEST.findall(path.read_text()):
            found |= {(path.parent.name, suite, test), (path.parent.name, suite, None)}
    return found


class Guarantees(unittest.TestCase):
    TEXT = (ROOT / "docs" / "guarantees.md").read_text()

    def test_every_test_that_is_named_exists(self):
        named = named_tests(self.TEXT)
        self.assertGreater(len(named), 40)
        self.assertEqual([name for name in named if name not in existing_tests(ROOT)], [])

    def test_every_promise_names_a_proof_and_its_limits(self):
        for section in self.TEXT.split("\n## ")[1:]:
            self.assertIn("**Limits.**", section)
            self.assertTrue(named_tests(section), section.splitlines()[0])


if __name__ == "__main__":
    unittest.main()
