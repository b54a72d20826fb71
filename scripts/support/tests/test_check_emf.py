"""The checker: a right line passes, and each way of being wrong is named."""

import copy
import json
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from check_emf import TIMEOUT_ONLY, UNITS, Invocation, check_line  # noqa: E402
from doctor import falsified  # noqa: E402
from emf_rules import violations  # noqa: E402
from recorded_calls import calls, union_milliseconds  # noqa: E402

NOW = time.time()


def exchange(service, operation, start, end, **members):
    absent = "error resource key index part readUnits writeUnits items scanned requestId call".split()
    return {
        **dict.fromkeys(absent),
        "service": service,
        "operation": operation,
        "status": 200,
        "bytesIn": 10,
        "bytesOut": 10,
        "start": NOW + start / 1000,
        "end": NOW + end / 1000,
        **members,
    }


def a_save():
    """The recording, the line and the invocation of a save with a file of 1,000 bytes."""
    recording = [
        exchange("s3", "PutObject", 10, 20, resource="bucket", key="k", bytesIn=1000),
        exchange("kms", "GenerateDataKey", 22, 26, resource="alias/documents"),
        exchange("dynamodb", "PutItem", 28, 33, resource="table", writeUnits=2.0),
    ]
    figures = dict.fromkeys(UNITS.keys() - TIMEOUT_ONLY, 0) | {
        "HandlerDuration": 30.0, "ColdStart": 1, "InitDuration": 3.0, "RemainingTime": 950.0, "MaxMemoryUsed": 9.5,
        "AWSWaitTime": 21.5, "DynamoDBDuration": 5.5, "DynamoDBOperations": 1, "DynamoDBAttempts": 1,
        "DynamoDBWriteUnits": 2, "KMSDuration": 4.25, "KMSCalls": 1, "KMSAttempts": 1, "S3Duration": 11.0, "S3Calls": 1,
        "S3Attempts": 1, "S3BytesUploaded": 1000, "EstimatedCost": 2 * 0.625 + 3 + 5,
    }  # fmt: skip
    directive = {
        "Namespace": "Tally",
        "Dimensions": [["service"]],
        "Metrics": [{"Name": name, "Unit": unit} for name, unit in UNITS.items() if name in figures],
    }
    root = {
        "_aws": {"Timestamp": int(NOW * 1000) + 40, "CloudWatchMetrics": [directive]},
        "service": "documents",
        "functionName": "documents",
        "functionVersion": "$LATEST",
        "requestId": "R",
        "outcome": "success",
        "dynamodb": [{"op": "PutItem", "table": "table", "n": 1, "ms": 5.5, "wcu": 2}],
        "kms": [{"op": "GenerateDataKey", "key": "alias/documents", "n": 1, "ms": 4.25}],
        "s3": [{"op": "PutObject", "bucket": "bucket", "n": 1, "ms": 11.0, "up": 1000}],
        **figures,
    }
    invocation = Invocation(
        "R", NOW, NOW + 0.1, 1000, True, "documents", "documents", memory=(8000, 10000),
        constants={"GenerateDataKey": 1, "uploads": 1},
    )  # fmt: skip
    return recording, root, invocation


class CheckerTest(unittest.TestCase):
    def test_a_right_line_passes(self):
        recording, root, invocation = a_save()

        self.assertEqual(check_line(json.dumps(root), recording, invocation), [])

    def test_each_falsified_figure_is_noticed(self):
        recording, root, invocation = a_save()

        copies = list(falsified(root, invocation))

        self.assertGreater(len(copies), 100)
        for what, line in copies:
            self.assertTrue(check_line(json.dumps(line), recording, invocation), what)

    def test_a_call_that_the_line_forgets_is_noticed(self):
        recording, root, invocation = a_save()
        recording.append(exchange("kms", "Decrypt", 27, 27.5, resource="alias/documents"))

        differences = check_line(json.dumps(root), recording, invocation)

        self.assertIn("KMSCalls: 1 on the line, 2 by the recording", differences)
        self.assertIn("kms: no entry for Decrypt alias/documents", differences)

    def test_a_second_data_key_breaks_the_constant(self):
        recording, root, invocation = a_save()
        invocation.constants["GenerateDataKey"] = 2

        self.assertEqual(
            check_line(json.dumps(root), recording, invocation), ["GenerateDataKey: 1 calls, 2 wanted"]
        )

    def test_a_condition_that_fails_is_no_error(self):
        recording, root, invocation = a_save()
        recording[2] |= {"error": "ConditionalCheckFailedException", "status": 400, "writeUnits": None}
        root |= {"DynamoDBConditionalFailures": 1, "EstimatedCost": 8.0}
        root["dynamodb"][0] |= {"conditional": 1}
        del root["dynamodb"][0]["wcu"], root["DynamoDBWriteUnits"]
        directive = root["_aws"]["CloudWatchMetrics"][0]
        directive["Metrics"] = [metric for metric in directive["Metrics"] if metric["Name"] != "DynamoDBWriteUnits"]

        self.assertEqual(check_line(json.dumps(root), recording, invocation), [])

    def test_unknown_capacity_is_not_nought(self):
        recording, root, invocation = a_save()
        recording[2]["writeUnits"] = None

        self.assertIn("dynamodb[PutItem table].wcu: 2 on the line, 0 by the recording",
                      check_line(json.dumps(root), recording, invocation))  # fmt: skip

    def test_what_was_lost_must_be_expected(self):
        recording, root, invocation = a_save()
        for name in ("lateCalls", "lateMetrics", "rejectedMetrics", "traceDrops"):
            line = json.dumps(root | {name: 2})
            invocation.losses = {}
            self.assertEqual(check_line(line, recording, invocation), [f"{name}: 2 instead of 0"])
            invocation.losses = {name: 2}
            self.assertEqual(check_line(line, recording, invocation), [])

    def test_slow_calls_are_as_many_as_warnings_in_the_log_and_may_be_more_than_twenty(self):
        recording, root, invocation = a_save()
        for warnings, slow, is_right in ((0, 1, False), (3, 3, True), (3, 4, False), (3, 2, False), (20, 31, True)):
            invocation.slow_warnings = warnings
            expected = [] if is_right else [f"slowCalls: {slow} on the line, {warnings} warnings in the log"]
            self.assertEqual(check_line(json.dumps(root | {"slowCalls": slow}), recording, invocation), expected)

    def test_the_functions_own_dimensions_are_a_second_set(self):
        recording, root, invocation = a_save()
        invocation.dimensions = {"stage": "prod"}
        root["stage"] = "prod"
        directive = root["_aws"]["CloudWatchMetrics"][0]
        self.assertIn("Dimensions", "; ".join(check_line(json.dumps(root), recording, invocation)))

        directive["Dimensions"].append(["service", "stage"])
        self.assertEqual(check_line(json.dumps(root), recording, invocation), [])

    def test_throttling_reasons_without_throttles_and_keys_in_the_clear_are_noticed(self):
        recording, root, invocation = a_save()
        root["throttlingReasons"] = [{"reason": "TableReadKeyRangeThroughputExceeded", "n": 1}]
        root["hotKeys"] = [{"table": "table", "key": "CUSTOMER#1", "n": 1}]

        self.assertEqual(
            check_line(json.dumps(root), recording, invocation),
            ["throttlingReasons: on a line without throttles", "hotKeys: 'CUSTOMER#1' is no hash"],
        )

    def test_indexes_cannot_have_more_than_the_whole(self):
        recording, root, invocation = a_save()
        root["dynamodb"][0]["gsiWcu"] = {"by-day": 2}
        self.assertEqual(check_line(json.dumps(root), recording, invocation), [])

        root["dynamodb"][0]["gsiWcu"] = {"by-day": 3}
        self.assertIn("gsiWcu", "; ".join(check_line(json.dumps(root), recording, invocation)))

    def test_a_figure_that_nobody_recomputes_is_a_difference(self):
        recording, root, invocation = a_save()
        root["Surprise"] = 1

        self.assertEqual(
            check_line(json.dumps(root), recording, invocation), ["Surprise: a member that this checker does not know"]
        )


class CallsTest(unittest.TestCase):
    def test_a_retry_belongs_to_its_call(self):
        throttled = exchange("kms", "Decrypt", 0, 1, call="C", status=400, error="ThrottlingException")
        retried = exchange("kms", "Decrypt", 60, 61, call="C")

        (call,) = calls([throttled, retried])

        self.assertEqual((call.retries, call.throttles, call.is_error), (1, 1, False))
        self.assertAlmostEqual(call.longest_delay, 59, places=2)

    def test_one_id_for_two_successful_calls_makes_two_calls(self):
        first, second = (exchange("kms", "Decrypt", at, at + 1, call="C") for at in (0, 2))

        self.assertEqual(len(calls([first, second])), 2)

    def test_the_union_of_intervals_counts_what_overlaps_once(self):
        intervals = ((0, 10), (5, 12), (20, 21), (2, 3))

        union = union_milliseconds([exchange("s3", "UploadPart", *interval) for interval in intervals])

        self.assertAlmostEqual(union, 13, places=2)


class RulesTest(unittest.TestCase):
    def test_each_rule_refuses_what_breaks_it(self):
        _, right, _ = a_save()
        self.assertEqual(violations(json.dumps(right)), [])

        def broken(change):
            root = copy.deepcopy(right)
            change(root, root["_aws"]["CloudWatchMetrics"][0])
            return "; ".join(violations(json.dumps(root)))

        def too_many(root, directive):
            for number in range(101):
                root[f"m{number}"] = number
                directive["Metrics"].append({"Name": f"m{number}"})

        cases = {
            "not an integer": lambda root, _: root["_aws"].update(Timestamp=1.5),
            "14 days": lambda root, _: root["_aws"].update(Timestamp=5),
            "empty or not an array": lambda root, _: root["_aws"].update(CloudWatchMetrics=[]),
            "Namespace": lambda _, directive: directive.update(Namespace="naïve"),
            "AWS's own": lambda _, directive: directive.update(Namespace="AWS/Lambda"),
            "no dimensions are": lambda _, directive: directive.update(Dimensions=[]),
            "no string named service": lambda root, _: root.update(service=5),
            "drop every dimension": lambda root, _: root.update(service=""),
            "at most 100": too_many,
            "not in the root": lambda root, _: root.pop("KMSCalls"),
            "is not a number": lambda root, _: root.update(KMSCalls="1"),
            "out of CloudWatch's range": lambda root, _: root.update(KMSCalls=2**361),
            "0 values": lambda root, _: root.update(KMSCalls=[]),
            "unknown unit": lambda _, directive: directive["Metrics"][0].update(Unit="Minutes"),
            "neither 1 nor 60": lambda _, directive: directive["Metrics"][0].update(StorageResolution=30),
            "defined twice": lambda _, directive: directive["Metrics"].append(directive["Metrics"][0]),
            "Lambda's log lines": lambda _, directive: directive["Metrics"].append({"Name": "requestId"}),
            "number of a further line": lambda root, _: root.update(part=1),
            "more than": lambda root, _: root.update(tenantId="x" * 300_000),
        }
        for text, change in cases.items():
            self.assertIn(text, broken(change))

    def test_refuses_what_is_no_json(self):
        for text, line in {
            "NaN is not": '{"_aws":{},"a":NaN}',
            "named twice": '{"_aws":{},"a":1,"a":2}',
            "not on one line": '{"_aws":\n{}}',
            "_aws: missing": "{}",
            "not an object": "[]",
        }.items():
            self.assertIn(text, "; ".join(violations(line)))


if __name__ == "__main__":
    unittest.main()
