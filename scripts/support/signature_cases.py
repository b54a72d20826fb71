"""Writes 1,000 requests that botocore signed, for the tests that compare Tally's signatures with them.

usage: signature_cases.py FILE

A line of FILE is one case as JSON: the request, the keys, botocore's canonical request and string to sign, and the
Authorization header or presigned URL that came of them. The same requests come out every time.

Signatures follow https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html. Where
botocore does less than that, because its own callers never need more, it is handed the form that is canonical already
and Tally another spelling of the same request.
"""

import base64
import contextlib
import datetime
import json
import random
import sys
from pathlib import Path
from types import SimpleNamespace
from unittest import mock
from urllib.parse import quote

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

COUNT = 1000
SEED = 4
UNRESERVED = "-._~"

REGIONS = [
    "us-east-1", "eu-central-1", "ap-southeast-2", "cn-north-1", "us-gov-west-1", "us-isob-east-1", "eusc-de-east-1",
]
SERVICES = [
    "dynamodb", "kms", "sqs", "sns", "events", "secretsmanager", "ssm", "sts", "execute-api", "lambda", "states",
]
METHODS = ["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH"]
TEXTS = [
    "a", "B", "0", "a b", " ", "ü", "日本語", "€uro", "😀", "100%", "a+b", "a%20b", "%2F", "%zz", "*'()!", ";:@&=$,",
    "~-._", "[x]{y}|^`\\\"<>", "a/b", "k=v", "?", "#", "documents", "2026-01-02T03:04:05Z", "..", "...", ".hidden",
    "e\u0301",
]
HEADERS = [
    "Content-Type", "x-amz-target", "X-Amz-Meta-Owner", "x-amz-meta-owner", "X-AMZ-META-A", "x-amz-acl", "Range",
    "Accept", "If-None-Match", "My-Header1", "my-header2", "x-amz-storage-class", "Content-MD5", "amz-sdk-request",
    "Cache-Control",
]
WORDS = ["a", "b,c", "ü€", '"x', 'y"', "text/plain;", "=", "0-9", ""]
# What may change on the way and is not signed.
UNSIGNED_HEADERS = [
    "User-Agent", "Connection", "Expect", "Transfer-Encoding", "X-Amzn-Trace-Id", "Keep-Alive", "TE", "Trailer",
    "Upgrade", "Proxy-Authenticate", "Proxy-Authorization",
]


class Generator:
    """Makes random requests; the same ones for the same seed."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def text(self) -> str:
        if self.chance(0.8):
            return self.random.choice(TEXTS)
        return "".join(self.random.choices("abcXYZ019-._~ %/+é漢", k=self.random.randint(1, 12)))

    def loose(self, text: str, safe: str) -> str:
        """One of the many ways to write `text` in a URL; the characters in `safe` may stand as they are.

        Bytes that are no UTF-8 come as surrogates, and are always escaped.
        """
        written = ""
        for character in text:
            may_stand = character.isascii() and character.isalnum() or character in UNRESERVED + safe
            if may_stand and not self.chance(0.1):
                written += character
            else:
                escapes = "".join(f"%{byte:02X}" for byte in character.encode(errors="surrogateescape"))
                written += escapes.lower() if self.chance(0.3) else escapes
        return written

    # MARK: Parts

    def host(self, service: str, region: str) -> str:
        # In lower case: botocore changes the case of hosts, and Tally signs the Host header that is sent.
        aws = f"{service}.{region}.amazonaws.com"
        return self.random.choice([aws, aws, "127.0.0.1:4566", "localhost:80", "[::1]:9000", "host:443", "host:8443"])

    def segments(self) -> list[str]:
        count = self.random.randint(0, 6)
        pieces = [self.random.choice(["", ".", ".."]) if self.chance(0.25) else self.text() for _ in range(count)]
        return "/".join(pieces).split("/") if pieces else []

    def path(self) -> str:
        """A path of a service other than S3, as it stands on the wire: every byte of it is encoded once more."""
        segments = self.segments()
        # RFC 3986 ends `/a/b/..` with a slash and botocore does not; neither form is ever sent.
        if segments and segments[-1] in (".", ".."):
            segments.append("end")
        if not segments:
            return self.random.choice(["", "/"])
        safe = "!$&'()*+,;=:@ üé日"
        return "/" + "/".join(part if part in (".", "..") else self.loose(part, safe) for part in segments)

    def s3_path(self) -> tuple[str, str]:
        """A key as botocore encodes it, which then signs it as it stands, and in another spelling for Tally."""
        segments = self.segments()
        canonical = "/" + "/".join(quote(segment, safe=UNRESERVED) for segment in segments)
        if self.chance(0.5):
            return canonical, canonical
        # An escape stays what it is, so percent signs are encoded in both and escapes are in capitals: Tally's paths
        # come from PercentEncoding.encodePath.
        raw = "!$&'()*+,;=:@ []{}|^`\\\"<>üé漢"
        written = ("".join(character if character in raw else quote(character, safe=UNRESERVED) for character in part)
                   for part in segments)
        return canonical, "/" + "/".join(written)

    def parameters(self, is_query_signed: bool) -> list[tuple[bytes, bytes]]:
        parameters = []
        for _ in range(self.random.choice([0, 0, 1, 2, 3, 5, 8])):
            name, value = self.text().encode(), self.random.choice([b"", self.text().encode(), b"1"])
            # botocore's query form keeps one value of a name, and decodes to text.
            if not is_query_signed:
                if parameters and self.chance(0.2):
                    name = self.random.choice(parameters)[0]
                if self.chance(0.05):
                    value = bytes(self.random.choices(range(0x80, 0x100), k=3))
                if self.chance(0.05):
                    name = b""
            elif name in dict(parameters):
                continue
            parameters.append((name, value))
        return parameters

    def loose_parameter(self, name: bytes, value: bytes) -> str:
        # A plus sign is never raw: Tally takes it for itself, and a form would take it for a space.
        safe = "!$'()*,;:@/? ü"
        written = self.loose(name.decode(errors="surrogateescape"), safe)
        if not value and name and self.chance(0.5):
            return written
        return f"{written}={self.loose(value.decode(errors='surrogateescape'), safe + '=')}"

    def headers(self, is_query_signed: bool) -> list[tuple[str, str]]:
        # No Date: botocore signs it instead of X-Amz-Date, which Tally always sends. No Host: it comes from the URL.
        names = self.random.choices(HEADERS, k=self.random.choice([0, 1, 2, 4, 8]))
        names += self.random.sample(UNSIGNED_HEADERS, k=self.random.choice([0, 0, 1, 3]))
        fields = []
        for name in names:
            words = self.random.choices(WORDS, k=self.random.randint(0, 4))
            gaps = self.random.choices([" ", "  ", "\t", " \t ", "   "], k=5)
            value = self.random.choice(["", gaps[4]]) + "".join(word + gap for word, gap in zip(words, gaps))
            written = self.random.choice([name, name.lower(), name.upper()])
            fields.append((written, value if self.chance(0.5) else " ".join(value.split())))
        if not is_query_signed and self.chance(0.1):
            fields += [("authorization", "AWS4-HMAC-SHA256 stale"), ("x-amz-date", "20000101T000000Z")]
        self.random.shuffle(fields)
        return fields

    def credentials(self) -> dict:
        alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/+"
        token = base64.b64encode(self.random.randbytes(self.random.randint(20, 200))).decode()
        return {
            "accessKey": "AKIA" + "".join(self.random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=16)),
            "secret": "".join(self.random.choices(alphabet, k=40)),
            "token": token if self.chance(0.5) else None,
        }

    # MARK: Cases

    def case(self, kind: str) -> dict:
        is_s3, is_query = kind.startswith("s3"), kind.endswith("query")
        region = self.random.choice(REGIONS)
        service = "s3" if is_s3 else self.random.choice(SERVICES)
        base = f"{self.random.choice(['http', 'https'])}://{self.host(service, region)}"
        parameters = self.parameters(is_query)
        canonical = "&".join(
            f"{quote(name, safe=UNRESERVED)}={quote(value, safe=UNRESERVED)}" for name, value in parameters
        )
        loose = "&".join(self.loose_parameter(name, value) for name, value in parameters)
        path = self.s3_path() if is_s3 else [self.path()] * 2
        payloads = {"header": ["hash", "hash", "unsigned"], "s3-header": ["in-header", "unsigned", "trailer"]}
        # botocore moves the body of a request that it signs in the query into the query.
        body = self.random.randbytes(0 if is_query else self.random.choice([0, 0, 1, 63, 64, 1000]))
        return {
            "kind": kind,
            "method": self.random.choice(METHODS),
            "url": base + path[1] + (f"?{loose}" if parameters else ""),
            "botocoreURL": base + path[0] + (f"?{canonical}" if parameters else ""),
            "headers": self.headers(is_query),
            "body": base64.b64encode(body).decode(),
            "payload": self.random.choice(payloads.get(kind, ["unsigned" if is_s3 else "hash"])),
            **self.credentials(),
            "service": service,
            "region": region,
            # From 1970 to 2099, to the millisecond.
            "time": self.random.randrange(4_102_444_800_000),
            "lifetime": self.random.randint(1, 604_800),
        }


def trailer_headers(fields: list[tuple[str, str]], length: int) -> list[tuple[str, str]]:
    """What the layer above the signature adds to a body that its checksum follows; Tally's signer adds it itself."""
    return [
        *fields,
        ("Content-Encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", f"{length}"),
        ("x-amz-trailer", "x-amz-checksum-crc32"),
    ]


def signer(case: dict):
    credentials = Credentials(case["accessKey"], case["secret"], case["token"])
    arguments = (credentials, case["service"], case["region"])
    match case["kind"]:
        case "header":
            return botocore.auth.SigV4Auth(*arguments)
        case "s3-header":
            return botocore.auth.S3SigV4Auth(*arguments)
        case "query":
            return botocore.auth.SigV4QueryAuth(*arguments, expires=case["lifetime"])
        case "s3-query":
            return botocore.auth.S3SigV4QueryAuth(*arguments, expires=case["lifetime"])


@contextlib.contextmanager
def time_standing_at(milliseconds: int):
    epoch = datetime.datetime(1970, 1, 1)
    now = epoch + datetime.timedelta(milliseconds=milliseconds)
    with mock.patch.object(botocore.auth, "get_current_datetime", return_value=now):
        yield


def sign(case: dict) -> dict:
    """The case with what botocore makes of it."""
    auth, body = signer(case), base64.b64decode(case["body"])
    fields = trailer_headers(case["headers"], len(body)) if case["payload"] == "trailer" else case["headers"]
    request = AWSRequest(method=case["method"], url=case["botocoreURL"], data=body)
    for name, value in fields:
        request.headers.add_header(name, value)
    if case["payload"] == "unsigned" and case["kind"] == "header":
        request.context["payload_signing_enabled"] = False
    if case["kind"] == "s3-header":
        is_signed = case["payload"] == "in-header"
        request.context["client_config"] = SimpleNamespace(s3={"payload_signing_enabled": is_signed})
    if case["payload"] == "trailer":
        request.context["checksum"] = {"request_algorithm": {"in": "trailer", "algorithm": "crc32"}}

    seen = {}

    def keep(name: str, original):
        def kept(*arguments):
            seen[name] = original(*arguments)
            return seen[name]

        return mock.patch.object(auth, name, kept)

    with (
        time_standing_at(case["time"]),
        keep("canonical_request", auth.canonical_request),
        keep("string_to_sign", auth.string_to_sign),
    ):
        auth.add_auth(request)
    return {
        **{name: value for name, value in case.items() if name != "botocoreURL"},
        "canonicalRequest": seen["canonical_request"],
        "stringToSign": seen["string_to_sign"],
        "result": request.url if case["kind"].endswith("query") else request.headers["Authorization"],
    }


def cases(count: int = COUNT, seed: int = SEED) -> list[dict]:
    generator = Generator(seed)
    kinds = ["header", "s3-header", "query", "s3-query"]
    return [sign(generator.case(kinds[index % len(kinds)])) for index in range(count)]


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0 if arguments and arguments[0] in ("-h", "--help") else 2
    lines = [json.dumps(case, ensure_ascii=False) for case in cases()]
    text = "\n".join(lines) + "\n"
    Path(arguments[0]).write_text(text, encoding="utf-8")
    print(f"{len(lines)} requests signed by botocore {botocore.__version__}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
