"""A shortlisted bidder is passed over (招标条例 55), before the award letter or after it; or nobody is awarded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Award, Lot, Passing
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.services.mending import note_mended
from yiwang.business.trading.services.noticed import drop_notices, locked_with_neighbours
from yiwang.business.trading.services.reexamining import is_reexamining
from yiwang.business.trading.services.steps import (
    bid_facts,
    check_step,
    hosts_of,
    locked_lot,
    lot_facts,
    require,
    require_party,
    take_step,
    tell,
)
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.record.files import api as files
from yiwang.record.journal.api import act

Papers = Sequence[tuple[str, str]]
NO_WINNER = "no-winner"


def standing_award(lot: Lot) -> Award | None:
    """The award of a lot whose letter was not taken back."""
    return Award.objects.select_related("bid").filter(lot=lot, withdrawn_at=None).first()


def pass_over(
    by: Actor, code: str, bidder: str, ground: str, reason: str, papers: Papers, at: datetime
) -> Passing:
    """Passes over the first candidate left, for a case of W22 with its evidence. Raises Refused with every reason.

    Of an awarded lot the award letter loses its force with it; the lot is before its award again.
    """
    require(by, permissions.AWARD)
    with act():
        lot = locked_with_neighbours(code)
        require_party(by, lot)
        facts = StepFacts(
            at=at,
            by=by,
            lot=lot_facts(lot, at),
            bids=bid_facts(lot),
            subject=bidder,
            ground=ground,
            reason=reason,
            papers=len(papers),
            reexamining=is_reexamining(lot),
        )
        awarded = lot.stage == "awarded"
        step = "withdraw-award" if awarded else "pass-over"
        check_step(lot, step, facts)
        proofs = [(files.describe(sha256).sha256, name) for sha256, name in papers]
        passing = Passing.objects.create(
            lot=lot,
            bid=lot.bids.get(bidder=bidder),
            ground=ground,
            reason=reason.strip(),
            papers=[list(each) for each in proofs],
            after_letter=awarded,
            passed_at=at,
        )
        kind = kinds.AWARD_WITHDRAWN if awarded else kinds.CANDIDATE_PASSED
        said = {"bidder": bidder, "ground": ground, "rank": passing.bid.rank}
        take_step(lot, step, facts, kind, said, documents=[sha256 for sha256, _ in proofs])
        note_mended(lot, step, by, at)
        if awarded:
            take_award_back(by, lot, at)
        tell(lot, [bidder], "passed-over", at)
        return passing


def take_award_back(by: Actor, lot: Lot, at: datetime) -> None:
    """The letter has lost its force; a result notice under way is dropped, and lots that share it are told; a published
    one will be overtaken. ``lot`` is locked with its neighbours.
    """
    Award.objects.filter(lot=lot, withdrawn_at=None).update(withdrawn_at=at)
    drop_notices(by, lot, at, "result-notice")
    Lot.objects.filter(pk=lot.pk).update(outcome="", result_notice="")


def declare_no_winner(by: Actor, code: str, reason: str, at: datetime) -> None:
    """After a candidate was passed over nobody else is awarded: the tender is held again (招标条例 55). Raises Refused."""
    require(by, permissions.AWARD)
    with act():
        lot = locked_lot(code)
        require_party(by, lot)
        facts = StepFacts(
            at=at,
            by=by,
            lot=lot_facts(lot, at),
            bids=bid_facts(lot),
            reason=reason,
            reexamining=is_reexamining(lot),
        )
        said = {"reason": NO_WINNER, "bidders": len(facts.bids), "words": reason.strip()[:600]}
        take_step(lot, "declare-no-winner", facts, kinds.LOT_FAILED, said)
        note_mended(lot, "declare-no-winner", by, at)
        Lot.objects.filter(pk=lot.pk).update(outcome=NO_WINNER, ending=reason.strip())
        tell(lot, [*(each.bidder for each in facts.bids), *hosts_of(lot)], "lot-failed", at)


def passing_paper(lot: Lot, sha256: str) -> tuple[str, str]:
    """A document that proves why somebody was passed over: digest and name. Raises Refused where there is none."""
    for each in lot.passings.all():
        for digest, name in each.papers:
            if digest == sha256:
                return digest, name
    raise Refused([Finding("no-such-paper")])
