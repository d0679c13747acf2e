"""What is fixed before a bid is sealed: the lot, its holders' keys and the threshold; and the limits of the format."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yiwang.pure.kernel import canonical
from yiwang.pure.sm.errors import Malformed
from yiwang.pure.sm.keys import EncryptionKey
from yiwang.pure.sm.shamir import MAX_HOLDERS
from yiwang.pure.sm.strict import hex_bytes, strict_object

VERSION = 1
CHUNK = 1 << 20  # bytes of plaintext in a chunk; the last one of a part may be shorter
TAG = 16
MAX_CHUNKS = 65_536  # of one part: 64 GiB
MAX_HEAD = 65_536  # bytes of the head's JSON
SHEET = "sheet"
DOCUMENTS = "documents"
PARTS = (SHEET, DOCUMENTS)
ALGORITHM = "sm4-gcm"

_LOT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")


def checked_lot(lot: object) -> str:
    """``lot`` where it is a code of 1…64 of ``A–Z a–z 0–9 . _ -``; Malformed otherwise."""
    if not isinstance(lot, str) or not _LOT.match(lot):
        raise Malformed("the code of a lot has 1 to 64 letters, digits, dots, underscores or hyphens")
    return lot


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms published with the notice: ``keys[i-1]`` is the key of holder i; ``threshold`` of them open.

    Raises Malformed where the threshold is below 2 or above the number of holders, or a key stands twice.
    """

    lot: str
    threshold: int
    keys: tuple[EncryptionKey, ...]

    def __post_init__(self) -> None:
        checked_lot(self.lot)
        if not 2 <= self.threshold <= len(self.keys) <= MAX_HOLDERS:
            raise Malformed(f"a threshold of 2 up to the number of holders, at most {MAX_HOLDERS} holders")
        if len(set(self.keys)) != len(self.keys):
            raise Malformed("two holders have the same key")

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """SM3 of each holder's key, in their order."""
        return tuple(key.fingerprint for key in self.keys)

    def to_json(self) -> bytes:
        """The terms as canonical JSON, as they are published."""
        return canonical.dumps(
            {
                "v": VERSION,
                "lot": self.lot,
                "threshold": self.threshold,
                "keys": [key.octets.hex() for key in self.keys],
            }
        )

    @classmethod
    def from_json(cls, text: bytes) -> Terms:
        """The terms of :meth:`to_json`. Raises Malformed."""
        value = strict_object(text, {"v", "lot", "threshold", "keys"}, "terms", MAX_HEAD)
        if (
            type(value["v"]) is not int
            or value["v"] != VERSION
            or not isinstance(value["keys"], list)
            or type(value["threshold"]) is not int
        ):
            raise Malformed("terms: version, keys or threshold")
        keys = tuple(EncryptionKey(hex_bytes(each, 65, "terms: key")) for each in value["keys"])
        return cls(checked_lot(value["lot"]), value["threshold"], keys)


def holder_statement(lot: str, place: int, key: EncryptionKey) -> bytes:
    """What holder ``place`` (from 1) signs with the own certificate so that ``key`` may stand in the notice."""
    return canonical.dumps(
        {
            "v": VERSION,
            "purpose": "yiwang/envelope/v1/holder-key",
            "lot": checked_lot(lot),
            "holder": place,
            "key": key.octets.hex(),
        }
    )
