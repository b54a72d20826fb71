"""Tally's encrypted values, opened and made without Tally: the format of version 1, written again from its description.

version (1 byte) · length of the wrapped key (2, big-endian) · wrapped key · salt (32) · commitment (32) · ciphertext
and tag. HKDF-SHA-256 of the data key makes 64 bytes: the value's key for AES-256-GCM with a nonce of zeros, and the
commitment. The value's place (format, table, key, attribute) is both the derivation's info and the associated data.
"""

import hmac
import json
import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = bytes(12)


@dataclass(frozen=True)
class Place:
    """Where a value belongs."""

    table: str
    partition: str
    sort: str
    attribute: str

    @property
    def bytes(self) -> bytes:
        parts = ("tally/1", self.table, "S" + self.partition, "S" + self.sort, self.attribute)
        return b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)


class Envelopes:
    """Opens and makes encrypted values with KMS's help."""

    def __init__(self, kms, key: str, table: str):
        self.kms = kms
        self.key = key
        self.context = {"tally:format": "1", "tally:table": table}

    def open(self, envelope: bytes, place: Place) -> str:
        """The text that was encrypted for a place.

        Raises: ValueError, or an exception of KMS's or the cipher's, for anything that is not that.
        """
        length = int.from_bytes(envelope[1:3], "big")
        wrapped, rest = envelope[3 : 3 + length], envelope[3 + length :]
        salt, commitment, sealed = rest[:32], rest[32:64], rest[64:]
        if envelope[0] != 1 or len(wrapped) != length or len(sealed) < 16:
            raise ValueError("not an envelope of version 1")
        data_key = self.kms.decrypt(CiphertextBlob=wrapped, KeyId=self.key, EncryptionContext=self.context)["Plaintext"]
        key, expected = derived(data_key, salt, place)
        if not hmac.compare_digest(commitment, expected):
            raise ValueError("the commitment is that of another key or place")
        return json.loads(AESGCM(key).decrypt(NONCE, sealed, place.bytes))["S"]

    def seal(self, text: str, place: Place, data_key: dict) -> bytes:
        """The text encrypted for a place, under a data key as KMS answered it."""
        salt, wrapped = os.urandom(32), data_key["CiphertextBlob"]
        key, commitment = derived(data_key["Plaintext"], salt, place)
        sealed = AESGCM(key).encrypt(NONCE, json.dumps({"S": text}).encode(), place.bytes)
        return b"\x01" + len(wrapped).to_bytes(2, "big") + wrapped + salt + commitment + sealed

    def data_key(self) -> dict:
        """A new data key, as KMS answers it."""
        return self.kms.generate_data_key(KeyId=self.key, KeySpec="AES_256", EncryptionContext=self.context)


def derived(data_key: bytes, salt: bytes, place: Place) -> tuple[bytes, bytes]:
    """A value's key and its commitment."""
    both = HKDF(SHA256(), length=64, salt=salt, info=place.bytes).derive(data_key)
    return both[:32], both[32:]
