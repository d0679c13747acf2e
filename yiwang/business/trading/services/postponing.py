"""The deadline of a suspended lot passes: nothing is closed or opened, a new deadline has to be set."""

from __future__ import annotations

from datetime import datetime

from yiwang.business.trading import kinds
from yiwang.business.trading.models import Lot
from yiwang.business.trading.services.clarifying import tell_takers
from yiwang.business.trading.services.steps import tell
from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.pure.kernel.days import iso
from yiwang.record.journal.api import record


def postpone(lot: Lot, at: datetime) -> None:
    """Records that the deadline of a suspended lot passed without a closing, once. ``lot`` is locked."""
    if lot.postponed_at is not None or lot.deadline_at is None:
        return
    Lot.objects.filter(pk=lot.pk).update(postponed_at=at)
    lot.postponed_at = at
    facts = {"deadline": iso(lot.deadline_at), "project": lot.project.code}
    record(kinds.LOT_SUSPENDED, about=lot.ref, by=SYSTEM_ACTOR, at=at, facts=facts)
    tell_takers(lot, "lot-suspended", "", at)
    tell(lot, [each for each in (lot.project.tenderee, lot.project.agency) if each], "lot-suspended", at)
