"""A member proposes to reject a bid or to correct its arithmetic; the committee votes, and the majority decides."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Bid, Lot, Motion, Vote
from yiwang.business.trading.rules.sitting import motion_outcome
from yiwang.business.trading.rules.sitting_facts import MotionFacts, VoteFacts
from yiwang.business.trading.services.sitting import note, own_seat, seated, sitting_step
from yiwang.business.trading.services.steps import locked_lot, require, take_step
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.canonical import dumps
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.kernel.refs import Ref, random_code
from yiwang.record.files import api as files
from yiwang.record.journal.api import act


def _propose(
    by: Actor, code: str, bidder: str, motion: MotionFacts, ground: str, reason: str, at: datetime
) -> Motion:
    require(by, permissions.SIT)
    with act():
        lot = locked_lot(code)
        seat = own_seat(lot, by)
        facts = sitting_step(lot, by, at, {"motion": motion}, subject=bidder, ground=ground, reason=reason)
        made_code = random_code("M")
        note(
            lot,
            "propose-motion",
            facts,
            kinds.MOTION_PROPOSED,
            Ref("trading", "motion", made_code),
            {"bidder": bidder, "matter": motion.matter, "member": seat.number},
            private={"reason": reason.strip()[:600]},
        )
        made = Motion.objects.create(
            code=made_code,
            bid=lot.bids.get(bidder=bidder),
            proposer=seat,
            matter=motion.matter,
            ground=ground,
            basis=motion.basis,
            before_fen=motion.before_fen,
            evaluated_fen=motion.evaluated_fen,
            reason=reason.strip(),
            proposed_at=at,
        )
        _drop_report(lot)
        return made


def _drop_report(lot: Lot) -> None:
    """What was drawn up before the committee had to decide again is no report any more."""
    report = getattr(lot, "report", None)
    if report is not None:
        report.delete()


def propose_rejection(by: Actor, code: str, bidder: str, ground: str, reason: str, at: datetime) -> Motion:
    """A member proposes to reject a bid on one of the lawful grounds (W30). Raises Refused."""
    return _propose(by, code, bidder, MotionFacts(matter=Motion.REJECT), ground, reason, at)


def propose_correction(
    by: Actor, code: str, bidder: str, basis: str, evaluated_fen: int | None, reason: str, at: datetime
) -> Motion:
    """A member proposes a corrected price in fen (W-arithmetic) that the bidder accepted in writing. Raises Refused."""
    bid = Bid.objects.filter(lot__code=code, bidder=bidder).first()
    accepted = bid is not None and bid.inquiries.filter(unclear="arithmetic", accepted=True).exists()
    motion = MotionFacts(
        matter=Motion.CORRECT,
        basis=basis,
        before_fen=bid.price_fen if bid else None,
        evaluated_fen=evaluated_fen,
        confirmed=accepted,
    )
    return _propose(by, code, bidder, motion, "", reason, at)


def cast_vote(by: Actor, motion_code: str, in_favour: bool, reason: str, at: datetime) -> Motion:
    """A member votes on a motion; with more than half of all members for it, it is done at once. Raises Refused."""
    require(by, permissions.SIT)
    with act():
        motion = Motion.objects.select_related("bid__lot", "bid").filter(code=motion_code).first()
        if motion is None:
            raise Refused([Finding("no-such-motion")])
        lot = locked_lot(motion.bid.lot.code)
        motion.refresh_from_db()
        seat = own_seat(lot, by)
        voted = motion.votes.filter(member=seat).exists()
        vote = VoteFacts(in_favour=in_favour, decided=motion.decided_at is not None, voted=voted)
        facts = sitting_step(lot, by, at, {"vote": vote}, subject=motion.bid.bidder, reason=reason)
        note(
            lot,
            "vote",
            facts,
            kinds.VOTE_CAST,
            Ref("trading", "motion", motion.code),
            {"member": seat.number, "in_favour": in_favour},
            private={"reason": reason.strip()[:500]},
        )
        Vote.objects.create(
            motion=motion, member=seat, in_favour=in_favour, reason=reason.strip()[:500], cast_at=at
        )
        settle_motion(lot, motion, by, at)
        return motion


def counted(motion: Motion) -> tuple[int, int]:
    """Votes for and against that still count."""
    votes = list(motion.votes.filter(void=False).values_list("in_favour", flat=True))
    return votes.count(True), votes.count(False)


def settle_motion(lot: Lot, motion: Motion, by: Actor, at: datetime) -> None:
    """Decides a motion where its votes allow, and does to the bid what was decided."""
    in_favour, against = counted(motion)
    outcome = motion_outcome(len(seated(lot)), in_favour, against)
    if outcome is None:
        return
    motion.decided_at, motion.carried = at, outcome
    motion.save(update_fields=["decided_at", "carried"])
    if not outcome:
        return
    told: dict[str, Any] = {"bidder": motion.bid.bidder, "for": in_favour, "against": against}
    facts = sitting_step(
        lot, by, at, {}, subject=motion.bid.bidder, ground=motion.ground, reason=motion.reason
    )
    if motion.matter == Motion.REJECT:
        take_step(
            lot, "reject-bid", facts, kinds.BID_REJECTED, told | {"ground": motion.ground},
            private={"reason": motion.reason[:600]},
        )  # fmt: skip
        fields = {"status": Bid.REJECTED, "ground": motion.ground, "ground_note": motion.reason}
        lot.bids.filter(pk=motion.bid_id).update(**fields, evaluated_fen=None, points=None)
        return
    take_step(
        lot,
        "evaluate-bid",
        facts,
        kinds.BID_EVALUATED,
        told | {"evaluated_fen": motion.evaluated_fen},
        documents=[_correction(lot, motion)],
    )
    lot.bids.filter(pk=motion.bid_id).update(
        status=Bid.VALID, evaluated_fen=motion.evaluated_fen, evaluation_note=motion.reason, ground="",
        ground_note="",
    )  # fmt: skip


def _correction(lot: Lot, motion: Motion) -> str:
    """The correction as a document of the record: before, after, on which basis, and that the bidder accepted it."""
    accepted = motion.bid.inquiries.filter(unclear="arithmetic", accepted=True).last()
    text = dumps(
        {
            "v": 1,
            "lot": lot.code,
            "bidder": motion.bid.bidder,
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
