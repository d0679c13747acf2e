"""What supervisors read is itself on record; the time line can be taken away as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Told
from yiwang.business.trading.queries import find_lot, messages_for
from yiwang.business.trading.services.steps import require
from yiwang.pure.kernel.actors import SUPERVISOR, Actor
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.findings import Finding, Refused
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


def mark_messages_read(by: Actor, at: datetime, only: QuerySet[Told] | None = None) -> int:
    """What the actor was told until ``at`` (of ``only``) counts as read for the organisation; gives how many were new."""
    require(by, permissions.READ_MESSAGES)
    chosen = messages_for(by) if only is None else only
    unread = chosen.filter(read_at__isnull=True, told_at__lte=at)
    wanted = list(unread.order_by().values_list("pk", flat=True))
    return Told.objects.filter(pk__in=wanted).update(read_at=at, read_by=by.person)


def mark_message(by: Actor, message: int, read: bool, at: datetime) -> None:
    """One message counts as read, or as unread again so that a colleague finds it. Raises Refused."""
    require(by, permissions.READ_MESSAGES)
    row = messages_for(by).filter(pk=message).first()
    if row is None:
        raise Refused([Finding("no-such-message")])
    if read and row.read_at is None:
        Told.objects.filter(pk=message).update(read_at=at, read_by=by.person)
    elif not read:
        Told.objects.filter(pk=message).update(read_at=None, read_by="")


@dataclass(frozen=True, slots=True)
class ToldLine:
    """A message that waits to be looked at for copies: its number, whom it is for ("" person: everybody there).

    ``due_at`` is the instant until which it asks for an act.
    """

    id: int
    organisation: str
    person: str
    matter: str
    lot: str
    due_at: datetime | None = None


def uncopied(most: int) -> list[ToldLine]:
    """The oldest messages that nobody has looked at for copies, held until the end of the act."""
    rows = Told.objects.select_for_update(skip_locked=True, of=("self",)).filter(copied_at__isnull=True)
    columns = rows.order_by("id").values_list("pk", "organisation", "person", "matter", "lot__code", "due_at")
    return [ToldLine(*each) for each in columns[:most]]


def note_copied(lines: Sequence[ToldLine], at: datetime) -> None:
    """These messages were looked at for copies."""
    Told.objects.filter(pk__in=[each.id for each in lines]).update(copied_at=at)
