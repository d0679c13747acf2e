"""The closing list: which envelopes may be opened, and nothing else may. It does not tell how many bids there are."""

from __future__ import annotations

import bisect
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from yiwang.pure.kernel import canonical
from yiwang.pure.sm.envelope import merkle
from yiwang.pure.sm.envelope.terms import VERSION, checked_lot
from yiwang.pure.sm.errors import Malformed
from yiwang.pure.sm.strict import hex_bytes, strict_object

SMALLEST = 16  # records: below this the number of bids is hidden altogether
MAX_RECORDS = 65_536


class ClosingWitness(Protocol):
    """Somebody independent who has cosigned the log: the holder's device asks it, never the platform alone."""

    def confirms(self, lot: str, root: bytes) -> bool:
        """Whether ``root`` (32 bytes) is that of the closing list of ``lot`` in the witnessed log."""
        ...


def record(lot: str, envelope: str, root: bytes) -> bytes:
    """SHA-256 of the canonical JSON {envelope, lot, root}: one record. The root makes it impossible to guess."""
    return hashlib.sha256(canonical.dumps({"lot": lot, "envelope": envelope, "root": root.hex()})).digest()


@dataclass(frozen=True, slots=True)
class ClosingList:
    """The records in ascending order, dummies among them; their number is a power of two from 16 on."""

    lot: str
    records: tuple[bytes, ...]

    def __post_init__(self) -> None:
        checked_lot(self.lot)
        count = len(self.records)
        if not SMALLEST <= count <= MAX_RECORDS or count & (count - 1):
            raise Malformed("closing list: the number of records is a power of two from 16 to 65536")
        if any(one >= two for one, two in zip(self.records, self.records[1:], strict=False)):
            raise Malformed("closing list: the records ascend and none stands twice")
        if any(len(each) != 32 for each in self.records):
            raise Malformed("closing list: a record has 32 bytes")

    @classmethod
    def of(cls, lot: str, envelopes: Sequence[tuple[str, bytes]]) -> ClosingList:
        """The list of (envelope, root) pairs, filled up with random dummies. ValueError where one stands twice."""
        records = {record(lot, envelope, root) for envelope, root in envelopes}
        if len(records) != len(envelopes) or len({envelope for envelope, _ in envelopes}) != len(envelopes):
            raise ValueError("an envelope stands twice in the closing list")
        size = max(SMALLEST, 1 << max(len(records) - 1, 0).bit_length())
        while len(records) < size:
            records.add(secrets.token_bytes(32))
        return cls(lot, tuple(sorted(records)))

    @property
    def root(self) -> bytes:
        """The root of RFC 6962 (SHA-256) over the records: what the journal records and the witnesses cosign."""
        return merkle.root([merkle.leaf(each) for each in self.records])

    def holds(self, envelope: str, root: bytes) -> bool:
        """Whether the envelope with ``root`` stands in the list."""
        wanted = record(self.lot, envelope, root)
        place = bisect.bisect_left(self.records, wanted)
        return place < len(self.records) and self.records[place] == wanted

    def to_json(self) -> bytes:
        """The list as canonical JSON."""
        return canonical.dumps(
            {"v": VERSION, "lot": self.lot, "records": [each.hex() for each in self.records]}
        )

    @classmethod
    def from_json(cls, text: bytes) -> ClosingList:
        """The list of :meth:`to_json`. Raises Malformed."""
        value = strict_object(text, {"v", "lot", "records"}, "closing list", MAX_RECORDS * 80)
        if type(value["v"]) is not int or value["v"] != VERSION or not isinstance(value["records"], list):
            raise Malformed("closing list: version or records")
        records = tuple(hex_bytes(each, 32, "closing list: record") for each in value["records"])
        return cls(checked_lot(value["lot"]), records)
