"""Recomputes the detailed lines of an invocation from its recording: by table and operation, index and error code."""

import json

from emf_rules import violations
from recorded_calls import Call, total

SUFFIX = "/Detail"
UNITS = {
    "Duration": "Milliseconds", "Operations": "Count", "Errors": "Count", "Retries": "Count", "Throttles": "Count",
    "ReadUnits": "Count", "WriteUnits": "Count", "IndexReadUnits": "Count", "IndexWriteUnits": "Count",
    "ErrorsByCode": "Count",
}  # fmt: skip
# Members of a row that tell what indexes consumed.
SHARES = ("gsiRcu", "lsiRcu", "gsiWcu", "lsiWcu")
# The dimensions of each service's operations, beside `service`.
DIMENSIONS = {"dynamodb": ["table", "operation"], "s3": ["bucket", "operation"], "kms": ["operation"]}
SERVICES = {"DynamoDB": "dynamodb", "KMS": "kms", "S3": "s3"}
IDENTITY = {
    "_aws", "service", "functionName", "functionVersion", "requestId", "traceId", "tenantId", "level", "timestamp",
    "part",
}  # fmt: skip
SAMPLES = 100
TUPLES = 20


def is_detail(line: str) -> bool:
    """Whether a line is a detailed one; what is no JSON is not."""
    try:
        directives = json.loads(line)["_aws"]["CloudWatchMetrics"]
        return all(directive["Namespace"].endswith(SUFFIX) for directive in directives)
    except (ValueError, KeyError, TypeError):
        return False


def detail_differences(lines: list[str], main: dict, made: list[Call], level: str, dimensions: dict) -> list[str]:
    """Everything in which the detailed lines differ from the calls of their invocation."""
    found = [f"detailed line: {violation}" for line in lines for violation in violations(line)]
    if found:
        return found
    roots = [json.loads(line) for line in lines]
    if level != "detailed":
        return [f"{len(roots)} detailed lines at level {level}"] if roots else []
    checker = _Details(main, made, dimensions)
    for number, root in enumerate(roots, start=2):
        checker.line(root, number)
    return checker.end()


class _Details:
    def __init__(self, main: dict, made: list[Call], dimensions: dict):
        self.main, self.made, self.dimensions = main, made, dimensions
        self.wanted: dict[tuple, list[Call]] = {}
        for call in made:
            self.wanted.setdefault(self._key(call), []).append(call)
        self.errors: dict[tuple, int] = {}
        for call in made:
            if call.is_error:
                key = (call.service, call.error)
                self.errors[key] = self.errors.get(key, 0) + 1
        self.is_capped = len(self.wanted) + len(self.errors) > TUPLES
        self.index_units = {"IndexReadUnits": 0.0, "IndexWriteUnits": 0.0}
        self.differences: list[str] = []

    @staticmethod
    def _key(call: Call) -> tuple:
        if call.service == "kms":
            return (call.service, None, call.operation)
        return (call.service, call.resource or "other", call.operation)

    def line(self, root: dict, number: int) -> None:
        if root.get("part") != number:
            self._differ(f"part: {root.get('part')} instead of {number}")
        for name in ("service", "requestId", "functionName", "functionVersion", *self.dimensions):
            if root.get(name) != self.main.get(name):
                self._differ(f"{name}: {root.get(name)!r}, on the main line {self.main.get(name)!r}")
        (directive,) = root["_aws"]["CloudWatchMetrics"]
        if directive["Namespace"] != self.main["_aws"]["CloudWatchMetrics"][0]["Namespace"] + SUFFIX:
            self._differ(f"Namespace: {directive['Namespace']}")
        for metric in directive["Metrics"]:
            if UNITS.get(metric["Name"]) != metric.get("Unit"):
                self._differ(f"{metric['Name']}: unit {metric.get('Unit')}")
        names = {metric["Name"] for metric in directive["Metrics"]}
        own = set(directive["Dimensions"][0]) if len(directive["Dimensions"]) == 1 else set()
        for name in root.keys() - names - own - IDENTITY:
            self._differ(f"{name}: a member of a detailed line that this checker does not know")

        extra = directive["Dimensions"][0][1 + len(self.dimensions) :]
        if directive["Dimensions"] != [["service", *self.dimensions, *extra]]:
            self._differ(f"Dimensions: {directive['Dimensions']}")
        elif extra == ["dependency", "errorCode"]:
            self._errors(root)
        elif extra == ["table", "index"]:
            self._index(root)
            for name in self.index_units:
                self.index_units[name] += root.get(name, 0)
        elif extra in DIMENSIONS.values():
            self._operation(root, next(service for service, names in DIMENSIONS.items() if names == extra), names)
        else:
            self._differ(f"Dimensions: {extra} are none of a detailed line")

    def _operation(self, root: dict, service: str, names: set[str]) -> None:
        resource = root.get(DIMENSIONS[service][0]) if service != "kms" else None
        key = (service, resource, root["operation"])
        where = " ".join(part for part in key if part)
        made = self.wanted.pop(key, None)
        if made is None:
            if not (self.is_capped and root["operation"] == "other"):
                self._differ(f"{where}: no such calls in the recording, or told twice")
            return
        expected = {
            "Operations": len(made),
            "Errors": sum(call.is_error for call in made),
            "Retries": sum(call.retries for call in made),
            "Throttles": sum(call.throttles for call in made),
        }
        if service == "dynamodb":
            expected |= {
                "ReadUnits": total(call.readUnits for call in made),
                "WriteUnits": total(call.writeUnits for call in made),
            }
        for name, value in expected.items():
            if root.get(name) != value and abs((root.get(name) or 0) - (value or 0)) > 1e-6:
                self._differ(f"{where}: {name} is {root.get(name)}, {value} by the recording")
        for name in names - expected.keys() - {"Duration"}:
            self._differ(f"{where}: {name} does not belong to it")
        self._durations(where, root.get("Duration"), service, key, len(made))

    def _durations(self, where: str, samples, service: str, key: tuple, count: int) -> None:
        samples = samples if isinstance(samples, list) else [samples]
        if len(samples) != min(count, SAMPLES):
            self._differ(f"{where}: {len(samples)} durations of {count} calls")
        rows = [row for row in self.main.get(service, []) if row["op"] == key[2]]
        if service != "kms":
            rows = [row for row in rows if (row.get("table") or row.get("bucket") or "other") == key[1]]
        whole = sum(row["ms"] for row in rows)
        if count <= SAMPLES and abs(sum(samples) - whole) > 0.001 * (count + len(rows)):
            self._differ(f"{where}: durations add up to {sum(samples):.3f}, the main line says {whole:.3f}")

    def _index(self, root: dict) -> None:
        rows = self.main.get("dynamodb", [])
        tables = {call.resource for call in self.made if call.service == "dynamodb"}
        for row in rows:
            tables |= row.get("tableRcu", {}).keys() | row.get("tableWcu", {}).keys()
        if root["table"] not in tables:
            self._differ(f"{root['table']}: no call of the recording was for this table")
        if root["index"] not in {index for row in rows for member in SHARES for index in row.get(member, {})}:
            self._differ(f"{root['index']}: the main line has no such index")

    def _errors(self, root: dict) -> None:
        service = SERVICES.get(root["dependency"], root["dependency"])
        if root["errorCode"] == "other":
            return
        seen = self.errors.pop((service, root["errorCode"]), 0)
        if root["ErrorsByCode"] != seen:
            self._differ(f"{root['errorCode']}: {root['ErrorsByCode']} errors, {seen} by the recording")

    def end(self) -> list[str]:
        if not self.is_capped:
            for key in self.wanted:
                self._differ(f"{' '.join(part for part in key if part)}: no detailed line")
        rows = self.main.get("dynamodb", [])
        for name, members in (("IndexReadUnits", ("gsiRcu", "lsiRcu")), ("IndexWriteUnits", ("gsiWcu", "lsiWcu"))):
            told = sum(units for row in rows for member in members for units in row.get(member, {}).values())
            if abs(told - self.index_units[name]) > 1e-6:
                self._differ(f"{name}: {self.index_units[name]:g} on detailed lines, {told:g} on the main line")
        return self.differences

    def _differ(self, text: str) -> None:
        self.differences.append(f"detailed line: {text}")
