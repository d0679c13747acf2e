"""The supervisor orders a tender to stand still, and lets it go on (招标条例 62). That it did is public."""

from __future__ import annotations

from datetime import datetime

from yiwang.business.trading import kinds
from yiwang.business.trading.models import Complaint, Lot, StopOrder
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.services.clarifying import tell_takers
from yiwang.business.trading.services.complaints import locked_complaint
from yiwang.business.trading.services.resuming import resume
from yiwang.business.trading.services.steps import hosts_of, locked_lot, lot_facts, tell
from yiwang.pure.kernel.actors import SUPERVISOR, SYSTEM_ACTOR, Actor
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.api import Kind, hold_lock, record


def locked_with_lot(code: str) -> tuple[Complaint, Lot]:
    """The complaint and its lot, the lot held alone as at its closing. Raises Refused where there is none."""
    known = Complaint.objects.filter(code=code).values_list("lot__code", flat=True).first()
    if known is None:
        raise Refused([Finding("no-such-complaint")])
    hold_lock(Ref("trading", "lot", known))
    lot = locked_lot(known)
    complaint = locked_complaint(code)
    complaint.lot = lot
    return complaint, lot


def put_order(complaint: Complaint, lot: Lot, by: Actor, reason: str, at: datetime) -> None:
    """From now on the lot stands still: what is handed in, objected to and answered goes on, all else waits."""
    StopOrder.objects.create(complaint=complaint, lot=lot, reason=reason.strip(), ordered_at=at)
    Lot.objects.filter(pk=lot.pk).update(stopped_at=at, suspended_at=lot.suspended_at or at)
    lot.stopped_at, lot.suspended_at = at, lot.suspended_at or at
    _make_known(lot, by, kinds.LOT_STOPPED, "lot-stopped", complaint.authority, at)


def end_order(complaint: Complaint, lot: Lot, by: Actor, at: datetime) -> None:
    """The suspension that was ordered for a complaint ends, where one stands; the tender goes on. ``lot`` is locked."""
    if not complaint.orders.filter(lifted_at=None).update(lifted_at=at):
        return
    Lot.objects.filter(pk=lot.pk).update(stopped_at=None)
    lot.stopped_at = None
    # By the system where the complainant withdrew: not even a pseudonym says who complained.
    known_by = by if by.role == SUPERVISOR else SYSTEM_ACTOR
    _make_known(lot, known_by, kinds.LOT_RESUMED, "lot-resumed", complaint.authority, at)
    resume(lot, StepFacts(at=at, by=SYSTEM_ACTOR, lot=lot_facts(lot, at)))


def _make_known(lot: Lot, by: Actor, kind: Kind, told: str, authority: str, at: datetime) -> None:
    """Everybody may know that a tender was suspended by order, and by whom; for what complaint nobody learns."""
    record(kind, about=lot.ref, by=by, at=at, facts={"project": lot.project.code, "authority": authority})
    tell_takers(lot, told, "", at)
    tell(lot, hosts_of(lot), told, at)
