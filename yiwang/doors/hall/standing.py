"""What became of published notices, and what later notices changed, as pages of the hall say it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yiwang.business.trading import api as trading
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.words import Words


@dataclass(frozen=True, slots=True)
class Marked:
    """A notice with what became of it (None: it counts as it appeared), and whether what it says still counts."""

    notice: notices.Notice
    became: Words | None
    counts: bool


def marked(listed: Iterable[notices.Notice]) -> list[Marked]:
    """Notices with what became of each."""
    found = list(listed)
    told = trading.standings(each.code for each in found)
    said = ((each, told.get(each.code, "")) for each in found)
    return [
        Marked(each, trading.STANDING_WORDS.get(word), word not in trading.NO_LONGER_COUNTS)
        for each, word in said
    ]


def changed_terms(lot: trading.LotPage) -> dict[str, list[trading.ChangedTerm]]:
    """What notices changed of a lot, by the term (``-`` written ``_``), oldest first."""
    found: dict[str, list[trading.ChangedTerm]] = {}
    for each in lot.changes:
        found.setdefault(each.term.replace("-", "_"), []).append(each)
    return found
