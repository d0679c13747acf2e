"""The head of an envelope: two headers with their commitments, as strict canonical JSON behind a magic number."""

from __future__ import annotations

import base64
import binascii
import functools
import re
from dataclasses import dataclass

from yiwang.pure.kernel import canonical
from yiwang.pure.sm import sm3
from yiwang.pure.sm.envelope.terms import (
    ALGORITHM,
    CHUNK,
    DOCUMENTS,
    MAX_CHUNKS,
    MAX_HEAD,
    PARTS,
    SHEET,
    TAG,
    VERSION,
    Terms,
    checked_lot,
)
from yiwang.pure.sm.errors import Malformed
from yiwang.pure.sm.points import Point
from yiwang.pure.sm.strict import exact, hex_bytes, strict_object

MAGIC = b"YWENV1\r\n"
SHARE_SIZE = 64  # a scalar and the digest of its context
CIPHERTEXT_SIZE = 65 + 32 + SHARE_SIZE

_ID = re.compile(r"[0-9a-f]{32}\Z")
_HEADER = {
    "v", "part", "lot", "envelope", "alg", "size", "chunk", "t", "holders", "shares", "manifest", "half",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ciphertext:
    """An SM2 ciphertext of one share: 161 bytes C1 ‖ C3 ‖ C2. ``c1`` is checked to be on the curve."""

    raw: bytes
    c1: Point

    @classmethod
    def parse(cls, raw: bytes) -> Ciphertext:
        """Raises Malformed for another length, BadKey for a point off the curve."""
        if len(raw) != CIPHERTEXT_SIZE:
            raise Malformed(f"the ciphertext of a share has {CIPHERTEXT_SIZE} bytes")
        return cls(raw, Point(raw[:65]))

    @property
    def c3(self) -> bytes:
        """The 32 bytes that tell whether it decrypts."""
        return self.raw[65:97]

    @property
    def c2(self) -> bytes:
        """The 64 bytes of the text, encrypted."""
        return self.raw[97:]


@dataclass(frozen=True)  # without slots: the digest is kept beside the fields
class Header:
    """The header of one part. ``size`` is in bytes of plaintext; ``holders`` are fingerprints; ``half`` is the
    commitment to the bidder's half in strict mode, else empty; ``manifest`` is SM3 of the part's manifest."""

    part: str
    lot: str
    envelope: str
    size: int
    threshold: int
    holders: tuple[str, ...]
    shares: tuple[Ciphertext, ...]
    manifest: bytes
    half: bytes

    def as_json(self) -> dict[str, object]:
        """The header as an object of canonical JSON."""
        return {
            "v": VERSION,
            "part": self.part,
            "lot": self.lot,
            "envelope": self.envelope,
            "alg": ALGORITHM,
            "size": self.size,
            "chunk": CHUNK,
            "t": self.threshold,
            "holders": list(self.holders),
            "shares": [base64.b64encode(share.raw).decode() for share in self.shares],
            "manifest": self.manifest.hex(),
            "half": self.half.hex(),
        }

    @functools.cached_property
    def digest(self) -> bytes:
        """SM3 of the header's canonical JSON: the associated text of every chunk and the salt of every derivation."""
        known = self.__dict__.pop("_parsed", None)  # where it was parsed, that is the same object
        return sm3.digest(
            canonical.dumps(self.as_json()) if known is None else canonical.written_again(known)
        )

    @property
    def chunks(self) -> int:
        """How many chunks the part has."""
        return -(-self.size // CHUNK)

    def chunk_size(self, number: int) -> int:
        """Bytes of plaintext in chunk ``number`` (from 0)."""
        return min(CHUNK, self.size - number * CHUNK)

    @classmethod
    def parse(cls, value: object, part: str) -> Header:
        """The header of ``part`` in a parsed head. Raises Malformed or BadKey with the rule broken."""
        fields = exact(value, _HEADER, f"{part} header")
        fixed = {"v": VERSION, "part": part, "alg": ALGORITHM, "chunk": CHUNK}
        for name, expected in fixed.items():
            if type(fields[name]) is not type(expected) or fields[name] != expected:
                raise Malformed(f"{part} header: {name} must be {expected}")
        size, threshold = fields["size"], fields["t"]
        holders, shares = fields["holders"], fields["shares"]
        if type(size) is not int or not 0 < size <= MAX_CHUNKS * CHUNK:
            raise Malformed(f"{part} header: size out of range")
        if part == SHEET and size > CHUNK:
            raise Malformed("sheet header: a sheet has one chunk")
        if not isinstance(holders, list) or not isinstance(shares, list) or len(holders) != len(shares):
            raise Malformed(f"{part} header: one share for each holder")
        if type(threshold) is not int or not 2 <= threshold <= len(holders):
            raise Malformed(f"{part} header: threshold out of range")
        half = fields["half"]
        header = cls(
            part,
            checked_lot(fields["lot"]),
            checked_envelope(fields["envelope"]),
            size,
            threshold,
            tuple(hex_bytes(each, 32, f"{part} header: fingerprint").hex() for each in holders),
            tuple(Ciphertext.parse(_base64(each, f"{part} header: share")) for each in shares),
            hex_bytes(fields["manifest"], 32, f"{part} header: manifest"),
            b"" if half == "" else hex_bytes(half, 32, f"{part} header: half"),
        )
        header.__dict__["_parsed"] = fields
        return header


@dataclass(frozen=True, slots=True)
class Part:
    """A header and the commitment to its master (32 bytes)."""

    header: Header
    commitment: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """The head of an envelope; ``documents`` is None where the bid has no more than its sheet."""

    sheet: Part
    documents: Part | None

    @property
    def lot(self) -> str:
        """The code of the lot."""
        return self.sheet.header.lot

    @property
    def envelope(self) -> str:
        """The name of the envelope: 32 hexadecimal digits."""
        return self.sheet.header.envelope

    @property
    def chunks(self) -> int:
        """Chunks of both parts together: the sheet's come first."""
        return self.sheet.header.chunks + (self.documents.header.chunks if self.documents else 0)

    def part(self, name: str) -> Part | None:
        """The part called ``name``."""
        return self.sheet if name == SHEET else self.documents

    def place(self, part: str, number: int) -> int:
        """The number within the whole envelope of chunk ``number`` of ``part``."""
        return number if part == SHEET else self.sheet.header.chunks + number

    def stored_size(self, number: int) -> int:
        """Bytes of chunk ``number`` of the whole envelope with its tag."""
        if number < self.sheet.header.chunks:
            return self.sheet.header.chunk_size(number) + TAG
        assert self.documents is not None
        return self.documents.header.chunk_size(number - self.sheet.header.chunks) + TAG

    def offset(self, number: int) -> int:
        """Where chunk ``number`` of the whole envelope begins, in bytes after the head."""
        if number <= self.sheet.header.chunks:
            return sum(self.stored_size(each) for each in range(number))
        first = self.sheet.header.chunks
        return self.offset(first) + (number - first) * (CHUNK + TAG)

    @property
    def stored_total(self) -> int:
        """Bytes of all chunks with their tags."""
        parts = [part for part in (self.sheet, self.documents) if part]
        return sum(part.header.size + TAG * part.header.chunks for part in parts)

    def to_bytes(self) -> bytes:
        """Magic, length (4 bytes, big-endian), canonical JSON."""
        text = canonical.dumps({"v": VERSION, SHEET: _part(self.sheet), DOCUMENTS: _part(self.documents)})
        return MAGIC + len(text).to_bytes(4, "big") + text

    @classmethod
    def parse(cls, raw: bytes) -> Head:
        """The head whose bytes are exactly ``raw``. Raises Malformed or BadKey with the rule broken."""
        length = head_length(raw[:12])
        if len(raw) != 12 + length:
            raise Malformed("head: not of the length it states")
        value = strict_object(raw[12:], {"v", *PARTS}, "head", MAX_HEAD)
        if type(value["v"]) is not int or value["v"] != VERSION:
            raise Malformed(f"head: version must be {VERSION}")
        sheet = _parse_part(value[SHEET], SHEET)
        documents = None if value[DOCUMENTS] is None else _parse_part(value[DOCUMENTS], DOCUMENTS)
        if documents is not None:
            one, two = sheet.header, documents.header
            same = ("lot", "envelope", "threshold", "holders", "half")
            for name in same:
                if getattr(one, name) != getattr(two, name):
                    raise Malformed(f"head: the two headers differ in {name}")
        points = [
            share.c1.octets for part in (sheet, documents) if part is not None for share in part.header.shares
        ]
        if len(set(points)) != len(points):
            raise Malformed("head: two shares have the same point C1")
        return cls(sheet, documents)


def head_length(prefix: bytes) -> int:
    """The length of the head's JSON that the first 12 bytes of an envelope state. Raises Malformed."""
    if len(prefix) != 12 or prefix[:8] != MAGIC:
        raise Malformed("not an envelope: the first bytes are others")
    length = int.from_bytes(prefix[8:12], "big")
    if not 0 < length <= MAX_HEAD:
        raise Malformed("head: length out of range")
    return length


def terms_broken(head: Head, terms: Terms) -> str | None:
    """Which code of a verdict says that ``head`` is not for ``terms``; None where it is."""
    if head.lot != terms.lot:
        return "wrong-lot"
    if head.sheet.header.holders != terms.fingerprints or head.sheet.header.threshold != terms.threshold:
        return "wrong-holders"
    return None


def checked_envelope(value: object) -> str:
    """``value`` where it is the name of an envelope (32 lower-case hexadecimal digits); Malformed otherwise."""
    if not isinstance(value, str) or not _ID.match(value):
        raise Malformed("the name of an envelope has 32 lower-case hexadecimal digits")
    return value


def _base64(text: object, what: str) -> bytes:
    if not isinstance(text, str):
        raise Malformed(f"{what}: base64 was expected")
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(f"{what}: not base64") from error
    if base64.b64encode(raw).decode() != text:
        raise Malformed(f"{what}: not canonical base64")
    return raw


def _part(part: Part | None) -> dict[str, object] | None:
    if part is None:
        return None
    return {"header": part.header.as_json(), "commit": part.commitment.hex()}


def _parse_part(value: object, name: str) -> Part:
    fields = exact(value, {"header", "commit"}, name)
    return Part(Header.parse(fields["header"], name), hex_bytes(fields["commit"], 32, f"{name}: commit"))
