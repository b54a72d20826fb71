#!/usr/bin/env python3
"""Falsifies the demo's EMF lines, one figure at a time, and requires the checker to notice each.

usage: doctor.py [INVOCATIONS]    (default: .local/demo/invocations.jsonl, which scripts/demo writes)

A checker that accepts everything passes every demo; this is what makes it fail.
"""

import copy
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from check_emf import Invocation, check_line
from local_aws import TOP

DEFAULT = TOP / ".local" / "demo" / "invocations.jsonl"


def falsified(root: dict, invocation: Invocation) -> Iterator[tuple[str, dict]]:
    """Copies of a line with one thing wrong in each, and what it is."""
    for path, value in leaves(root):
        for what, wrong in wrong_values(path, value, invocation):
            yield f"{name_of(path)} {what}", replaced(root, path, wrong)
    for name in root:
        if name != "_aws":
            yield f"{name} left out", {key: value for key, value in root.items() if key != name}
    for service in ("dynamodb", "kms", "s3"):
        for index in range(len(root.get(service, []))):
            entries = root[service]
            yield f"{service}[{index}] left out", {**root, service: entries[:index] + entries[index + 1 :]}
            yield f"{service}[{index}] twice", {**root, service: [*entries, entries[index]]}


def wrong_values(path: tuple, value, invocation: Invocation) -> Iterator[tuple[str, object]]:
    """Values that a figure cannot have, given the one that it has."""
    name = path[-1]
    if isinstance(value, str):
        yield "altered", f"{value}x"
    elif path[0] == "_aws":
        yield "an hour late", value + 3_600_000
    elif name in ("HandlerErrors", "ColdStart"):
        yield "turned over", 1 - value
    elif str(name).endswith(("Duration", "Time", "Delay")) or name == "ms":
        yield "too long", value + invocation.milliseconds + 1000
        if value:
            yield "too short", -value
            # What the handler does besides its calls is known to it alone.
            if name not in ("HandlerDuration", "RemainingTime", "InitDuration"):
                yield "a tenth", value / 10
    elif name == "MaxMemoryUsed":
        yield "fourfold", value * 4
        yield "a quarter", value / 4
    else:
        yield "one more", value + 1
        yield "one less", value - 1


def leaves(value, path: tuple = ()) -> Iterator[tuple[tuple, object]]:
    """Every number and text in a line, with the way to it; the metrics' definitions are the rules' own business."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name != "CloudWatchMetrics":
                yield from leaves(member, (*path, name))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from leaves(member, (*path, index))
    elif path[-1] not in ("traceId", "level", "timestamp"):
        yield path, value


def replaced(root: dict, path: tuple, value) -> dict:
    """A copy of a line with another value in one place."""
    copied = copy.deepcopy(root)
    place = copied
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return copied


def name_of(path: tuple) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def main() -> int:
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    if not source.exists():
        print(f"doctor: {source} does not exist. Run scripts/demo first.", file=sys.stderr)
        return 1
    tried, missed, lines = 0, [], 0
    for text in source.read_text().splitlines():
        result = json.loads(text)
        invocation = Invocation(**result["invocation"])
        root = json.loads(result["line"])
        if check_line(result["line"], result["recording"], invocation):
            print(f"doctor: the line of {invocation.request_id} has differences already", file=sys.stderr)
            return 1
        lines += 1
        for what, line in falsified(root, invocation):
            tried += 1
            if not check_line(json.dumps(line), result["recording"], invocation):
                missed.append(f"{invocation.request_id}: {what}")
    for description in missed:
        print(f"NOT NOTICED {description}")
    print(f"{tried} falsified figures on {lines} lines, {tried - len(missed)} noticed, {len(missed)} not noticed")
    return 1 if missed or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
