"""The stations of a progress line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yiwang.pure.kernel.words import Words

DONE = "done"
NOW = "now"
NEXT = "next"
ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Stage:
    """One station: ``state`` is DONE, NOW, NEXT or ENDED (stopped here for good); ``by`` whom and ``until_at`` if known."""

    words: Words
    state: str
    by: Words | None = None
    until_at: datetime | None = None
    at: datetime | None = None
    note: Words | None = None
