"""What an HTTP exchange with DynamoDB, KMS or S3 means: its operation, its resource, what it consumed.

Written from the services' documentation and shares nothing with Tally, so that the two can be compared.
"""

import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

READ_OPERATIONS = {"GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems"}


@dataclass
class Request:
    """What a request asks for."""

    service: str
    operation: str
    resource: str | None = None
    key: str | None = None
    index: str | None = None
    part: int | None = None


@dataclass
class Outcome:
    """What a response says besides its status."""

    error: str | None = None
    read_units: float | None = None
    write_units: float | None = None
    items: int | None = None
    scanned: int | None = None


def understand_request(service: str, method: str, target: str, headers: dict[str, str], body: bytes) -> Request:
    """Names the operation of a request; `body` is only looked at for the JSON services."""
    if service == "s3":
        return _s3_request(method, target, headers)
    operation = headers.get("x-amz-target", "").rpartition(".")[2]
    if not operation:
        # A bare GET is how a client opens its connection before it has work for it.
        return Request(service, "Warmup" if method == "GET" else f"{method} {urlsplit(target).path}")
    document = _json_object(body)
    if service == "kms":
        return Request(service, operation, resource=document.get("KeyId"))
    return Request(service, operation, resource=document.get("TableName"), index=document.get("IndexName"))


def understand_response(request: Request, status: int, headers: dict[str, str], body: bytes) -> Outcome:
    """Reads the error code, the capacity and the counts out of a response."""
    if request.service == "s3":
        return Outcome(error=_s3_error(status, body))
    document = _json_object(body)
    if status >= 400:
        return Outcome(error=_json_error(status, headers, document))

    outcome = Outcome(items=document.get("Count"), scanned=document.get("ScannedCount"))
    if request.operation == "GetItem":
        outcome.items = 1 if "Item" in document else 0
    consumed = document.get("ConsumedCapacity")
    if consumed is not None:
        entries = consumed if isinstance(consumed, list) else [consumed]
        units = float(sum(entry.get("CapacityUnits", 0) for entry in entries))
        if request.operation in READ_OPERATIONS:
            outcome.read_units = units
        else:
            outcome.write_units = units
    return outcome


def _s3_request(method: str, target: str, headers: dict[str, str]) -> Request:
    parts = urlsplit(target)
    bucket, _, key = unquote(parts.path.lstrip("/")).partition("/")
    query = parse_qs(parts.query, keep_blank_values=True)
    part = query.get("partNumber", [None])[0]
    return Request(
        "s3",
        _s3_operation(method, key, query, headers),
        resource=bucket or None,
        key=key or None,
        part=int(part) if part and part.isdigit() else None,
    )


def _s3_operation(method: str, key: str, query: dict[str, list[str]], headers: dict[str, str]) -> str:
    if not key:
        names = {"GET": "ListObjectsV2", "HEAD": "HeadBucket", "PUT": "CreateBucket", "DELETE": "DeleteBucket"}
        if method == "POST" and "delete" in query:
            return "DeleteObjects"
        return names.get(method, f"{method} bucket")
    if "uploadId" in query:
        names = {
            "POST": "CompleteMultipartUpload",
            "PUT": "UploadPart",
            "DELETE": "AbortMultipartUpload",
            "GET": "ListParts",
        }
        return names.get(method, f"{method} upload")
    if "uploads" in query and method == "POST":
        return "CreateMultipartUpload"
    if method == "PUT" and "x-amz-copy-source" in headers:
        return "CopyObject"
    names = {"PUT": "PutObject", "GET": "GetObject", "HEAD": "HeadObject", "DELETE": "DeleteObject"}
    return names.get(method, f"{method} object")


def _s3_error(status: int, body: bytes) -> str | None:
    # S3 may answer 200 and an <Error> document, for instance to CompleteMultipartUpload.
    if status < 400 and not body.lstrip().startswith((b"<?xml", b"<Error")):
        return None
    code = re.search(rb"<Error>.*?<Code>([^<]+)</Code>", body, re.DOTALL)
    if code:
        return code.group(1).decode()
    return f"Status{status}" if status >= 400 else None


def _json_error(status: int, headers: dict[str, str], document: dict) -> str:
    code = document.get("__type") or document.get("code") or headers.get("x-amzn-errortype") or f"Status{status}"
    # `namespace#Code:http://…`: only the middle is the code.
    return code.rpartition("#")[2].partition(":")[0]


def _json_object(body: bytes) -> dict:
    try:
        document = json.loads(body)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
