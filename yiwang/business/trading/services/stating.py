"""What an upheld complaint orders is carried out otherwise than by a step of the tender: the tenderee states how."""

from __future__ import annotations

from datetime import datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Complaint
from yiwang.business.trading.rules.complaining import NEW_COMMITTEE
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.services.complaints import facts_of, take_complaint_step
from yiwang.business.trading.services.resuming import resume
from yiwang.business.trading.services.steps import lot_facts, require, tell
from yiwang.business.trading.services.stopping import locked_with_lot
from yiwang.pure.kernel.actors import SYSTEM_ACTOR, Actor
from yiwang.record.journal.api import act


def state_correction(by: Actor, code: str, text: str, at: datetime) -> None:
    """The tenderee states how it carried out what the decision orders. Raises Refused.

    Where the answer to an objection waited for that, what it promised follows.
    """
    require(by, permissions.CARRY_OUT_DECISION)
    with act():
        complaint, lot = locked_with_lot(code)
        take_complaint_step(
            complaint,
            "state-correction",
            facts_of(complaint, by, at, text=text),
            kinds.CORRECTION_DONE,
            {"step": ""},
            private={"how": text.strip()},
        )
        Complaint.objects.filter(pk=complaint.pk).update(corrected_at=at, corrected_how=text.strip())
        tell(lot, [complaint.authority], "correction-done", at, complaint.code)
        if complaint.correction == NEW_COMMITTEE and lot.stage == "publicity":
            resume(lot, StepFacts(at=at, by=SYSTEM_ACTOR, lot=lot_facts(lot, at)))
