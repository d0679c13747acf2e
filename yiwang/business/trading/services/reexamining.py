"""The original committee looks at a candidate again before the award letter (招标条例 56)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Lot, Passing, Reexamination
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.rules.passing import RE_EXAMINATION
from yiwang.business.trading.services.sitting import sitting_step
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
from yiwang.record.files import api as files
from yiwang.record.journal.api import act

Papers = Sequence[tuple[str, str]]


def open_reexamination(lot: Lot) -> Reexamination | None:
    """What the committee was asked and has not concluded."""
    return lot.reexaminations.select_related("bid").filter(concluded_at=None).first()


def is_reexamining(lot: Lot) -> bool:
    """Whether the committee was asked and has not concluded."""
    return open_reexamination(lot) is not None


def order_reexamination(
    by: Actor, code: str, bidder: str, reason: str, papers: Papers, at: datetime
) -> Reexamination:
    """The tenderee has doubts about a candidate's ability: the original committee examines it. Raises Refused.

    That it happens is public; about whom and why only its conclusion says.
    """
    require(by, permissions.AWARD)
    with act():
        lot = locked_lot(code)
        require_party(by, lot)
        facts = StepFacts(
            at=at,
            by=by,
            lot=lot_facts(lot, at),
            bids=bid_facts(lot),
            subject=bidder,
            reason=reason,
            papers=len(papers),
            reexamining=is_reexamining(lot),
        )
        check_step(lot, "order-reexamination", facts)
        kept = [(files.describe(sha256).sha256, name) for sha256, name in papers]
        row = Reexamination.objects.create(
            lot=lot,
            bid=lot.bids.get(bidder=bidder),
            reason=reason.strip(),
            papers=[list(each) for each in kept],
            ordered_at=at,
        )
        take_step(
            lot,
            "order-reexamination",
            facts,
            kinds.REEXAMINATION_ORDERED,
            documents=[sha256 for sha256, _ in kept],
            private={"bidder": bidder, "reason": row.reason},
        )
        return row


def conclude_reexamination(
    by: Actor, code: str, stands: bool, reason: str, papers: Papers, at: datetime
) -> Reexamination:
    """The centre enters what a committee on paper found: the candidate stands, or is out and the next one follows.

    Members who work online conclude by their votes (see ``propose_conclusion``). Raises Refused.
    """
    require(by, permissions.EVALUATE)
    with act():
        lot = locked_lot(code)
        row = open_reexamination(lot)
        facts = sitting_step(lot, by, at, {}, reason=reason, papers=len(papers), reexamining=row is not None)
        return conclude(lot, row, stands, papers, facts, {})


def conclude(
    lot: Lot,
    row: Reexamination | None,
    stands: bool,
    papers: Papers,
    facts: StepFacts,
    votes: Mapping[str, int],
) -> Reexamination:
    """Records a conclusion, by votes where there are some. The caller holds lot and transaction. Raises Refused."""
    check_step(lot, "conclude-reexamination", facts)
    if row is None:
        raise ValueError(f"{lot.code} has no re-examination, and its guard did not say so")
    kept = [(files.describe(sha256).sha256, name) for sha256, name in papers]
    row.stands, row.conclusion, row.concluded_at = stands, facts.reason.strip(), facts.at
    row.conclusion_papers = [list(each) for each in kept]
    row.save()
    said = {"bidder": row.bid.bidder, "stands": stands, "rank": row.bid.rank, **votes}
    digests = [sha256 for sha256, _ in kept]
    take_step(lot, "conclude-reexamination", facts, kinds.REEXAMINATION_CONCLUDED, said, documents=digests)
    if not stands:
        Passing.objects.create(
            lot=lot, bid=row.bid, ground=RE_EXAMINATION, reason=row.conclusion,
            papers=row.conclusion_papers, passed_at=facts.at,
        )  # fmt: skip
        tell(lot, [row.bid.bidder], "passed-over", facts.at)
    tell(lot, hosts_of(lot), "reexamined", facts.at)
    return row
