"""What supervisors read is itself on record; the time line can be taken away as a file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Told
from yiwang.business.trading.queries import find_lot
from yiwang.business.trading.services.steps import require
from yiwang.pure.kernel.actors import SUPERVISOR, Actor
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.refs import Ref, random_code
from yiwang.record.journal.api import act, record, timeline


def note_reading(by: Actor, code: str, what: str, at: datetime) -> None:
    """Records that a supervisor read something of a lot (``what`` names the page). Others leave no trace."""
    require(by, permissions.READ_LOT)
    if by.role != SUPERVISOR:
        return
    with act():
        lot = find_lot(code)
        # About the reading itself: gaps in the lot's own numbers must not betray that somebody looked.
        reading = Ref("trading", "reading", random_code("R"))
        facts = {"lot": code, "what": what[:80]}
        record(kinds.SUPERVISOR_READ, about=reading, within=lot.ref, by=by, at=at, facts=facts)


def export_timeline(by: Actor, code: str, at: datetime) -> list[dict[str, Any]]:
    """Every public entry of a lot, oldest first, with its leaf hash, as plain values for a file. Raises Refused."""
    require(by, permissions.EXPORT_TIMELINE)
    note_reading(by, code, "time line export", at)
    lot = find_lot(code)
    entries = [*timeline(lot.project.ref), *timeline(lot.ref)]
    return [
        {
            "at": iso(each.at),
            "kind": each.kind,
            "about": str(each.about),
            "n": each.n,
            "facts": dict(each.facts),
            "documents": list(each.documents),
            "leaf_hash": each.leaf_hash,
        }
        for each in entries
    ]


def mark_messages_read(by: Actor, at: datetime) -> int:
    """Everything that the actor's organisation was told until ``at`` counts as read; gives how many were new."""
    require(by, permissions.READ_LOT)
    unread = Told.objects.filter(organisation=by.organisation, read_at__isnull=True, told_at__lte=at)
    return unread.update(read_at=at)
