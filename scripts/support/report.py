"""How the demo looks: aligned, and in colour on a terminal only."""

import json
import os
import shutil
import sys

COLOUR = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


def paint(text: str, style: str) -> str:
    """Text in a style, where styles show."""
    return f"\x1b[{CODES[style]}m{text}\x1b[0m" if COLOUR else text


def heading(text: str) -> None:
    """The title of a part of the demo."""
    print(f"\n{paint(text, 'bold')}", flush=True)


def shortened(value, longest: int = 60):
    """A JSON value whose long strings are cut, with their length told."""
    if isinstance(value, dict):
        return {name: shortened(member, longest) for name, member in value.items()}
    if isinstance(value, list):
        rest = [f"… {len(value) - 2} more"] if len(value) > 3 and isinstance(value[0], dict) else []
        return [shortened(member, longest) for member in (value[:2] if rest else value)] + rest
    if isinstance(value, str) and len(value) > longest:
        return f"{value[: longest - 20]}… ({len(value):,} characters)"
    return value


def compact(value) -> str:
    """JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def response_text(body: bytes) -> str:
    """A function's answer as the demo shows it: the HTTP body unpacked, long strings cut."""
    try:
        answer = json.loads(body)
    except ValueError:
        return shortened(body.decode(errors="replace"), 200)
    inner = answer.get("body") if isinstance(answer, dict) else None
    if isinstance(inner, str):
        try:
            return compact(shortened(json.loads(inner)))
        except ValueError:
            return shortened(inner, 200)
    return compact(shortened(answer))


def line_text(line: str, full: bool) -> str:
    """An EMF line; unless in full, without the definitions, which are the same on every line."""
    if full:
        return line
    try:
        root = json.loads(line)
        definitions = sum(len(directive["Metrics"]) for directive in root["_aws"]["CloudWatchMetrics"])
    except (ValueError, KeyError, TypeError):
        return line
    del root["_aws"]
    return f'{{"_aws":{{…{definitions} metrics…}},{compact(root)[1:]}'


def exchange(request: str, status: str, milliseconds: float, body: bytes, lines: list[str], full: bool) -> None:
    """Shows one request, its response and its EMF line."""
    good = status.startswith("2")
    width = max(60, min(shutil.get_terminal_size((120, 24)).columns, 130) - 20)
    request = request if len(request) <= width else request[: width - 1] + "…"
    head = paint(request.ljust(width), "cyan")
    print(f"\n{head} {paint(f'{status:>5}', 'green' if good else 'yellow')} {milliseconds:>8.1f} ms")
    if text := response_text(body):
        print(f"  {text}")
    for line in lines:
        print(paint(f"  {line_text(line, full)}", "dim"))


def table(rows: list[list[str]]) -> None:
    """A table whose first row is its head: the first column to the left, the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        text = "  " + "   ".join(cells)
        print(paint(text, "bold") if number in (0, len(rows) - 1) else text)


def service_table(lines: list[dict]) -> None:
    """What all invocations together cost, by service."""

    def total(name: str) -> float:
        return sum(line.get(name, 0) for line in lines)

    cost = {
        "KMS": total("KMSCalls") * 3.0,
        "DynamoDB": total("DynamoDBReadUnits") * 0.125 + total("DynamoDBWriteUnits") * 0.625,
    }
    cost["S3"] = total("EstimatedCost") - sum(cost.values())
    columns = ("service", "calls", "attempts", "ms", "ms/call", "read units", "write units", "bytes up", "bytes down")
    rows = [[*columns, "µUSD"]]
    for name, count in (("DynamoDB", "Operations"), ("KMS", "Calls"), ("S3", "Calls")):
        made, milliseconds = total(name + count), total(name + "Duration")
        units = [f"{total(f'DynamoDB{kind}Units'):,.1f}" if name == "DynamoDB" else "–" for kind in ("Read", "Write")]
        content = [f"{total(f'S3Bytes{way}loaded'):,}" if name == "S3" else "–" for way in ("Up", "Down")]
        times = [f"{milliseconds:,.1f}", f"{milliseconds / max(made, 1):.2f}"]
        calls = [f"{made:,}", f"{total(name + 'Attempts'):,}"]
        rows.append([name, *calls, *times, *units, *content, f"{cost[name]:,.2f}"])
    made = sum(total(name) for name in ("DynamoDBOperations", "KMSCalls", "S3Calls"))
    rows.append(["together", f"{made:,}", *[""] * 7, f"{total('EstimatedCost'):,.2f}"])
    table(rows)
    print(
        f"\n  The handlers ran for {total('HandlerDuration'):,.1f} ms, {total('AWSWaitTime'):,.1f} of them waiting "
        "for AWS. Costs are millionths of a US dollar at the prices of us-east-1."
    )
