"""The independent reading of Tally's encrypted values: what it makes it opens, and only in its place."""

import dataclasses
import os
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from envelope import Envelopes, Place  # noqa: E402

PLACE = Place("documents", "DOC#1", "v1", "ssn")


class OneKey:
    """A KMS with a single data key, which it hands out to the right context only."""

    plaintext = os.urandom(32)

    def generate_data_key(self, KeyId, KeySpec, EncryptionContext):
        self.context = EncryptionContext
        return {"Plaintext": self.plaintext, "CiphertextBlob": b"wrapped"}

    def decrypt(self, CiphertextBlob, KeyId, EncryptionContext):
        if (CiphertextBlob, EncryptionContext) != (b"wrapped", self.context):
            raise ValueError("InvalidCiphertextException")
        return {"Plaintext": self.plaintext}


class EnvelopeTest(unittest.TestCase):
    def setUp(self):
        self.envelopes = Envelopes(OneKey(), "alias/documents", "documents")
        self.sealed = self.envelopes.seal("äöü 900-12-3456", PLACE, self.envelopes.data_key())

    def test_opens_what_it_made(self):
        self.assertEqual(self.envelopes.open(self.sealed, PLACE), "äöü 900-12-3456")

    def test_refuses_a_value_that_was_moved(self):
        for member in ("table", "partition", "sort", "attribute"):
            with self.assertRaisesRegex(ValueError, "another key or place"):
                self.envelopes.open(self.sealed, dataclasses.replace(PLACE, **{member: "x"}))

    def test_refuses_a_value_with_any_byte_altered(self):
        for index in range(len(self.sealed)):
            altered = bytearray(self.sealed)
            altered[index] ^= 1
            with self.assertRaises(Exception, msg=f"byte {index}"):
                self.envelopes.open(bytes(altered), PLACE)


if __name__ == "__main__":
    unittest.main()
