"""What this room does when the journal says that a notice was published."""

from __future__ import annotations

from yiwang.business.trading.services.announcing import on_notice_published
from yiwang.record.journal.api import EntryView, Reader


def react(entry: EntryView) -> None:
    """Moves a lot when its notice appears; everything else passes by."""
    if entry.kind == "notice-published":
        on_notice_published(str(entry.facts["notice"]), entry.at)


READER = Reader("trading", react)
