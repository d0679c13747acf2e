"""What complaints ask of the supervisor, and of who is asked about one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from yiwang.business.trading.complaints import (
    complaints_due,
    open_corrections_of,
    open_inquiries_to,
    ordered_words,
)
from yiwang.business.trading.models import Lot, StopOrder
from yiwang.business.trading.rules.complaining import EVALUATE_AGAIN, NEW_COMMITTEE
from yiwang.law import api as law
from yiwang.pure.kernel.actors import SUPERVISOR, Actor
from yiwang.pure.kernel.days import end_of
from yiwang.pure.kernel.words import Words

STEPS = {"received": "accept-complaint", "accepted": "decide-complaint"}

# What the guard no-new-committee-due says, of the to-do.
NEW_COMMITTEE_FIRST = Words(
    "另有决定责令重新组建评标委员会：由新的评标委员会评审，本决定随之执行（招标投标法实施条例第七十条）。",
    "Another decision orders a newly formed committee: its evaluation carries this one out too (Implementing Regulations of the Bidding Law, art. 70).",
)

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


def correction_steps(actor: Actor, lots: QuerySet[Lot]) -> Iterator[tuple[Lot, str, Words, Words | None]]:
    """(lot, complaint, what is ordered, why not yet) of a tenderee whom a decision orders to correct something: until it is carried out."""
    rows = list(open_corrections_of(actor))
    known = lots.in_bulk({each.lot_id for each in rows}) if rows else {}
    anew = {each.lot_id for each in rows if each.correction == NEW_COMMITTEE}
    for row in rows:
        if row.lot_id in known:
            waits = row.correction == EVALUATE_AGAIN and row.lot_id in anew
            yield row.lot, row.code, ordered_words(row), NEW_COMMITTEE_FIRST if waits else None
