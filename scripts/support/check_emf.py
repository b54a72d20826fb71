#!/usr/bin/env python3
"""Recomputes every figure of the EMF lines of an invocation from its recording.

usage: check_emf.py LINES RECORDING   (a file with an invocation's EMF lines, a file with its exchanges)

Counts, units, bytes and cost must be equal. A time cannot be, seen from outside: it must lie between what the proxies
measured, which is the shorter, and what the caller of the function measured, which is the longer.
"""

import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from emf_details import detail_differences, is_detail
from emf_rules import violations
from recorded_calls import UPLOADS, Call, calls, least_milliseconds, total, union_milliseconds

SCHEMA = Path(__file__).resolve().parents[3] / "shared" / "data" / "emf-schema.json"

PREFIXES = {"dynamodb": "DynamoDB", "kms": "KMS", "s3": "S3"}
COUNT_NAMES = {"dynamodb": "Operations", "kms": "Calls", "s3": "Calls"}
RESOURCE_NAMES = {"dynamodb": "table", "kms": "key", "s3": "bucket"}
WARM_UP = {"Warmup", "HeadBucket"}

UNITS = {
    "HandlerDuration": "Milliseconds", "HandlerErrors": "Count", "TimeoutImminent": "Count", "ColdStart": "Count",
    "InitDuration": "Milliseconds", "RemainingTime": "Milliseconds", "MaxMemoryUsed": "Megabytes",
    "AWSWaitTime": "Milliseconds",
    "DynamoDBDuration": "Milliseconds", "DynamoDBOperations": "Count", "DynamoDBAttempts": "Count",
    "DynamoDBRetries": "Count", "DynamoDBThrottles": "Count", "DynamoDBErrors": "Count",
    "DynamoDBConditionalFailures": "Count", "DynamoDBRetryDelay": "Milliseconds", "DynamoDBReadUnits": "Count",
    "DynamoDBWriteUnits": "Count", "KMSDuration": "Milliseconds", "KMSCalls": "Count", "KMSAttempts": "Count",
    "KMSRetries": "Count", "KMSErrors": "Count", "KMSThrottles": "Count", "KMSCacheHits": "Count",
    "S3Duration": "Milliseconds", "S3Calls": "Count", "S3Attempts": "Count", "S3Retries": "Count", "S3Errors": "Count",
    "S3BytesUploaded": "Bytes", "S3BytesDownloaded": "Bytes", "EstimatedCost": "None",
}  # fmt: skip
COLD_ONLY = {"InitDuration"}
TIMEOUT_ONLY = {"TimeoutImminent"}
PROPERTIES = {
    "_aws", "service", "functionName", "functionVersion", "requestId", "traceId", "tenantId", "outcome", "errorType",
    "level", "timestamp", "dynamodb", "kms", "s3",
    "initDynamoDBOperations", "initKMSCalls", "initS3Calls", "initAWSWaitTime", "throttlingReasons", "hotKeys",
    "slowCalls",
}  # fmt: skip
# Warnings of slow calls that one invocation writes; its line counts all of them.
SLOW_WARNINGS = 20
# What tells that something was left out or came too late: absent unless the caller expects it.
LOSSES = ("lateCalls", "lateMetrics", "rejectedMetrics", "traceDrops")
# Capacity of indexes, and of the tables of one request, at level detailed.
SHARES = {"gsiRcu": "rcu", "lsiRcu": "rcu", "tableRcu": "rcu", "gsiWcu": "wcu", "lsiWcu": "wcu", "tableWcu": "wcu"}
# Clocks of two processes read to the microsecond, figures printed to a thousandth of a millisecond.
ROUNDING = 0.005
# A client does more in a call than the proxy sees: it hashes and signs, and may wait for its turn on the thread.
CLIENT_SHARE = 250.0


@dataclass
class Invocation:
    """What its caller knows about an invocation."""

    request_id: str
    began: float
    ended: float
    timeout: float
    is_cold: bool
    service: str
    function_name: str
    function_version: str = "$LATEST"
    outcome: str = "success"
    error_type: str | None = None
    # Peak memory of the process in KiB, before and after.
    memory: tuple[int, int] | None = None
    # Secrets opened with a key that an earlier invocation or item had unwrapped.
    key_reuses: int = 0
    level: str = "summary"
    # Dimensions of the function beside `service`.
    dimensions: dict[str, str] = field(default_factory=dict)
    # Names and counts of what was lost, such as `lateCalls`.
    losses: dict[str, int] = field(default_factory=dict)
    # Warnings of slow calls and operations in its log, of which there are 20 at most.
    slow_warnings: int = 0
    # How many calls there must be whatever the recording says, by operation; `uploads` are all that send content.
    constants: dict[str, int] = field(default_factory=dict)

    @property
    def milliseconds(self) -> float:
        return (self.ended - self.began) * 1000


class Checker:
    """Compares one parsed line with the calls of its invocation and gathers the differences."""

    def __init__(self, root: dict, recording: list[dict], invocation: Invocation | None):
        self.root = root
        self.invocation = invocation
        cold = bool(invocation and invocation.is_cold)
        self.init = [entry for entry in recording if cold and entry["operation"] in WARM_UP]
        self.recording = [entry for entry in recording if entry not in self.init]
        self.calls = calls(self.recording)
        self.differences: list[str] = []

    def run(self) -> list[str]:
        self._members()
        for service in PREFIXES:
            self._totals(service, [call for call in self.calls if call.service == service])
            self._breakdown(service, [call for call in self.calls if call.service == service])
        self._equal("EstimatedCost", sum(call.cost for call in self.calls), 0.001)
        self._times()
        self._throttles()
        if self.invocation:
            self._identity(self.invocation)
            self._surroundings(self.invocation)
            self._constants(self.invocation)
        return self.differences

    # Comparisons.

    def _differ(self, text: str) -> None:
        self.differences.append(text)

    def _number(self, name: str) -> float | None:
        value = self.root.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self._differ(f"{name}: {'missing' if value is None else repr(value) + ' is not a number'}")
            return None
        return value

    def _equal(self, name: str, expected: float | None, tolerance: float = 1e-6) -> None:
        # What no response told is unknown, and unknown is left out, never 0; with no call at all it may be either.
        if expected is None and self.root.get(name, 0) == 0:
            return
        value = self._number(name)
        if value is not None and abs(value - (expected or 0)) > tolerance:
            self._differ(f"{name}: {value:g} on the line, {expected or 0:g} by the recording")

    def _between(self, name: str, low: float, high: float, why: str) -> None:
        value = self._number(name)
        if value is not None and not low - ROUNDING <= value <= high + ROUNDING:
            self._differ(f"{name}: {value:g} is not between {low:.3f} and {high:.3f} ({why})")

    # What is compared.

    def _members(self) -> None:
        units = {}
        own = self.invocation.dimensions if self.invocation else {}
        sets = [["service"], ["service", *own]] if own else [["service"]]
        for directive in self.root["_aws"]["CloudWatchMetrics"]:
            if directive["Dimensions"] != sets:
                self._differ(f"Dimensions: {directive['Dimensions']} instead of {sets}")
        for name, value in own.items():
            if self.root.get(name) != value:
                self._differ(f"{name}: {self.root.get(name)!r} instead of {value!r}")
        losses = self.invocation.losses if self.invocation else {}
        for name in LOSSES:
            if self.root.get(name, 0) != losses.get(name, 0):
                self._differ(f"{name}: {self.root.get(name, 0)} instead of {losses.get(name, 0)}")
        for directive in self.root["_aws"]["CloudWatchMetrics"]:
            units |= {metric["Name"]: metric.get("Unit", "None") for metric in directive["Metrics"]}
        # Units that no response told are left out; how many there must be is compared below.
        optional = TIMEOUT_ONLY | {"DynamoDBReadUnits", "DynamoDBWriteUnits"}
        if not self.root.get("ColdStart"):
            optional |= COLD_ONLY
        for name in UNITS:
            if name not in units and name not in optional:
                self._differ(f"{name}: not defined as a metric")
        for name, unit in units.items():
            if name not in UNITS:
                self._differ(f"{name}: a metric that this checker does not know")
            elif unit != UNITS[name]:
                self._differ(f"{name}: unit {unit} instead of {UNITS[name]}")
        for name in self.root.keys() - units.keys() - PROPERTIES - set(LOSSES) - own.keys():
            self._differ(f"{name}: a member that this checker does not know")

    def _totals(self, service: str, made: list[Call]) -> None:
        prefix = PREFIXES[service]
        self._equal(prefix + COUNT_NAMES[service], len(made))
        self._equal(prefix + "Attempts", sum(len(call.attempts) for call in made))
        self._equal(prefix + "Retries", sum(call.retries for call in made))
        self._equal(prefix + "Errors", sum(call.is_error for call in made))
        if service != "s3":
            self._equal(prefix + "Throttles", sum(call.throttles for call in made))
        if service == "dynamodb":
            self._equal("DynamoDBConditionalFailures", sum(call.is_conditional_failure for call in made))
            self._between("DynamoDBRetryDelay", 0, sum(call.longest_delay for call in made), "between the attempts")
            self._equal("DynamoDBReadUnits", total(call.readUnits for call in made))
            self._equal("DynamoDBWriteUnits", total(call.writeUnits for call in made))
        if service == "s3":
            self._equal("S3BytesUploaded", sum(call.uploaded for call in made))
            self._equal("S3BytesDownloaded", sum(call.downloaded for call in made))

        handler = self.root.get("HandlerDuration") or 0
        shortest = least_milliseconds(made)
        # Each call is shorter than the handler; calls that never overlap are so together.
        parallel = shortest > union_milliseconds([entry for call in made for entry in call.attempts]) + ROUNDING
        longest = handler * len(made) if parallel else handler
        self._between(f"{prefix}Duration", shortest, longest if made else 0, "the proxy's time, the handler's time")

    def _breakdown(self, service: str, made: list[Call]) -> None:
        wanted: dict[tuple, list[Call]] = {}
        resource = RESOURCE_NAMES[service]
        for call in made:
            key = (call.operation, call.resource, call.index)
            wanted.setdefault(key, []).append(call)
        entries = self.root.get(service, [])
        seen = set()
        for entry in entries:
            key = (entry.get("op"), entry.get(resource), entry.get("index"))
            where = f"{service}[{' '.join(part for part in key if part)}]"
            if key in seen or key not in wanted:
                self._differ(f"{where}: {'named twice' if key in seen else 'no such call in the recording'}")
                continue
            seen.add(key)
            self._entry(where, entry, wanted[key])
        for key in wanted.keys() - seen:
            self._differ(f"{service}: no entry for {' '.join(part for part in key if part)}")

        parts = sum(entry.get("ms", 0) for entry in entries)
        whole = self.root.get(f"{PREFIXES[service]}Duration", 0)
        if abs(parts - whole) > 0.001 * (len(entries) + 1):
            self._differ(f"{PREFIXES[service]}Duration: {whole:g}, but the entries of {service} add up to {parts:.3f}")

    def _entry(self, where: str, entry: dict, made: list[Call]) -> None:
        expected = {
            "n": len(made),
            "rcu": total(call.readUnits for call in made),
            "wcu": total(call.writeUnits for call in made),
            "items": total(call.items for call in made),
            "scanned": total(call.scanned for call in made),
            "retries": sum(call.retries for call in made),
            "throttles": sum(call.throttles for call in made),
            "errors": sum(call.is_error for call in made),
            "conditional": sum(call.is_conditional_failure for call in made),
            "up": sum(call.uploaded for call in made),
            "down": sum(call.downloaded for call in made),
            "resent": sum(call.resent for call in made),
        }
        # GetItem returns one item or none; whether that is worth a figure is the line's own choice.
        optional = {"items"} if all(call.operation == "GetItem" for call in made) else set()
        for name, value in expected.items():
            if name in entry and abs(entry[name] - (value or 0)) > 1e-6:
                self._differ(f"{where}.{name}: {entry[name]:g} on the line, {value or 0:g} by the recording")
            elif name not in entry and value and name not in optional:
                self._differ(f"{where}.{name}: missing, {value:g} by the recording")
        shortest = least_milliseconds(made)
        longest = (self.root.get("HandlerDuration") or 0) * len(made)
        if not shortest - ROUNDING <= entry.get("ms", -1) <= longest + ROUNDING:
            self._differ(f"{where}.ms: {entry.get('ms')} is not between {shortest:.3f} and {longest:.3f}")
        for name, units in SHARES.items():
            shares = entry.get(name, {})
            # A table's units are those of its indexes as well.
            if sum(shares.values()) > (expected[units] or 0) + 1e-6:
                self._differ(f"{where}.{name}: {shares}, of {expected[units]} {units} in all")
        known = expected.keys() | SHARES.keys() | {"op", "table", "key", "bucket", "index", "ms"}
        for name in entry.keys() - known:
            self._differ(f"{where}.{name}: a member that this checker does not know")

    def _times(self) -> None:
        handler = self.root.get("HandlerDuration") or 0
        union = union_milliseconds(self.recording)
        allowance = CLIENT_SHARE + union / 4 if self.recording else 0
        self._between("AWSWaitTime", union, min(handler, union + allowance), "the proxies' time and the client's share")

    def _throttles(self) -> None:
        throttles = sum(call.throttles for call in self.calls if call.service == "dynamodb")
        reasons = self.root.get("throttlingReasons", [])
        if reasons and not throttles:
            self._differ("throttlingReasons: on a line without throttles")
        for entry in reasons:
            if entry.get("truncated", entry.get("n", 0)) < 1 or not (entry.keys() & {"reason", "truncated"}):
                self._differ(f"throttlingReasons: {entry}")
        for entry in self.root.get("hotKeys", []):
            if "truncated" not in entry and not re.fullmatch("[0-9a-f]{16}", str(entry.get("key"))):
                self._differ(f"hotKeys: {entry.get('key')!r} is no hash")
        if not self.invocation:
            return
        slow, warnings = self.root.get("slowCalls", 0), self.invocation.slow_warnings
        if slow != warnings and not (warnings == SLOW_WARNINGS and slow > warnings):
            self._differ(f"slowCalls: {slow} on the line, {warnings} warnings in the log")

    def _identity(self, invocation: Invocation) -> None:
        expected = {
            "service": invocation.service,
            "functionName": invocation.function_name,
            "functionVersion": invocation.function_version,
            "requestId": invocation.request_id,
            "outcome": invocation.outcome,
            "errorType": invocation.error_type,
        }
        for name, value in expected.items():
            if self.root.get(name) != value:
                self._differ(f"{name}: {self.root.get(name)!r} instead of {value!r}")
        if ("TimeoutImminent" in self.root) != (invocation.outcome == "timeout"):
            self._differ("TimeoutImminent: belongs on the line of a timeout, and on no other")
        self._equal("KMSCacheHits", invocation.key_reuses)
        self._equal("HandlerErrors", 0 if invocation.outcome == "success" else 1)
        self._equal("ColdStart", 1 if invocation.is_cold else 0)

    def _surroundings(self, invocation: Invocation) -> None:
        wall = invocation.milliseconds
        span = [entry["end"] for entry in self.recording] + [-entry["start"] for entry in self.recording]
        busy = (max(span[: len(span) // 2]) + max(span[len(span) // 2 :])) * 1000 if span else 0
        self._between("HandlerDuration", max(busy, 0.001), wall, "first to last exchange, the caller's time")
        left = invocation.timeout - wall
        self._between("RemainingTime", left - 1, invocation.timeout + 1, "the timeout less the caller's time")
        stamp = self.root["_aws"]["Timestamp"]
        if not invocation.began * 1000 - 1 <= stamp <= invocation.ended * 1000 + 1:
            self._differ(f"_aws.Timestamp: {stamp} is not within the invocation")
        if invocation.is_cold:
            self._between("InitDuration", 0.1, wall, "the caller's time of the first invocation")
        elif "InitDuration" in self.root:
            self._differ("InitDuration: on a line that is not the first")
        if invocation.memory:
            low, high = (kibibytes * 1024 for kibibytes in invocation.memory)
            self._between("MaxMemoryUsed", low / 2**20 * 0.98, high / 2**20 * 1.02, "its peak before and after")
        self._init_figures()

    def _init_figures(self) -> None:
        made = calls(self.init)
        for service, name in (("dynamodb", "initDynamoDBOperations"), ("kms", "initKMSCalls"), ("s3", "initS3Calls")):
            expected = sum(call.service == service for call in made)
            if self.root.get(name, 0) != expected:
                self._differ(f"{name}: {self.root.get(name, 0)} on the line, {expected} by the recording")
        if made:
            union = union_milliseconds(self.init)
            self._between("initAWSWaitTime", union, union * 1.25 + CLIENT_SHARE, "the proxies' time")

    def _constants(self, invocation: Invocation) -> None:
        for name, expected in invocation.constants.items():
            wanted = UPLOADS if name == "uploads" else {name}
            count = sum(call.operation in wanted for call in self.calls)
            if count != expected:
                self._differ(f"{name}: {count} calls, {expected} wanted")


def check_line(line: str, recording: list[dict], invocation: Invocation | None = None) -> list[str]:
    """Everything in which a line differs from the recording of its invocation; empty when all is right."""
    found = violations(line)
    if found:
        return found
    root = json.loads(line)
    return schema_violations(root) + Checker(root, recording, invocation).run()


def check_lines(lines: list[str], recording: list[dict], invocation: Invocation | None = None) -> list[str]:
    """Everything in which the lines of an invocation, its main one and detailed ones, differ from its recording."""
    if not lines or is_detail(lines[0]) or not all(map(is_detail, lines[1:])):
        return [f"{len(lines)} EMF lines, of which the first alone must not be a detailed one"]
    found = check_line(lines[0], recording, invocation)
    try:
        main = json.loads(lines[0])
    except ValueError:
        return found
    level = invocation.level if invocation else ("detailed" if len(lines) > 1 else "summary")
    made = Checker(main, recording, invocation).calls
    return found + detail_differences(lines[1:], main, made, level, invocation.dimensions if invocation else {})


def schema_violations(root: dict) -> list[str]:
    """What AWS's published schema finds, where the schema is at hand."""
    if not SCHEMA.exists():
        return []
    import jsonschema  # Only here: the checker itself needs nothing but Python.

    validator = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text()))
    return [f"schema: {error.json_path}: {error.message}" for error in validator.iter_errors(root)]


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    lines = Path(sys.argv[1]).read_text().splitlines()
    recording = [json.loads(text) for text in Path(sys.argv[2]).read_text().splitlines()]
    differences = check_lines(lines, recording)
    for difference in differences:
        print(difference)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
