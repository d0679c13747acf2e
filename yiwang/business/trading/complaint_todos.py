"""What complaints ask of the supervisor, and of who is asked about one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from yiwang.business.trading.complaints import complaints_due, open_corrections_of, open_inquiries_to
from yiwang.business.trading.models import Lot, StopOrder
from yiwang.law import api as law
from yiwang.pure.kernel.actors import SUPERVISOR, Actor
from yiwang.pure.kernel.days import end_of

STEPS = {"received": "accept-complaint", "accepted": "decide-complaint"}

type Asked = tuple[Lot, str, str, datetime | None, law.Clock | None]


def complaint_steps(actor: Actor, lots: QuerySet[Lot]) -> Iterator[Asked]:
    """(lot, step, complaint, due, clock) of the supervisor: accept or not, decide, let go on what was decided."""
    for row, lot, clock in complaints_due(actor, lots):
        yield lot, STEPS[row.stage], row.code, None, clock
    standing = list(_decided_but_stopped(actor))
    known = lots.in_bulk({each.lot_id for each in standing}) if standing else {}
    for order in standing:
        if order.lot_id in known:
            yield order.lot, "lift-suspension", order.complaint.code, None, None


def _decided_but_stopped(actor: Actor) -> QuerySet[StopOrder]:
    """The orders of the actor's body that outlast its decision; orders that stand are few, and have an index."""
    rows = StopOrder.objects.select_related("complaint", "lot__project").filter(lifted_at=None)
    if actor.role != SUPERVISOR:
        return rows.none()
    return rows.filter(complaint__stage="decided", complaint__authority=actor.organisation)


def answer_steps(actor: Actor, lots: QuerySet[Lot]) -> Iterator[Asked]:
    """The same of who is asked: to answer, by the day that the supervisor set."""
    rows = list(open_inquiries_to(actor))
    known = lots.in_bulk({each.complaint.lot_id for each in rows}) if rows else {}
    for row in rows:
        if row.complaint.lot_id in known:
            due_at = end_of(row.until_on) if row.until_on else None
            yield row.complaint.lot, "answer-complaint", row.complaint.code, due_at, None


def correction_steps(actor: Actor, lots: QuerySet[Lot]) -> Iterator[Asked]:
    """The same of a tenderee whom a decision orders to correct something: until it is carried out."""
    rows = list(open_corrections_of(actor))
    known = lots.in_bulk({each.lot_id for each in rows}) if rows else {}
    for row in rows:
        if row.lot_id in known:
            yield row.lot, "carry-out-decision", row.code, None, None
