"""A tender that stood still goes on: once every objection is answered and no order of the supervisor stands."""

from __future__ import annotations

from dataclasses import replace

from yiwang.business.trading.models import Lot
from yiwang.business.trading.rules.asking import OPEN_STAGES
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.services.postponing import postpone
from yiwang.business.trading.services.steps import lot_facts
from yiwang.business.trading.services.undoing import go_on_after_objections


def resume(lot: Lot, facts: StepFacts) -> None:
    """Ends the suspension where nothing holds the lot any more; what the deadline did meanwhile stays to be mended.

    ``lot`` is locked.
    """
    if lot.stopped_at is not None or lot.objections.filter(answered_at=None).exists():
        return
    at = facts.at
    if lot.stage in OPEN_STAGES and lot.deadline_at is not None and at >= lot.deadline_at:
        postpone(lot, at)  # it goes on between the deadline and the worker's round
    Lot.objects.filter(pk=lot.pk).update(suspended_at=None)
    lot.suspended_at = None
    if lot.stage == "publicity":
        go_on_after_objections(lot, replace(facts, lot=lot_facts(lot, at)))
