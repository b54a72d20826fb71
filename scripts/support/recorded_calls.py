"""From a recording of HTTP exchanges to the calls that a client meant, and what they add up to."""

from dataclasses import dataclass

THROTTLED = {
    "BandwidthLimitExceeded", "EC2ThrottledException", "LimitExceededException", "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException", "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException",
    "SlowDown", "ThrottledException", "Throttling", "ThrottlingException", "TooManyRequestsException",
    "TransactionInProgressException",
}  # fmt: skip
RETRIED = {"RequestTimeout", "RequestTimeoutException", "Status500", "Status502", "Status503", "Status504"}
CONTENT_UP = {"PutObject", "UploadPart"}
UPLOADS = {"PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"}

# Millionths of a US dollar in us-east-1: DynamoDB on demand per unit, KMS and S3 per request.
READ_UNIT = 0.125
WRITE_UNIT = 0.625
KMS_REQUEST = 3.0
S3_WRITE = 5.0
S3_READ = 0.4
S3_FREE = {"DeleteObject", "DeleteObjectTagging", "DeleteObjects", "AbortMultipartUpload"}


@dataclass
class Call:
    """One call: its attempts, in order, of which the last decides."""

    attempts: list[dict]

    def __getattr__(self, name: str):
        # Everything that the recording says of the last attempt: service, operation, resource, readUnits and so on.
        try:
            return self.attempts[-1][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def is_conditional_failure(self) -> bool:
        return self.error == "ConditionalCheckFailedException"

    @property
    def is_error(self) -> bool:
        return self.error is not None and not self.is_conditional_failure

    @property
    def throttles(self) -> int:
        return sum(attempt["error"] in THROTTLED for attempt in self.attempts)

    @property
    def retries(self) -> int:
        return len(self.attempts) - 1

    @property
    def milliseconds(self) -> float:
        return sum(attempt["end"] - attempt["start"] for attempt in self.attempts) * 1000

    @property
    def longest_delay(self) -> float:
        """Milliseconds between the attempts, which no wait between them can exceed."""
        pairs = zip(self.attempts, self.attempts[1:])
        return sum(max(0.0, later["start"] - earlier["end"]) for earlier, later in pairs) * 1000

    @property
    def uploaded(self) -> int:
        return self.bytesIn if self.operation in CONTENT_UP and self.error is None else 0

    @property
    def resent(self) -> int:
        """Content bytes of attempts that came to nothing."""
        if self.operation not in CONTENT_UP:
            return 0
        return sum(attempt["bytesIn"] for attempt in self.attempts) - self.uploaded

    @property
    def downloaded(self) -> int:
        return self.bytesOut if self.operation == "GetObject" and self.error is None else 0

    @property
    def cost(self) -> float:
        if self.service == "dynamodb":
            return (self.readUnits or 0) * READ_UNIT + (self.writeUnits or 0) * WRITE_UNIT
        if self.service == "kms":
            return KMS_REQUEST
        if self.operation in S3_FREE:
            return 0.0
        return S3_READ if self.operation.startswith(("Get", "Head")) else S3_WRITE


def calls(recording: list[dict]) -> list[Call]:
    """Groups attempts into calls.

    Attempts of one call carry one id. An id alone proves nothing, since a client could use one twice: only what
    followed an attempt that asks for a retry is its retry.
    """
    grouped: list[Call] = []
    latest: dict[tuple, Call] = {}
    for attempt in sorted(recording, key=lambda entry: entry["start"]):
        identity = (attempt["service"], attempt["operation"], attempt.get("call"))
        earlier = latest.get(identity) if identity[2] else None
        if earlier and _asks_for_retry(earlier.attempts[-1]):
            earlier.attempts.append(attempt)
            continue
        latest[identity] = Call([attempt])
        grouped.append(latest[identity])
    return grouped


def _asks_for_retry(attempt: dict) -> bool:
    if attempt["status"] is None or attempt["status"] >= 500:
        return True
    return attempt["error"] in THROTTLED | RETRIED


def total(values) -> float | None:
    """The sum of what is known; `None` when nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def least_milliseconds(made: list[Call]) -> float:
    """The least time that a client can have waited for the calls.

    That is the proxy's own time, but for GetObject: while the client does something else with what it has read, the
    proxy waits for the client.
    """
    return sum(call.milliseconds for call in made if call.operation != "GetObject")


def union_milliseconds(recording: list[dict]) -> float:
    """How long at least one exchange was under way."""
    covered, end = 0.0, float("-inf")
    for start, stop in sorted((entry["start"], entry["end"]) for entry in recording):
        covered += max(0.0, stop - max(start, end))
        end = max(end, stop)
    return covered * 1000
