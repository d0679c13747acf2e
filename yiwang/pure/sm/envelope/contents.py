"""What lies inside: the opening sheet with the bidder's signature, and the manifest of the documents."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from yiwang.pure.kernel import canonical
from yiwang.pure.sm.envelope.head import Part
from yiwang.pure.sm.envelope.terms import CHUNK, VERSION
from yiwang.pure.sm.errors import Malformed
from yiwang.pure.sm.strict import exact, hex_bytes, strict_object

PAD = 4096  # a sheet's length in bytes is a multiple of this, so that it does not tell the digits of a price
MAX_MANIFEST = 1 << 20
MAX_FILES = 10_000
_SALT = 16


class BidderSigner(Protocol):
    """The bidder's signature over the statement inside the sheet (an SM2 key, a card, a split key)."""

    @property
    def certificate(self) -> bytes:
        """The certificate in DER; b"" where there is none (rehearsals)."""
        ...

    def sign(self, message: bytes) -> bytes:
        """A DER signature over ``message``."""
        ...


class Unsigned:
    """For rehearsals only: no certificate and no signature."""

    certificate = b""

    def sign(self, message: bytes) -> bytes:
        """Nothing."""
        return b""


@dataclass(frozen=True, slots=True)
class Sheet:
    """An opened sheet. ``facts`` is what the bidder wrote (price, period, deposit); ``statement`` the bytes signed."""

    facts: dict[str, object]
    statement: bytes
    signature: bytes
    certificate: bytes
    documents: tuple[bytes, bytes] | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One document: its name and its size in bytes."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The documents in their order; ``text`` is the canonical JSON whose SM3 stands in the header."""

    entries: tuple[Entry, ...]
    text: bytes

    @property
    def prefix(self) -> bytes:
        """The first bytes of the part: length (4 bytes, big-endian) and the manifest."""
        return len(self.text).to_bytes(4, "big") + self.text

    @property
    def size(self) -> int:
        """Bytes of the whole part in clear."""
        return len(self.prefix) + sum(entry.size for entry in self.entries)


def statement(
    lot: str, envelope: str, facts: dict[str, object], documents: Part | None, salt: bytes
) -> bytes:
    """What the bidder signs: the sheet's facts, bound to the lot, the envelope and the documents' header and key."""
    return canonical.dumps(
        {
            "v": VERSION,
            "lot": lot,
            "envelope": envelope,
            "salt": salt.hex(),
            "sheet": facts,
            "documents": None
            if documents is None
            else {"header": documents.header.digest.hex(), "commit": documents.commitment.hex()},
        }
    )


def sheet_payload(signed: bytes, signer: BidderSigner) -> bytes:
    """The sheet's plaintext: length, canonical JSON, zeros up to a multiple of 4096 bytes. Malformed above 1 MiB."""
    text = canonical.dumps(
        {
            "statement": canonical.loads(signed),
            "certificate": base64.b64encode(signer.certificate).decode(),
            "signature": signer.sign(signed).hex(),
        }
    )
    size = -(-(4 + len(text)) // PAD) * PAD
    if size > CHUNK:
        raise Malformed("an opening sheet with its certificate has at most 1 MiB")
    return (len(text).to_bytes(4, "big") + text).ljust(size, b"\0")


def parse_sheet(plaintext: bytes, lot: str, envelope: str) -> Sheet:
    """The sheet in its plaintext. Raises Malformed where it is not in the format or is for another envelope."""
    length = int.from_bytes(plaintext[:4], "big")
    text = plaintext[4 : 4 + length]
    if len(plaintext) != -(-(4 + length) // PAD) * PAD or any(plaintext[4 + length :]):
        raise Malformed("sheet: lengths")
    value = strict_object(text, {"statement", "certificate", "signature"}, "sheet", CHUNK)
    inner = exact(
        value["statement"], {"v", "lot", "envelope", "salt", "sheet", "documents"}, "sheet: statement"
    )
    if type(inner["v"]) is not int or inner["v"] != VERSION or not isinstance(inner["sheet"], dict):
        raise Malformed("sheet: statement")
    hex_bytes(inner["salt"], _SALT, "sheet: salt")
    if inner["lot"] != lot or inner["envelope"] != envelope:
        raise Malformed("sheet: the statement is for another envelope")
    documents = None
    if inner["documents"] is not None:
        bound = exact(inner["documents"], {"header", "commit"}, "sheet: documents")
        documents = (
            hex_bytes(bound["header"], 32, "sheet: documents"),
            hex_bytes(bound["commit"], 32, "sheet: documents"),
        )
    signature, certificate = value["signature"], value["certificate"]
    if not isinstance(signature, str) or not isinstance(certificate, str):
        raise Malformed("sheet: signature")
    try:
        raw = base64.b64decode(certificate.encode("ascii"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("sheet: certificate") from error
    if base64.b64encode(raw).decode() != certificate:
        raise Malformed("sheet: certificate")
    signature_bytes = hex_bytes(signature, len(signature) // 2, "sheet: signature")
    return Sheet(inner["sheet"], canonical.dumps(inner), signature_bytes, raw, documents)


def fresh_salt() -> bytes:
    """16 random bytes, so that nobody can guess a manifest or a sheet from its digest."""
    return secrets.token_bytes(_SALT)


def checked_name(name: object) -> str:
    """``name`` where it is the plain name of a file: 1…255 bytes of UTF-8 in NFC, no slashes, no control or
    direction-changing characters, not dots alone. Malformed otherwise."""
    if (
        not isinstance(name, str)
        or not 0 < len(name.encode("utf-8", "surrogatepass")) <= 255
        or re.search(
            r"[\x00-\x1f\x7f-\x9f/\\\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", name
        )
        or not name.strip(". ")
        or unicodedata.normalize("NFC", name) != name
    ):
        raise Malformed("documents: the name of a file")
    return name


def manifest(entries: Sequence[Entry], salt: bytes) -> Manifest:
    """The manifest of ``entries``. Raises Malformed for a bad name, a name twice, or too many or too long ones."""
    names = [checked_name(entry.name) for entry in entries]
    if not 0 < len(names) <= MAX_FILES or len({name.casefold() for name in names}) != len(names):
        raise Malformed(f"documents: 1 to {MAX_FILES} files with different names")
    if any(entry.size < 0 for entry in entries):
        raise Malformed("documents: a size below 0")
    text = canonical.dumps(
        {
            "v": VERSION,
            "salt": salt.hex(),
            "files": [{"name": entry.name, "size": entry.size} for entry in entries],
        }
    )
    if len(text) > MAX_MANIFEST:
        raise Malformed("documents: the manifest has at most 1 MiB")
    return Manifest(tuple(entries), text)


def parse_manifest(text: bytes) -> Manifest:
    """The manifest in ``text``. Raises Malformed."""
    value = strict_object(text, {"v", "salt", "files"}, "manifest", MAX_MANIFEST)
    if type(value["v"]) is not int or value["v"] != VERSION or not isinstance(value["files"], list):
        raise Malformed("manifest: version or files")
    entries = []
    for each in value["files"]:
        fields = exact(each, {"name", "size"}, "manifest: file")
        size = fields["size"]
        if type(size) is not int:
            raise Malformed("manifest: size")
        entries.append(Entry(checked_name(fields["name"]), size))
    made = manifest(entries, hex_bytes(value["salt"], _SALT, "manifest: salt"))
    if made.text != text:
        raise Malformed("manifest: not as it would be written")
    return made
