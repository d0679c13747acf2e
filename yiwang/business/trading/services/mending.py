"""What an upheld complaint orders is carried out (招标投标法 64, 招标条例 23, 81) by a step of the tender.

The platform undoes nothing by itself: it notes that the tenderee did.
"""

from __future__ import annotations

from datetime import datetime

from yiwang.business.trading import kinds
from yiwang.business.trading.models import Complaint, Lot
from yiwang.business.trading.rules.complaining import NEW_COMMITTEE
from yiwang.business.trading.services.steps import tell
from yiwang.pure.kernel.actors import Actor
from yiwang.record.journal.api import record

# The steps that end a tender: nothing of it is evaluated or awarded any more.
_TENDER_AGAIN = ("annul", "annul-documents", "annul-by-order", "declare-no-winner")
# The steps of a tender that carry out what was ordered. Where a newly formed committee evaluates from the beginning
# (招标条例 70), what another body ordered to be evaluated again is evaluated again; not the other way round.
MENDED_BY = {
    "amend-documents": ("clarify", "clarify-prequalification"),
    "amend-and-tender-again": ("annul-documents",),
    "evaluate-again": ("evaluate-again", "evaluate-again-by-order", "evaluate-anew-by-order"),
    "evaluate-new-committee": ("evaluate-anew-by-order",),
    "award-from-others": ("pass-over", "withdraw-award"),
    "tender-again": _TENDER_AGAIN,
}
# The steps that make an order moot: what it is about is no more. To award among the others or to tender again, to evaluate
# or to tender again are the law's alternatives (招标投标法 64, 招标条例 81), and who ended the tender for good has nothing to
# evaluate (招标条例 31). Orders about the documents stand: they bind the next tender too (招标条例 23).
MOOT_BY = dict.fromkeys(
    ("evaluate-again", "evaluate-new-committee", "award-from-others"), (*_TENDER_AGAIN, "terminate")
)


def is_moot(correction: str, step: str) -> bool:
    """Whether an order was closed by a step that left nothing of it to carry out."""
    return step in MOOT_BY.get(correction, ())


def new_committee_due(lot: Lot) -> bool:
    """Whether a decision orders a newly formed committee on this lot that was not formed yet (招标条例 70)."""
    return Complaint.objects.filter(lot=lot, correction=NEW_COMMITTEE, corrected_at=None).exists()


def note_mended(lot: Lot, step: str, by: Actor, at: datetime) -> None:
    """A step of the tender was taken: what decisions ordered and it does is carried out, what it overtakes is moot.

    Whichever body ordered it: each is told. Within the step's own act.
    """
    ordered = [correction for correction, steps in MENDED_BY.items() if step in steps]
    ordered += [correction for correction in MOOT_BY if is_moot(correction, step)]
    for each in Complaint.objects.select_for_update().filter(
        lot=lot, correction__in=ordered, corrected_at=None
    ):
        moot = is_moot(each.correction, step)
        Complaint.objects.filter(pk=each.pk).update(corrected_at=at, corrected_by=step)
        record(
            kinds.CORRECTION_MOOT if moot else kinds.CORRECTION_DONE,
            about=each.ref,
            within=lot.ref,
            by=by,
            at=at,
            facts={"lot": lot.code, "organisation": each.corrector, "step": step},
        )
        tell(lot, [each.authority], "correction-moot" if moot else "correction-done", at, each.code)
