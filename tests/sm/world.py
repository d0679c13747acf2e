"""A lot with three holders and bidders, honest and not: what the envelope's tests stand on."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from yiwang.pure.sm.envelope.closing import ClosingList
from yiwang.pure.sm.envelope.contents import Sheet
from yiwang.pure.sm.envelope.device import HolderDevice, MemoryPins, Submitted
from yiwang.pure.sm.envelope.opening import (
    OpenedDocuments,
    PartKey,
    Receipt,
    answered_cases,
    checked_head,
    opened_sheet,
    part_key,
)
from yiwang.pure.sm.envelope.partial import Answer, Case
from yiwang.pure.sm.envelope.recovery import Half, TriedHalf
from yiwang.pure.sm.envelope.sealing import Sealed, seal
from yiwang.pure.sm.envelope.storage import EnvelopeFile
from yiwang.pure.sm.envelope.terms import DOCUMENTS, SHEET, Terms
from yiwang.pure.sm.errors import BadSignature
from yiwang.pure.sm.keys import DecryptionKey, SigningKey, VerifyingKey

FACTS: dict[str, object] = {"price_fen": 123_456_700, "period_days": 180, "项目经理": "李某"}


@dataclass(frozen=True)
class Document:
    name: str
    octets: bytes

    @property
    def size(self) -> int:
        return len(self.octets)

    def open(self) -> io.BytesIO:
        return io.BytesIO(self.octets)


class Bidder:
    """Signs with a plain key; the public point stands for the certificate."""

    def __init__(self) -> None:
        self.key = SigningKey.generate()

    @property
    def certificate(self) -> bytes:
        return self.key.public.octets

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message)


def accepts(certificate: bytes, statement: bytes, signature: bytes) -> bool:
    try:
        VerifyingKey(certificate).verify(statement, signature)
    except BadSignature:
        return False
    return True


class Stored:
    """Bytes as the platform keeps them: the leaf hashes are those of the receipt."""

    def __init__(self, raw: bytes, leaves: Sequence[bytes]) -> None:
        self.raw, self._leaves = raw, leaves
        self._size = 12 + int.from_bytes(raw[8:12], "big")
        self.parsed = EnvelopeFile.of(raw).parsed

    def head(self) -> bytes:
        return self.raw[: self._size]

    def leaves(self) -> Sequence[bytes]:
        return self._leaves

    def chunk_into(self, number: int, buffer: bytearray) -> int:
        start = self._size + self.parsed.offset(number)
        chunk = self.raw[start : start + self.parsed.stored_size(number)]
        buffer[: len(chunk)] = chunk
        return len(chunk)


@dataclass
class Bid:
    raw: bytes
    sealed: Sealed

    @property
    def receipt(self) -> Receipt:
        return Receipt(self.sealed.head.envelope, self.sealed.root)

    @property
    def stored(self) -> Stored:
        return Stored(self.raw, self.sealed.leaves)

    @property
    def shown(self) -> Submitted:
        return Submitted.of(self.stored.head(), self.sealed.leaves)

    @property
    def listed(self) -> tuple[str, bytes]:
        return self.sealed.head.envelope, self.sealed.root


@dataclass
class World:
    lot: str = "A1234567890-26-0001-001"
    threshold: int = 2
    count: int = 3
    keys: list[DecryptionKey] = field(default_factory=list)
    pins: MemoryPins = field(default_factory=MemoryPins)
    witnessed: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keys = self.keys or [DecryptionKey.generate() for _ in range(self.count)]
        self.terms = Terms(self.lot, self.threshold, tuple(key.public for key in self.keys))
        self.bidder = Bidder()

    def seal(
        self, documents: Sequence[Document] = (), half: Half | None = None, terms: Terms | None = None
    ) -> Bid:
        out = io.BytesIO()
        tried = TriedHalf(half, half.code()) if half else None
        sealed = seal(out, terms or self.terms, FACTS, documents, self.bidder, tried)
        return Bid(out.getvalue(), sealed)

    def confirms(self, lot: str, root: bytes) -> bool:
        return self.witnessed.get(lot) == root

    def close(self, bids: Iterable[Bid]) -> ClosingList:
        closing = ClosingList.of(self.lot, [bid.listed for bid in bids])
        self.witnessed[self.lot] = closing.root
        return closing

    def device(self, place: int) -> HolderDevice:
        return HolderDevice(self.keys[place - 1], place, self.terms, self, MemoryPins())

    def answers(self, bids: Sequence[Bid], part: str = SHEET, places: Iterable[int] = (1, 2)) -> list[Answer]:
        closing = self.close(bids)
        shown = [bid.shown for bid in bids]
        return [answer for place in places for answer in self.device(place).answers(part, closing, shown)]

    def case(self, bid: Bid, answers: list[Answer], part: str = SHEET) -> tuple[Case, tuple[int, ...]]:
        head = checked_head(bid.stored, bid.receipt, self.terms)
        cases, bad = answered_cases([head], self.terms, part, answers)
        return cases[0], bad[0]

    def key(
        self, bid: Bid, part: str = SHEET, places: Iterable[int] = (1, 2), half: Half | None = None
    ) -> tuple[Case, PartKey]:
        case, bad = self.case(bid, self.answers([bid], part, places), part)
        return case, part_key(case, bad, half)

    def open_sheet(self, bid: Bid, places: Iterable[int] = (1, 2), half: Half | None = None) -> Sheet:
        case, key = self.key(bid, SHEET, places, half)
        return opened_sheet(bid.stored, bid.receipt, case, key, accepts)

    def open_documents(
        self, bid: Bid, places: Iterable[int] = (1, 2), half: Half | None = None
    ) -> dict[str, bytes]:
        case, key = self.key(bid, DOCUMENTS, places, half)
        opened = OpenedDocuments(bid.stored, bid.receipt, case, key)
        return {entry.name: b"".join(opened.read(entry.name)) for entry in opened.entries}
