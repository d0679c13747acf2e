"""After the second failure nobody tenders again: by approval, or by the tenderee's own decision (W12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Lot
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.services.steps import locked_lot, lot_facts, require, require_party, take_step
from yiwang.pure.kernel.actors import Actor
from yiwang.record.files import api as files
from yiwang.record.journal.api import act

NOT_TENDERED = "not-tendered"


def forgo_tender(
    by: Actor, code: str, basis: str, reason: str, papers: Sequence[tuple[str, str]], at: datetime
) -> None:
    """Decides that a lot whose tender failed a second time is not tendered any more. Raises Refused.

    ``basis`` is a choice of W12: ``approved`` needs the approval as a paper, ``own-decision`` is for projects that
    needed no leave.
    """
    require(by, permissions.TERMINATE)
    with act():
        lot = locked_lot(code)
        require_party(by, lot)
        facts = StepFacts(
            at=at,
            by=by,
            lot=lot_facts(lot, at),
            ground=basis,
            reason=reason,
            papers=len(papers),
            retendered=Lot.objects.filter(retender_of=code).exists(),
        )
        kept = [files.describe(sha256).sha256 for sha256, _ in papers]
        said = {"basis": basis, "attempt": lot.attempt, "words": reason.strip()[:600]}
        take_step(lot, "forgo-tender", facts, kinds.TENDER_FORGONE, said, documents=kept)
        Lot.objects.filter(pk=lot.pk).update(outcome=NOT_TENDERED, ending=reason.strip())
