"""A member proposes: to reject a bid or all of them, to correct a sum, what a re-examination found; the members vote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Bid, Inquiry, Lot, Motion, Vote
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.rules.sitting import FALLS, STANDS
from yiwang.business.trading.rules.sitting_facts import MotionFacts, VoteFacts
from yiwang.business.trading.services.deciding import settle_motion
from yiwang.business.trading.services.panel import counting
from yiwang.business.trading.services.reexamining import open_reexamination
from yiwang.business.trading.services.sitting import note, own_seat, sitting_step
from yiwang.business.trading.services.steps import locked_lot, require
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.kernel.refs import Ref, random_code
from yiwang.record.files import api as files
from yiwang.record.journal.api import act

Papers = Sequence[tuple[str, str]]


def propose_rejection(by: Actor, code: str, bidder: str, ground: str, reason: str, at: datetime) -> Motion:
    """A member proposes to reject a bid on one of the lawful grounds (W30). Raises Refused."""
    return _propose(by, code, bidder, MotionFacts(matter=Motion.REJECT), ground, reason, at)


def propose_correction(
    by: Actor, code: str, bidder: str, basis: str, evaluated_fen: int | None, reason: str, at: datetime
) -> Motion:
    """A member proposes a corrected price in fen (W-arithmetic) that the bidder accepted in writing. Raises Refused."""
    bid = Bid.objects.filter(lot__code=code, bidder=bidder).first()
    asked = counting(Inquiry.objects.filter(bid=bid, unclear="arithmetic", accepted=True))
    accepted = bid is not None and asked.exists()
    motion = MotionFacts(
        matter=Motion.CORRECT,
        basis=basis,
        before_fen=bid.price_fen if bid else None,
        evaluated_fen=evaluated_fen,
        confirmed=accepted,
    )
    return _propose(by, code, bidder, motion, "", reason, at)


def propose_rejecting_all(by: Actor, code: str, reason: str, at: datetime) -> Motion:
    """A member proposes to reject all bids (招标投标法 42, W13): none stands, or competition is lacking. Raises Refused."""
    return _propose(by, code, "", MotionFacts(matter=Motion.REJECT_ALL), "", reason, at)


def _propose(
    by: Actor, code: str, bidder: str, motion: MotionFacts, ground: str, reason: str, at: datetime
) -> Motion:
    require(by, permissions.SIT)
    with act():
        lot = locked_lot(code)
        facts = sitting_step(lot, by, at, {"motion": motion}, subject=bidder, ground=ground, reason=reason)
        made = _moved(lot, "propose-motion", facts, motion, ())
        report = getattr(lot, "report", None)
        if report is not None:
            report.delete()  # drawn up before the committee had to decide again: no report any more
        return made


def propose_conclusion(
    by: Actor, code: str, stands: bool, reason: str, papers: Papers, at: datetime
) -> Motion:
    """A member proposes what the re-examination of a candidate found (招标条例 56); the members vote. Raises Refused."""
    require(by, permissions.SIT)
    with act():
        lot = locked_lot(code)
        row = open_reexamination(lot)
        motion = MotionFacts(matter=Motion.REEXAMINE, basis=STANDS if stands else FALLS)
        facts = sitting_step(
            lot, by, at, {"motion": motion}, subject=row.bid.bidder if row else "", reason=reason,
            papers=len(papers), reexamining=row is not None,
        )  # fmt: skip
        return _moved(lot, "propose-conclusion", facts, motion, papers)


def _moved(lot: Lot, step: str, facts: StepFacts, motion: MotionFacts, papers: Papers) -> Motion:
    """The motion on record; every later act about it refers to it by its own code."""
    seat = own_seat(lot, facts.by)
    kept = [(files.describe(sha256).sha256, name) for sha256, name in papers]
    code = random_code("M")
    said: dict[str, Any] = {"bidder": facts.subject} if facts.subject else {}
    note(
        lot,
        step,
        facts,
        kinds.MOTION_PROPOSED,
        Ref("trading", "motion", code),
        said | {"matter": motion.matter, "member": seat.number},
        documents=[sha256 for sha256, _ in kept],
        private={"reason": facts.reason.strip()[:600]},
    )
    return Motion.objects.create(
        code=code,
        lot=lot,
        round=lot.round,
        bid=lot.bids.get(bidder=facts.subject) if facts.subject else None,
        proposer=seat,
        matter=motion.matter,
        ground=facts.ground,
        basis=motion.basis,
        before_fen=motion.before_fen,
        evaluated_fen=motion.evaluated_fen,
        reason=facts.reason.strip(),
        papers=[list(each) for each in kept],
        proposed_at=facts.at,
    )


def cast_vote(by: Actor, motion_code: str, in_favour: bool, reason: str, at: datetime) -> Motion:
    """A member votes on a motion; with more than half of all members for it, it is done at once. Raises Refused."""
    require(by, permissions.SIT)
    with act():
        motion = Motion.objects.select_related("lot", "bid").filter(code=motion_code).first()
        if motion is None:
            raise Refused([Finding("no-such-motion")])
        lot = locked_lot(motion.lot.code)
        motion.refresh_from_db()
        seat = own_seat(lot, by)
        over = motion.decided_at is not None or motion.round != lot.round
        voted = motion.votes.filter(member=seat).exists()
        vote = VoteFacts(in_favour=in_favour, decided=over, voted=voted)
        facts = sitting_step(lot, by, at, {"vote": vote}, subject=motion.bidder, reason=reason)
        note(
            lot,
            "vote-on-conclusion" if motion.matter == Motion.REEXAMINE else "vote",
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
