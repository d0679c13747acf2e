"""The votes decide a motion, and what was carried is done at once: to a bid, to all of them, to a candidate."""

from __future__ import annotations

import io
from datetime import datetime

from yiwang.business.trading import kinds
from yiwang.business.trading.models import Bid, Lot, Motion
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.rules.sitting import STANDS, motion_outcome
from yiwang.business.trading.services.evaluating import fail_for_rejecting_all
from yiwang.business.trading.services.panel import counting
from yiwang.business.trading.services.reexamining import conclude, open_reexamination
from yiwang.business.trading.services.sitting import seated, sitting_step
from yiwang.business.trading.services.steps import take_step
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.canonical import dumps
from yiwang.record.files import api as files


def counted(motion: Motion) -> tuple[int, int]:
    """Votes for and against that still count."""
    votes = list(motion.votes.filter(void=False).values_list("in_favour", flat=True))
    return votes.count(True), votes.count(False)


def settle_motion(lot: Lot, motion: Motion, by: Actor, at: datetime) -> None:
    """Decides a motion where its votes allow, and does what was decided."""
    in_favour, against = counted(motion)
    outcome = motion_outcome(len(seated(lot)), in_favour, against)
    if outcome is None:
        return
    motion.decided_at, motion.carried = at, outcome
    motion.save(update_fields=["decided_at", "carried"])
    if not outcome:
        return
    facts = sitting_step(lot, by, at, {}, subject=motion.bidder, ground=motion.ground, reason=motion.reason)
    votes = {"for": in_favour, "against": against}
    if motion.matter == Motion.REJECT:
        _reject(lot, motion, facts, votes)
    elif motion.matter == Motion.CORRECT:
        _correct(lot, motion, facts, votes)
    elif motion.matter == Motion.REJECT_ALL:
        fail_for_rejecting_all(lot, facts, votes)
    else:
        _conclude(lot, motion, by, at, votes)


def _reject(lot: Lot, motion: Motion, facts: StepFacts, votes: dict[str, int]) -> None:
    said = {"bidder": motion.bidder, "ground": motion.ground, **votes}
    take_step(lot, "reject-bid", facts, kinds.BID_REJECTED, said, private={"reason": motion.reason[:600]})
    fields = {"status": Bid.REJECTED, "ground": motion.ground, "ground_note": motion.reason}
    lot.bids.filter(pk=motion.bid_id).update(**fields, evaluated_fen=None, points=None)


def _correct(lot: Lot, motion: Motion, facts: StepFacts, votes: dict[str, int]) -> None:
    said = {"bidder": motion.bidder, "evaluated_fen": motion.evaluated_fen, **votes}
    take_step(lot, "evaluate-bid", facts, kinds.BID_EVALUATED, said, documents=[_correction(lot, motion)])
    lot.bids.filter(pk=motion.bid_id).update(
        status=Bid.VALID, evaluated_fen=motion.evaluated_fen, evaluation_note=motion.reason, ground="",
        ground_note="",
    )  # fmt: skip


def _correction(lot: Lot, motion: Motion) -> str:
    """The correction as a document of the record: before, after, on which basis, and that the bidder accepted it."""
    if motion.bid is None:
        raise ValueError(f"{motion.code} corrects no bid")
    accepted = counting(motion.bid.inquiries.filter(unclear="arithmetic", accepted=True)).last()
    text = dumps(
        {
            "v": 1,
            "lot": lot.code,
            "bidder": motion.bidder,
            "note": motion.reason,
            "basis": motion.basis,
            "before_fen": motion.before_fen,
            "after_fen": motion.evaluated_fen,
            "accepted": accepted.answer if accepted else "",
        }
    )
    stored = files.store(
        io.BytesIO(text), name=f"{lot.code}-correction.json", max_bytes=len(text), types=("application/json",)
    )
    return stored.sha256


def _conclude(lot: Lot, motion: Motion, by: Actor, at: datetime, votes: dict[str, int]) -> None:
    row = open_reexamination(lot)
    papers = [(sha256, name) for sha256, name in motion.papers]
    facts = sitting_step(
        lot, by, at, {}, reason=motion.reason, papers=len(papers), reexamining=row is not None
    )
    conclude(lot, row, motion.basis == STANDS, papers, facts, votes)
