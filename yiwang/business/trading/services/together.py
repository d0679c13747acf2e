"""One act of a bidder for several lots of a project: documents taken, bids handed in, replaced or withdrawn; for all of them, or for none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from yiwang.business.trading import permissions
from yiwang.business.trading.models import Lot, Taking
from yiwang.business.trading.rules.facts import SheetFacts
from yiwang.business.trading.rules.together import MOST_TOGETHER, lots_findings
from yiwang.business.trading.services.bidding import Receipt, submit_bid, take_documents, withdraw_bid
from yiwang.business.trading.services.steps import require
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.record.journal.api import RefusedOnRecord, act

__all__ = ["MOST_TOGETHER", "LotBid", "submit_bids", "take_documents_together", "withdraw_bids"]
MAX_CODE = 23


@dataclass(frozen=True, slots=True)
class LotBid:
    """A bid in one of several lots: its sheet, its papers (sha256, name) and by digest what each of them is.

    ``replace``: in place of the bid that stands in the lot.
    """

    lot: str
    sheet: SheetFacts
    papers: Sequence[tuple[str, str]]
    kinds: Mapping[str, str] = field(default_factory=dict)
    replace: bool = False


def take_documents_together(by: Actor, codes: Sequence[str], at: datetime) -> list[Taking]:
    """Takes the documents of several lots of a project; gives one record a lot, in the order of their codes.

    Raises Refused with the reasons of every lot, each with the lot's code as its field; then none is taken.
    """
    require(by, permissions.TAKE_DOCUMENTS)
    return _all_or_none(codes, lambda code: take_documents(by, code, at))


def submit_bids(by: Actor, bids: Sequence[LotBid], received_at: datetime) -> list[Receipt]:
    """Hands in, or replaces, a bid in each of several lots of a project; gives one receipt a lot, in the order of their codes.

    All of them arrive at ``received_at``. Raises Refused with the reasons of every lot, each with the lot's code
    in front of its field; then none is handed in.
    """
    require(by, permissions.BID)
    known = {each.lot: each for each in bids}

    def hand_in(code: str) -> Receipt:
        bid = known[code]
        return submit_bid(
            by, code, bid.sheet, bid.papers, received_at, replace=bid.replace, paper_kinds=bid.kinds
        )

    return _all_or_none([each.lot for each in bids], hand_in)


def withdraw_bids(by: Actor, codes: Sequence[str], received_at: datetime) -> None:
    """Withdraws the standing bids in several lots of a project before their deadlines (招标投标法 29).

    Raises Refused with the reasons of every lot, each with the lot's code in front of its field; then all of them stand.
    """
    require(by, permissions.BID)
    _all_or_none(codes, lambda code: withdraw_bid(by, code, received_at))


def _all_or_none[Done](codes: Sequence[str], do: Callable[[str], Done]) -> list[Done]:
    """Does it for every lot in one act. What is refused on record (an outage) stays on record all the same."""
    refuse_if(lots_findings(codes))
    found: list[Finding] = []
    outages: list[str] = []
    done: list[Done] = []
    try:
        with act():
            known = _known(codes)
            for code in sorted(codes):
                if code not in known:
                    found.append(Finding("no-such-lot", params={"code": code[:40]}, field=code[:40]))
                    continue
                try:
                    with act():
                        done.append(do(code))
                except Refused as refused:
                    found += [_of_lot(each, code) for each in refused.findings]
                    outages += [code] if isinstance(refused, RefusedOnRecord) else []
            refuse_if(found)
    except Refused:
        for code in outages:
            with suppress(Refused):
                do(code)
        raise
    return done


def _of_lot(finding: Finding, code: str) -> Finding:
    """What stands in the way of one of the lots: its field is the lot's code, then the field itself where there is one."""
    return replace(finding, field=f"{code}.{finding.field}" if finding.field else code)


def _known(codes: Sequence[str]) -> set[str]:
    """Those that are codes of lots, whatever else was sent."""
    asked = [each for each in codes if len(each) <= MAX_CODE and each.isascii() and each.isalnum()]
    return set(Lot.objects.filter(code__in=asked).values_list("code", flat=True))
