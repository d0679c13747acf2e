"""The texts in which proofs travel: tlog-proof (inclusion), and the add-checkpoint request (consistency)."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.pure.tlog.checkpoints import Checkpoint
from yiwang.pure.tlog.lines import base64_bytes, base64_text, decimal, decoded, hash_bytes, limited
from yiwang.pure.tlog.notes import MAX_NOTE, Note, parse_note
from yiwang.pure.tlog.proofs import MAX_PROOF
from yiwang.pure.tlog.refusals import PROOF, WITNESS, refused
from yiwang.pure.tlog.tiles import MAX_ENTRY

HEADER = "c2sp.org/tlog-proof@v1"
FORMAT = f"{PROOF} § Format"
REQUEST = f"{WITNESS} § add-checkpoint"
MAX_FILE = MAX_NOTE + 200_000


@dataclass(frozen=True, slots=True)
class ProofFile:
    """An inclusion proof with its signed checkpoint (C2SP tlog-proof).

    ``extra`` is not authenticated by the format (None where absent); ours may hold the entry itself, which the
    proof then authenticates.
    """

    index: int
    hashes: tuple[bytes, ...]
    note: Note
    extra: bytes | None = None

    @property
    def raw(self) -> bytes:
        """The text that :meth:`parse` reads."""
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {base64_text(self.extra)}")
        lines.append(f"index {self.index}")
        lines += [base64_text(each) for each in self.hashes]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.note.raw

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint that the note is; its signatures are not checked."""
        return Checkpoint.parse(self.note.text)

    @classmethod
    def parse(cls, raw: bytes) -> ProofFile:
        """The proof in ``raw``, at most 1.2 MB and 63 hashes. Refused with the line and the rule broken."""
        head, note, _ = _parts(raw, FORMAT)
        if head[0] != HEADER:
            refused("proof-header", FORMAT, text=head[0][:60])
        at = 1
        extra = None
        if len(head) > at and head[at].startswith("extra "):
            extra = base64_bytes(head[at].removeprefix("extra ").encode(), FORMAT, at + 1)
            if len(extra) > MAX_ENTRY:
                refused("too-large", FORMAT, length=len(extra), limit=MAX_ENTRY)
            at += 1
        if len(head) <= at or not head[at].startswith("index "):
            refused("proof-index", FORMAT, line=at + 1)
        index = decimal(head[at].removeprefix("index ").encode(), FORMAT, at + 1)
        return cls(index, _hashes(head, at + 1, FORMAT), note, extra)


@dataclass(frozen=True, slots=True)
class ConsistencyFile:
    """A consistency proof from ``old`` entries to a signed checkpoint: the body of a witness's add-checkpoint."""

    old: int
    hashes: tuple[bytes, ...]
    note: Note

    @property
    def raw(self) -> bytes:
        """The text that :meth:`parse` reads."""
        lines = [f"old {self.old}", *(base64_text(each) for each in self.hashes)]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.note.raw

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint that the note is; its signatures are not checked."""
        return Checkpoint.parse(self.note.text)

    @classmethod
    def parse(cls, raw: bytes) -> ConsistencyFile:
        """The request in ``raw``. Refused with the line and the rule broken; sizes are compared too."""
        head, note, checkpoint = _parts(raw, REQUEST)
        if not head[0].startswith("old "):
            refused("request-old", REQUEST, text=head[0][:60])
        old = decimal(head[0].removeprefix("old ").encode(), REQUEST, 1)
        hashes = _hashes(head, 1, REQUEST)
        if old > checkpoint.size:
            refused("size-outside", REQUEST, old=old, new=checkpoint.size)
        return cls(old, hashes, note)


def _parts(raw: bytes, source: str) -> tuple[list[str], Note, Checkpoint]:
    """The lines before the first blank line, the note after it, and the checkpoint that the note is."""
    text = decoded(limited(raw, MAX_FILE, source), source)
    head, blank, signed = text.partition("\n\n")
    if not blank:
        refused("proof-no-checkpoint", source, line=text.count("\n") + 1)
    first = head.count("\n") + 3
    note = parse_note(signed.encode(), first)
    return head.split("\n"), note, Checkpoint.parse(note.text, first)


def _hashes(lines: list[str], first: int, source: str) -> tuple[bytes, ...]:
    if len(lines) - first > MAX_PROOF:
        refused("proof-too-long", source, count=len(lines) - first, limit=MAX_PROOF)
    return tuple(
        hash_bytes(line.encode(), source, first + place + 1) for place, line in enumerate(lines[first:])
    )
