"""Documents that the demo makes up, all from one seed."""

import base64
import time
import uuid
from dataclasses import dataclass
from random import Random

MIB = 1024 * 1024
# S3's smallest part, and Tally's usual one.
PART = 5 * MIB

SUBJECTS = ("Quarterly report", "Travel expenses", "Board minutes", "Lease", "Letter", "Über die Brücke", "議事録")
TAGS = ("draft", "finance", "legal", "2026", "signed", "naïve", "to \"review\"")
WORDS = "amber basalt cedar delta ember fjord garnet harbour indigo juniper kelp larch maple nectar".split()


def made_up_document(random: Random, number: int, with_file: bool | None = None) -> dict:
    """A document to create; of the first two, one has a file and one has none."""
    document = {
        "id": str(uuid.UUID(int=random.getrandbits(128), version=4)),
        "revision": "v1",
        "title": f"{random.choice(SUBJECTS)} {random.randrange(1000, 10000)}",
        "tags": random.sample(TAGS, random.randrange(5)),
        # Area numbers from 900 were never given out: no one's number.
        "ssn": f"{random.randrange(900, 1000)}-{random.randrange(10, 100)}-{random.randrange(1000, 10000)}",
    }
    if random.random() < 0.6:
        document["notes"] = " ".join(random.choices(WORDS, k=random.randrange(3, 40)))
    if random.random() < 0.5:
        document["expires"] = int(time.time()) + random.randrange(86_400, 90 * 86_400)
    if with_file is None:
        with_file = number == 0 or (number > 1 and random.random() < 0.5)
    if with_file:
        content = random.randbytes(random.randrange(1, 300_000))
        document["content"] = File(f"{random.choice(WORDS)}.pdf", "application/pdf", content)
    return document


@dataclass(frozen=True)
class File:
    """A file of a document."""

    name: str
    content_type: str
    bytes: bytes


def request_body(document: dict) -> dict:
    """A document as a request carries it, its file in base64."""
    file = document.get("content")
    if file is None:
        return document
    encoded = base64.b64encode(file.bytes).decode()
    return {**document, "content": {"name": file.name, "contentType": file.content_type, "base64": encoded}}


def upload_calls(size: int) -> int:
    """How many calls an upload takes: one, or above a part's size one a part between a first and a last."""
    return 1 if size <= PART else 2 + -(-size // PART)
