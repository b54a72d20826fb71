"""The rules that CloudWatch applies to a document in Embedded Metric Format.

CloudWatch drops what breaks them without a word to the sender, and the schema that AWS publishes accepts much of it
(a metric without a target, a number as a dimension, a hundred and one metrics), so the rules are written out here from
the specification and the limits of the API:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import math
import re
import time

UNITS = {
    *("Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes"),
    *("Bits", "Kilobits", "Megabits", "Gigabits", "Terabits", "Percent", "Count", "None"),
    *(f"{size}/Second" for size in ("Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes", "Count")),
    *(f"{size}/Second" for size in ("Bits", "Kilobits", "Megabits", "Gigabits", "Terabits")),
}
# 256 KiB less the 26 bytes that CloudWatch Logs counts for each event; older agents still split there.
LARGEST_LINE = 256 * 1024 - 26
LARGEST_VALUE = 2.0**360
# Lambda's own members of a JSON log line; a metric of that name would be overwritten or overwrite.
RESERVED = {
    *("_aws", "level", "timestamp", "time", "message"),
    *("requestId", "tenantId", "errorType", "errorMessage", "stackTrace"),
}


class _NotFinite(ValueError):
    pass


def violations(line: str, now: float | None = None) -> list[str]:
    """What is wrong with a line, in words; empty when CloudWatch would take every metric of it."""
    found = []
    text = line[:-1] if line.endswith("\n") else line
    if "\n" in text or "\r" in text:
        found.append("the document is not on one line")
    if len(text.encode()) > LARGEST_LINE:
        found.append(f"the line has {len(text.encode())} bytes, more than {LARGEST_LINE}")
    try:
        root = json.loads(text, object_pairs_hook=_members_once, parse_constant=_refuse_constant)
    except ValueError as error:
        return [*found, f"not JSON: {error}"]
    if not isinstance(root, dict):
        return [*found, "the root is not an object"]
    if not isinstance(root.get("_aws"), dict):
        return [*found, "_aws: missing, or not an object"]
    return found + _metadata(root, time.time() if now is None else now)


def _members_once(pairs: list) -> dict:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"member named twice: {next(name for name in names if names.count(name) > 1)}")
    return members


def _refuse_constant(name: str):
    raise _NotFinite(f"{name} is not a JSON number")


def _metadata(root: dict, now: float) -> list[str]:
    found = []
    metadata = root["_aws"]
    stamp = metadata.get("Timestamp")
    if isinstance(stamp, bool) or not isinstance(stamp, int):
        found.append(f"_aws.Timestamp: {stamp!r} is not an integer of milliseconds")
    elif not now - 14 * 86400 <= stamp / 1000 <= now + 2 * 3600:
        found.append(f"_aws.Timestamp: {stamp} is not between 14 days ago and in 2 hours")
    directives = metadata.get("CloudWatchMetrics")
    if not isinstance(directives, list) or not directives:
        return [*found, "_aws.CloudWatchMetrics: missing, empty or not an array"]
    part = root.get("part", 2)
    if isinstance(part, bool) or not isinstance(part, int) or part < 2:
        found.append(f"part: {part!r} is not the number of a further line")
    for index, directive in enumerate(directives):
        where = f"_aws.CloudWatchMetrics[{index}]"
        if not isinstance(directive, dict):
            found.append(f"{where}: not an object")
            continue
        found += _namespace(where, directive.get("Namespace"))
        found += _dimensions(where, directive.get("Dimensions"), root)
        found += _metrics(where, directive.get("Metrics"), root)
    return found


def _namespace(where: str, value) -> list[str]:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9A-Za-z.\-_/#: ]{1,255}", value) or not value.strip():
        return [f"{where}.Namespace: {value!r} is not 1 to 255 of 0-9A-Za-z.-_/#:"]
    if value.startswith(":") or value.upper().startswith("AWS/"):
        return [f"{where}.Namespace: {value!r} begins with what is AWS's own"]
    return []


def _dimensions(where: str, sets, root: dict) -> list[str]:
    where += ".Dimensions"
    if not isinstance(sets, list) or not sets:
        return [f"{where}: missing, empty or not an array; no dimensions are [[]]"]
    found = []
    for keys in sets:
        if not isinstance(keys, list) or len(keys) > 30:
            found.append(f"{where}: {keys!r} is not an array of at most 30 keys")
            continue
        if len({str(key) for key in keys}) != len(keys):
            found.append(f"{where}: {keys!r} names a key twice")
        for key in keys:
            if not isinstance(key, str) or not _plain(key, 250) or key.startswith(":"):
                found.append(f"{where}: {key!r} is no key of a dimension")
            elif not isinstance(root.get(key), str):
                found.append(f"{where}: the root has no string named {key}")
            elif not _plain(root[key], 1024):
                found.append(f"{key}: {root[key]!r} is no value of a dimension; CloudWatch would drop every dimension")
    return found


def _metrics(where: str, definitions, root: dict) -> list[str]:
    where += ".Metrics"
    if not isinstance(definitions, list) or len(definitions) > 100:
        return [f"{where}: not an array of at most 100 definitions"]
    found, seen = [], set()
    for definition in definitions:
        name = definition.get("Name") if isinstance(definition, dict) else None
        if not isinstance(name, str) or not 1 <= len(name) <= 255 or not _plain(name, 255):
            found.append(f"{where}: {definition!r} has no name of 1 to 255 characters")
            continue
        if name in seen:
            found.append(f"{where}: {name} is defined twice")
        seen.add(name)
        if name in RESERVED:
            found.append(f"{where}: {name} is a name of Lambda's log lines")
        if unknown := definition.keys() - {"Name", "Unit", "StorageResolution"}:
            found.append(f"{where}: {name} has unknown members {sorted(unknown)}")
        if definition.get("Unit", "None") not in UNITS:
            found.append(f"{where}: {name} has the unknown unit {definition['Unit']!r}")
        if definition.get("StorageResolution", 60) not in (1, 60):
            found.append(f"{where}: {name} has a resolution of neither 1 nor 60 seconds")
        found += _target(name, root)
    return found


def _target(name: str, root: dict) -> list[str]:
    if name not in root:
        return [f"{name}: defined as a metric and not in the root"]
    values = root[name] if isinstance(root[name], list) else [root[name]]
    if not 1 <= len(values) <= 100:
        return [f"{name}: {len(values)} values; CloudWatch takes 1 to 100"]
    for value in values:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return [f"{name}: {value!r} is not a number"]
        if not math.isfinite(value) or abs(value) > LARGEST_VALUE:
            return [f"{name}: {value!r} is out of CloudWatch's range"]
    return []


def _plain(text: str, longest: int) -> bool:
    return 1 <= len(text) <= longest and text.isascii() and text.isprintable() and bool(text.strip())
