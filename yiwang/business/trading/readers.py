"""What this room does when the journal says that a notice was published, or that deposits have to go back."""

from __future__ import annotations

from yiwang.business.trading.services.announcing import on_notice_published
from yiwang.business.trading.services.refunding import owe_refunds
from yiwang.record.journal.api import EntryView, Reader


def react(entry: EntryView) -> None:
    """Moves a lot when its notice appears; everything else passes by."""
    owe_refunds(entry)
    if entry.kind == "notice-published":
        on_notice_published(str(entry.facts["notice"]), entry.at)


READER = Reader("trading", react)
