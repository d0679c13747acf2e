"""The file of entries that do not fill a bundle yet: batches in sequence, each with its own check.

A batch is ``uint32 length ‖ uint64 start ‖ SHA-256(start ‖ body) ‖ body``, big-endian; ``body`` is a sequence of
entries as in a bundle, ``start`` the index of the first. The first batch (it may be empty) was written with the
file, before the file got its name, and is always whole. A crash can cut only the last of the batches after it, which
was not acknowledged then; any other batch that fails its check is damage.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.pure.kernel.findings import Refused
from yiwang.pure.tlog.refusals import refused
from yiwang.pure.tlog.tiles import bundle, bundle_entries

_HEAD = 4 + 8 + 32


@dataclass(frozen=True, slots=True)
class Tail:
    """What a tail file holds: the entries from index ``start``, and the bytes of a batch cut at its end."""

    start: int
    entries: list[bytes]
    torn: bytes


def batch_record(start: int, entries: Sequence[bytes]) -> bytes:
    """The record of one batch whose first entry has index ``start``."""
    body = bundle(entries)
    place = start.to_bytes(8)
    return len(body).to_bytes(4) + place + hashlib.sha256(place + body).digest() + body


def read_tail(raw: bytes, start: int) -> Tail:
    """The batches of a tail file that begins at index ``start``.

    Refused (``tail-damaged``) with the byte where the first batch, or one with more behind it, fails its check.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(raw) or not at:
        end = at + _HEAD + int.from_bytes(raw[at : at + 4])
        batch = _batch(raw[at:end], start + len(entries)) if end <= len(raw) else None
        if batch is None:
            torn = raw[at:]
            if not at or (end < len(raw) and torn.strip(b"\x00")):
                refused("tail-damaged", byte=at)
            return Tail(start, entries, torn)
        entries += batch
        at = end
    return Tail(start, entries, b"")


def _batch(record: bytes, start: int) -> list[bytes] | None:
    place, check, body = record[4:12], record[12:_HEAD], record[_HEAD:]
    if place != start.to_bytes(8) or hashlib.sha256(place + body).digest() != check:
        return None
    try:
        return bundle_entries(body)
    except Refused:
        return None
