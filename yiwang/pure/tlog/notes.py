"""Signed notes (C2SP signed-note): a text, a blank line, and lines of signatures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.tlog.keys import Signer, Verifier, VKey, check_name
from yiwang.pure.tlog.lines import base64_bytes, base64_text, decoded, limited
from yiwang.pure.tlog.refusals import NOTE, finding, refused

MAX_NOTE = 1_000_000
MAX_SIGNATURES = 100
FORMAT = f"{NOTE} § Format"
SIGNATURES = f"{NOTE} § Signatures"
_DASH = "— "


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature of a note: key name, key ID (4 bytes) and signature (at least one byte)."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def text(self) -> str:
        """The line with its newline: em dash, name, base64 of key ID and signature."""
        return f"{_DASH}{self.name} {base64_text(self.key_id + self.signature)}\n"

    def is_of(self, key: VKey) -> bool:
        """Whether name and key ID are those of ``key``; says nothing about the signature."""
        return self.name == key.name and self.key_id == key.id


@dataclass(frozen=True, slots=True)
class Note:
    """A note: the signed text (with its last newline) and the lines of signatures."""

    text: bytes
    lines: tuple[SignatureLine, ...]

    @property
    def raw(self) -> bytes:
        """The whole note: text, blank line, signature lines."""
        return self.text + b"\n" + "".join(line.text for line in self.lines).encode()


@dataclass(frozen=True, slots=True)
class Opened:
    """A note of which at least one known key has signed the text: those lines, and how many were ignored."""

    note: Note
    known: tuple[tuple[VKey, SignatureLine], ...]
    ignored: int


def parse_note(raw: bytes, line: int = 1) -> Note:
    """The note in ``raw``, at most 1 MB and 100 signatures. Refused with the line and the rule broken.

    The last blank line parts text and signatures. No signature is verified: see :func:`open_note`. ``line`` is the number of its first line.
    """
    text = decoded(limited(raw, MAX_NOTE, FORMAT), FORMAT, line)
    head, blank, tail = text.rpartition("\n\n")
    if not blank:
        refused("note-no-blank-line", FORMAT, line=line)
    first = line + head.count("\n") + 2
    if not tail:
        refused("note-no-signature", FORMAT, line=first)
    if not tail.endswith("\n"):
        refused("no-newline", FORMAT, line=first + tail.count("\n"))
    written = tail[:-1].split("\n")
    if len(written) > MAX_SIGNATURES:
        refused("note-too-many", FORMAT, count=len(written), limit=MAX_SIGNATURES, line=first)
    lines = tuple(parse_signature_line(each, first + place) for place, each in enumerate(written))
    return Note((head + "\n").encode(), lines)


def parse_signature_line(text: str, line: int = 1) -> SignatureLine:
    """The signature in a line without its newline; ``line`` is its number, for refusals."""
    parts = text.removeprefix(_DASH).split(" ")
    if not text.startswith(_DASH) or len(parts) != 2:
        refused("signature-line", FORMAT, line=line, text=text[:60])
    check_name(parts[0], FORMAT, line)
    raw = base64_bytes(parts[1].encode(), FORMAT, line)
    if len(raw) < 5:
        refused("signature-short", FORMAT, line=line, length=len(raw))
    return SignatureLine(parts[0], raw[:4], raw[4:])


def check_text(text: bytes) -> bytes:
    """``text`` where it can be signed as a note: UTF-8, no control characters, ends in a newline."""
    if not decoded(limited(text, MAX_NOTE // 2, FORMAT), FORMAT).endswith("\n"):
        refused("no-newline", FORMAT, line=text.count(b"\n") + 1)
    return text


def sign_note(text: bytes, signers: Iterable[Signer], at: datetime) -> Note:
    """The note of ``text`` signed by every signer in turn. Refused where a key signs twice or nobody signs."""
    return add_signatures(Note(check_text(text), ()), signers, at)


def add_signatures(note: Note, signers: Iterable[Signer], at: datetime) -> Note:
    """The note with further lines. Refused (``signature-twice``) where a key has a line already."""
    lines = list(note.lines)
    for signer in signers:
        key = signer.vkey
        if any(line.is_of(key) for line in lines):
            refused("signature-twice", SIGNATURES, name=key.name)
        lines.append(SignatureLine(key.name, key.id, signer.sign(note.text, at)))
    if not lines:
        refused("note-no-signature", FORMAT, line=0)
    return Note(note.text, tuple(lines))


def open_note(note: Note, verifiers: Sequence[Verifier]) -> Opened:
    """The lines of known keys, all of them verified. Lines of unknown keys are ignored, as C2SP demands.

    Refused, with all reasons: a known key whose line does not verify (``signature-wrong``) or that has two
    lines (``signature-twice``); no line of a known key at all (``signature-unknown``); verifiers that share
    name and key ID (``key-ambiguous``).
    """
    known = {(each.vkey.name, each.vkey.id): each for each in verifiers}
    if len(known) != len(verifiers):
        refused("key-ambiguous", SIGNATURES)
    objections: list[Finding] = []
    opened: list[tuple[VKey, SignatureLine]] = []
    seen = set()
    for line in note.lines:
        verifier = known.get((line.name, line.key_id))
        if verifier is None:
            continue
        if line.name + line.key_id.hex() in seen:
            objections.append(finding("signature-twice", SIGNATURES, name=line.name))
        elif not verifier.verify(note.text, line.signature):
            objections.append(finding("signature-wrong", SIGNATURES, name=line.name))
        seen.add(line.name + line.key_id.hex())
        opened.append((verifier.vkey, line))
    if not opened:
        objections.append(finding("signature-unknown", SIGNATURES, count=len(note.lines)))
    if objections:
        raise Refused(objections)
    return Opened(note, tuple(opened), len(note.lines) - len(opened))
