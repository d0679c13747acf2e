"""What a cosigner signs (C2SP tlog-cosignature), and the time that every cosignature carries."""

from __future__ import annotations

from datetime import UTC, datetime

from yiwang.pure.tlog.checkpoints import Checkpoint
from yiwang.pure.tlog.keys import COSIGNATURE_ED25519, COSIGNATURE_MLDSA44, VKey
from yiwang.pure.tlog.proofs import MAX_SIZE
from yiwang.pure.tlog.refusals import COSIGNATURE, refused

FORMAT = f"{COSIGNATURE} § Format"
TIMESTAMP_BYTES = 8
COSIGNATURE_KINDS = frozenset({COSIGNATURE_ED25519, COSIGNATURE_MLDSA44})


def posix_seconds(at: datetime) -> int:
    """Whole seconds since the Epoch of an instant with a zone. Refused (``timestamp``) before 1970."""
    seconds = int(at.timestamp() // 1) if at.tzinfo is not None else -1
    if seconds < 0:
        refused("timestamp", FORMAT, seconds=seconds)
    return seconds


def timestamp_of(signature: bytes) -> int | None:
    """The seconds since the Epoch in a timestamped signature; None where it has none, or one above 2^63 - 1."""
    seconds = int.from_bytes(signature[:TIMESTAMP_BYTES])
    return None if len(signature) <= TIMESTAMP_BYTES or seconds > MAX_SIZE else seconds


def cosigned_at(key: VKey, signature: bytes) -> datetime | None:
    """When the cosigner says it has seen the checkpoint (UTC); None for kinds or times without such a statement.

    A time of 0 in an ML-DSA-44 cosignature says nothing about when; a time after the year 9999 neither.
    """
    seconds = timestamp_of(signature) if key.kind in COSIGNATURE_KINDS else None
    if not seconds or seconds >= 253402300800:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def ed25519_message(text: bytes, seconds: int) -> bytes:
    """The message of a ``cosignature/v1``: header, time, and the whole note text."""
    return b"cosignature/v1\ntime %d\n" % seconds + text


def subtree_message(cosigner: str, seconds: int, origin: str, start: int, end: int, root: bytes) -> bytes:
    """The ``cosigned_message`` of ML-DSA-44: names after their length in one byte, numbers in eight.

    Refused (``cosigned-range``) where a name is empty or longer than 255 bytes, or a time is given for a
    subtree that does not begin at 0.
    """
    names = [cosigner.encode(), origin.encode()]
    fits = all(0 < len(name) <= 255 for name in names) and 0 <= start <= end <= MAX_SIZE
    if not fits or (start and seconds):
        refused("cosigned-range", f"{COSIGNATURE} § ML-DSA-44 signed message", start=start, end=end)
    return b"".join(
        (
            b"subtree/v1\n\x00",
            bytes([len(names[0])]) + names[0],
            seconds.to_bytes(8),
            bytes([len(names[1])]) + names[1],
            start.to_bytes(8),
            end.to_bytes(8),
            root,
        )
    )


def checkpoint_message(cosigner: str, seconds: int, text: bytes) -> bytes:
    """The ``cosigned_message`` for a checkpoint's note text. Refused where the text is no checkpoint."""
    head = Checkpoint.parse(text)
    return subtree_message(cosigner, seconds, head.origin, 0, head.size, head.root)
