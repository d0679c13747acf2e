"""The deadline of a lot on the agenda: set when it is announced, moved when the documents are amended."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from yiwang.business.trading.models import Lot
from yiwang.pure.kernel.days import iso
from yiwang.record.journal.api import schedule

CLOSE_DUTY = "close-lot"


def schedule_closing(lot: Lot, deadline_at: datetime) -> None:
    """Puts the closing of ``lot`` on the agenda for ``deadline_at``; what stood there for another instant moves.

    Where the closing was postponed its duty is done: the new deadline gets a duty of its own.
    """
    due_at = deadline_at + timedelta(seconds=settings.CLOSING_GRACE_SECONDS)
    if not schedule(f"close:{lot.code}", duty=CLOSE_DUTY, about=lot.ref, due_at=due_at):
        key = f"close:{lot.code}:{iso(deadline_at)}"
        schedule(key, duty=CLOSE_DUTY, about=lot.ref, due_at=due_at)


def move_deadline(lot: Lot, deadline_at: datetime) -> None:
    """The lot's deadline from now on; with it a postponed closing has its instant again. ``lot`` is locked."""
    Lot.objects.filter(pk=lot.pk).update(deadline_at=deadline_at, postponed_at=None)
    lot.deadline_at, lot.postponed_at = deadline_at, None
    schedule_closing(lot, deadline_at)
