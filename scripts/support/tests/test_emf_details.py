"""The checker of detailed lines: right ones pass, and each way of being wrong is named."""

import copy
import json
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from test_check_emf import a_save, exchange  # noqa: E402

from check_emf import check_lines  # noqa: E402
from emf_details import UNITS  # noqa: E402


def detail(main, part, members, dimensions):
    names = [name for name in members if name in UNITS]
    directive = {
        "Namespace": "Tally/Detail",
        "Dimensions": [["service", *dimensions]],
        "Metrics": [{"Name": name, "Unit": UNITS[name]} for name in names],
    }
    identity = {name: main[name] for name in ("service", "functionName", "functionVersion", "requestId")}
    metadata = {"Timestamp": main["_aws"]["Timestamp"], "CloudWatchMetrics": [directive]}
    return {"_aws": metadata, **identity, "part": part, **dimensions, **members}


def a_detailed_save():
    recording, main, invocation = a_save()
    invocation.level = "detailed"
    main["dynamodb"][0]["gsiWcu"] = {"by-day": 1}
    zeros = {"Operations": 1, "Errors": 0, "Retries": 0, "Throttles": 0}
    lines = [
        detail(main, 2, {"Duration": 5.5, **zeros, "WriteUnits": 2}, {"table": "table", "operation": "PutItem"}),
        detail(main, 3, {"Duration": 4.25, **zeros}, {"operation": "GenerateDataKey"}),
        detail(main, 4, {"Duration": 11.0, **zeros}, {"bucket": "bucket", "operation": "PutObject"}),
        detail(main, 5, {"IndexWriteUnits": 1}, {"table": "table", "index": "by-day"}),
    ]
    return recording, [main, *lines], invocation


def check(recording, lines, invocation):
    return check_lines([json.dumps(line) for line in lines], recording, invocation)


class DetailsTest(unittest.TestCase):
    def test_right_lines_pass(self):
        self.assertEqual(check(*a_detailed_save()), [])

    def test_each_falsified_figure_is_noticed(self):
        recording, lines, invocation = a_detailed_save()
        for number in range(1, len(lines)):
            for name, value in lines[number].items():
                if name == "_aws":
                    continue
                wrong = copy.deepcopy(lines)
                wrong[number][name] = value + 1 if isinstance(value, (int, float)) else value + "x"
                self.assertTrue(check(recording, wrong, invocation), f"line {number}: {name}")

    def test_a_line_that_is_missing_twice_or_out_of_order_is_noticed(self):
        recording, lines, invocation = a_detailed_save()
        for number in range(1, len(lines)):
            self.assertTrue(check(recording, lines[:number] + lines[number + 1 :], invocation))
        self.assertTrue(check(recording, [*lines, lines[1]], invocation))
        self.assertTrue(check(recording, [lines[0], *reversed(lines[1:])], invocation))
        self.assertTrue(check(recording, lines[1:], invocation))

    def test_an_error_has_a_line_by_its_code(self):
        recording, lines, invocation = a_detailed_save()
        recording.append(exchange("kms", "Decrypt", 35, 36, resource="k", status=400, error="AccessDeniedException"))
        main = lines[0]
        main |= {"KMSCalls": 2, "KMSAttempts": 2, "KMSErrors": 1, "KMSDuration": 5.5}
        main |= {"EstimatedCost": 12.25, "AWSWaitTime": 23.0}
        main["kms"].append({"op": "Decrypt", "key": "k", "n": 1, "ms": 1.25, "errors": 1})
        figures = {"Duration": 1.25, "Operations": 1, "Errors": 1, "Retries": 0, "Throttles": 0}
        lines.append(detail(main, 6, figures, {"operation": "Decrypt"}))
        error = {"dependency": "KMS", "errorCode": "AccessDeniedException"}
        lines.append(detail(main, 7, {"ErrorsByCode": 1}, error))
        self.assertEqual(check(recording, lines, invocation), [])

        lines[-1]["ErrorsByCode"] = 2
        self.assertIn("1 by the recording", "; ".join(check(recording, lines, invocation)))

    def test_at_summary_there_are_none(self):
        recording, lines, invocation = a_detailed_save()
        invocation.level = "summary"

        self.assertEqual(check(recording, lines, invocation), ["4 detailed lines at level summary"])


if __name__ == "__main__":
    unittest.main()
