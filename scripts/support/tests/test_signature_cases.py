"""The cases that Tally's signatures are compared with: always the same ones, and of every kind."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from signature_cases import cases  # noqa: E402


class SignatureCasesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cases = cases()

    def test_the_same_requests_come_out_every_time(self):
        self.assertEqual(cases(100), self.cases[:100])

    def test_another_seed_makes_others(self):
        self.assertNotEqual(cases(4, seed=5), self.cases[:4])

    def test_every_kind_is_as_frequent(self):
        for kind in ("header", "s3-header", "query", "s3-query"):
            self.assertEqual(sum(case["kind"] == kind for case in self.cases), 250)

    def test_what_is_easily_done_wrong_occurs_often(self):
        """A generator that forgets one of these would make the comparison prove less without failing."""
        paths = [case["url"].split("?")[0].partition("://")[2] for case in self.cases]
        queries = [case["url"].partition("?")[2] for case in self.cases]
        names = [[pair.split("=")[0] for pair in query.split("&")] for query in queries if query]
        values = [value for case in self.cases for _, value in case["headers"]]
        found = {
            "two slashes": sum("//" in path for path in paths),
            "a dot segment": sum("/./" in path or "/../" in path for path in paths),
            "an escape": sum("%" in path for path in paths),
            "an escaped percent sign": sum("%25" in path for path in paths),
            "raw unicode": sum(not path.isascii() for path in paths),
            "a name twice": sum(len(set(each)) < len(each) for each in names),
            "a parameter without a value": sum("=&" in f"{query}&" for query in queries),
            "a parameter without equals sign": sum("=" not in each for query in queries for each in query.split("&")),
            "spaces in a row": sum("  " in value.strip() for value in values),
            "spaces at the ends": sum(value != value.strip() for value in values),
            "an empty value": sum(not value for value in values),
            "a token": sum(case["token"] is not None for case in self.cases),
            "an unsigned payload": sum(case["payload"] == "unsigned" for case in self.cases),
            "a checksum that follows": sum(case["payload"] == "trailer" for case in self.cases),
        }
        for what, count in found.items():
            self.assertGreaterEqual(count, 20, what)

    def test_the_signature_ends_what_came_of_it(self):
        for case in self.cases:
            self.assertRegex(case["result"], r"Signature=[0-9a-f]{64}$")


if __name__ == "__main__":
    unittest.main()
