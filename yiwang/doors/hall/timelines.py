"""The time line of a lot from the journal, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yiwang.business.trading.api import KIND_WORDS
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.refs import Ref
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import timeline

_WORDS = {**KIND_WORDS, notices.NOTICE_PUBLISHED.name: notices.NOTICE_PUBLISHED.words}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the record as a page shows it; ``title`` names the notice, where it is one."""

    words: Words
    title: str
    at: datetime
    number: int | None
    leaf_hash: str
    documents: tuple[str, ...]


def entries_of(*matters: Ref) -> list[Line]:
    """What everybody may see in the record of these matters, newest first."""
    entries = {each.id: each for matter in matters for each in timeline(matter)}
    return [
        Line(
            _WORDS.get(each.kind, Words(each.kind, each.kind)),
            str(each.facts.get("title", "")),
            each.at,
            each.number,
            each.leaf_hash,
            each.documents,
        )
        for each in sorted(entries.values(), key=lambda each: each.id, reverse=True)
    ]
