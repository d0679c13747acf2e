"""Checkpoints (C2SP tlog-checkpoint): the text of a note that says how large a log is and what its root is."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.pure.tlog.hashing import HASH_BYTES
from yiwang.pure.tlog.keys import check_name
from yiwang.pure.tlog.lines import base64_text, decimal, decoded, hash_bytes, limited
from yiwang.pure.tlog.notes import MAX_NOTE
from yiwang.pure.tlog.proofs import MAX_SIZE
from yiwang.pure.tlog.refusals import CHECKPOINT, refused

TEXT = f"{CHECKPOINT} § Note text"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: origin, size in entries, root (32 bytes), and extension lines (best none)."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.size <= MAX_SIZE:
            refused("size-outside", TEXT, old=0, new=self.size)
        if len(self.root) != HASH_BYTES:
            refused("hash-length", TEXT, position=3, length=len(self.root))
        for place, line in enumerate((self.origin, *self.extensions)):
            if not line or "\n" in line:
                refused("empty-line", TEXT, line=place + 3 if place else 1)

    @property
    def text(self) -> bytes:
        """The note text, with its last newline."""
        lines = (self.origin, str(self.size), base64_text(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines).encode()

    @classmethod
    def parse(cls, text: bytes, line: int = 1) -> Checkpoint:
        """The checkpoint of a note text whose first line has number ``line``. Refused with the line and the rule broken."""
        lines = decoded(limited(text, MAX_NOTE, TEXT), TEXT, line).split("\n")
        if lines.pop():
            refused("no-newline", TEXT, line=line + len(lines))
        if len(lines) < 3:
            refused("checkpoint-short", TEXT, line=line, count=len(lines))
        if "" in lines:
            refused("empty-line", TEXT, line=line + lines.index(""))
        size = decimal(lines[1].encode(), TEXT, line + 1)
        return cls(lines[0], size, hash_bytes(lines[2].encode(), TEXT, line + 2), tuple(lines[3:]))


def check_origin(origin: str) -> None:
    """Refused (``name``) where a log of ours may not be called so: it must be a key name too, of ≤ 255 bytes."""
    check_name(origin, TEXT)
