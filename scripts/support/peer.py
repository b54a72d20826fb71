"""What boto3, an independent client, finds in the table and the bucket behind Tally's back."""

import base64

from boto3.dynamodb.types import Binary
from botocore.exceptions import ClientError

from envelope import Envelopes, Place
from local_aws import direct_client


class Peer:
    """boto3 on the servers themselves, past the recording."""

    def __init__(self, environment: dict[str, str]):
        self.dynamodb = direct_client("dynamodb", environment)
        self.s3 = direct_client("s3", environment)
        self.table = environment["DOCUMENTS_TABLE"]
        self.bucket = environment["DOCUMENTS_BUCKET"]
        self.envelopes = Envelopes(direct_client("kms", environment), environment["DOCUMENTS_KEY"], self.table)

    def item(self, identifier: str, revision: str) -> dict | None:
        """The stored item, in DynamoDB's own form."""
        key = item_key(identifier, revision)
        return self.dynamodb.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")

    def write(self, document: dict) -> None:
        """Writes a document without Tally: its item, its secrets encrypted, and a member that no schema knows."""
        partition, sort = f"DOC#{document['id']}", document["revision"]
        item = {
            **item_key(document["id"], sort),
            "title": {"S": document["title"]},
            "version": {"N": "1"},
            "written_by": {"S": "boto3"},
        }
        if document.get("tags"):
            item["tags"] = {"SS": document["tags"]}
        if "expires" in document:
            item["expires"] = {"N": str(document["expires"])}
        data_key = self.envelopes.data_key()
        for name in document.keys() & {"ssn", "notes"}:
            place = Place(self.table, partition, sort, name)
            item[name] = {"B": self.envelopes.seal(document[name], place, data_key)}
        self.dynamodb.put_item(TableName=self.table, Item=item)

    def secret(self, item: dict, name: str) -> str:
        """A secret of a stored item, opened without Tally; what went wrong, when it does not open."""
        try:
            place = Place(self.table, item["pk"]["S"], item["sk"]["S"], name)
            return self.envelopes.open(bytes(item[name]["B"]), place)
        except Exception as error:  # KMS, the cipher and the format each have their own.
            return f"({type(error).__name__}: {error})"

    def upload(self, key: str, content: bytes) -> None:
        """Puts an object into the bucket."""
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=content)

    def objects(self, prefix: str = "docs/") -> dict[str, int]:
        """The documents' objects: sizes by key."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return {entry["Key"]: entry["Size"] for page in pages for entry in page.get("Contents", [])}

    def content(self, key: str) -> bytes | None:
        """An object's bytes; `None` when there is no such object."""
        try:
            return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                return None
            raise

    def open_uploads(self) -> list[str]:
        """Keys of multipart uploads that were neither completed nor aborted."""
        return [upload["Key"] for upload in self.s3.list_multipart_uploads(Bucket=self.bucket).get("Uploads", [])]


def item_key(identifier: str, revision: str) -> dict:
    """The key of a document's item."""
    return {"pk": {"S": f"DOC#{identifier}"}, "sk": {"S": revision}}


def stored_differences(peer: Peer, document: dict) -> list[str]:
    """In what a stored item differs from the document that was saved.

    Its secrets must be unreadable as they lie there, and open to who has the key.
    """
    item = peer.item(document["id"], document["revision"])
    if item is None:
        return ["boto3 finds no item"]
    found = []
    wanted = {
        "title": {"S": document["title"]},
        "tags": {"SS": sorted(document["tags"])} if document.get("tags") else None,
        "expires": {"N": str(document["expires"])} if document.get("expires") else None,
    }
    for name, value in wanted.items():
        stored = item.get(name)
        if stored and "SS" in stored:
            stored = {"SS": sorted(stored["SS"])}
        if stored != value:
            found.append(f"boto3 reads {name} = {stored}, saved was {value}")

    everything = flattened(item)
    for name in ("ssn", "notes"):
        secret = document.get(name)
        if secret is None:
            if name in item:
                found.append(f"boto3 reads {name}, which was never saved")
            continue
        if list(item.get(name, {})) != ["B"]:
            found.append(f"{name} is not stored as a binary envelope: {item.get(name)}")
        elif (opened := peer.secret(item, name)) != secret:
            found.append(f"{name} opens to {opened!r}, saved was {secret!r}")
        if any(form in everything for form in readable_forms(secret)):
            found.append(f"{name} is readable in the stored item")
    return found


def readable_forms(secret: str) -> list[bytes]:
    """How a secret would look that had only been encoded."""
    plain = secret.encode()
    return [plain, plain.hex().encode(), base64.b64encode(plain).rstrip(b"=")]


def flattened(value) -> bytes:
    """Every name and value of an item, one after the other."""
    if isinstance(value, dict):
        return b"\0".join(name.encode() + b"\0" + flattened(member) for name, member in value.items())
    if isinstance(value, (list, set)):
        return b"\0".join(flattened(member) for member in value)
    if isinstance(value, Binary):
        return bytes(value.value)
    return value if isinstance(value, bytes) else str(value).encode()
