"""The committee is entered, bids are rejected or priced, the report comes in."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Max, Q

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Bid, CommitteeMember, Lot
from yiwang.business.trading.rules.facts import MemberFacts, StepFacts
from yiwang.business.trading.rules.panel_facts import DrawnElsewhere
from yiwang.business.trading.services.panel import (
    drawn_members,
    how_chosen,
    names_stood_down,
    namesakes_said,
    panel_facts,
    statement_of,
)
from yiwang.business.trading.services.sitting import from_register, sitting_step
from yiwang.business.trading.services.standing_down import tell_of_namesakes
from yiwang.business.trading.services.steps import (
    check_step,
    locked_lot,
    lot_facts,
    require,
    take_step,
    taking_part,
    tell,
)
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.canonical import dumps
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.kernel.money import MAX_FEN
from yiwang.record.files import api as files
from yiwang.record.journal.api import act


def enter_committee(
    by: Actor,
    code: str,
    members: Sequence[MemberFacts],
    at: datetime,
    elsewhere: DrawnElsewhere | None = None,
) -> list[CommitteeMember]:
    """Enters the evaluation committee of an opened lot. Names stay secret until the result. Raises Refused.

    Its experts were drawn here (see ``services/expert_draw.py``), ``elsewhere``, or the lot is a special tender.
    """
    require(by, permissions.EVALUATE)
    members = from_register(members)
    with act():
        lot = locked_lot(code)
        panel = replace(panel_facts(lot, elsewhere=elsewhere), stood_down=names_stood_down(lot, members))
        facts = StepFacts(
            at=at,
            by=by,
            lot=lot_facts(lot, at),
            committee=tuple(members),
            bidders=taking_part(lot),
            panel=panel,
        )
        take_step(
            lot,
            "enter-committee",
            facts,
            kinds.COMMITTEE_ENTERED,
            {
                "size": len(members),
                "experts": sum(each.kind != CommitteeMember.REPRESENTATIVE for each in members),
                **how_chosen(panel),
                **namesakes_said(members),
            },
            private={"members": [_on_record(each) for each in members]},
        )
        tell_of_namesakes(lot, members, at)
        seated_before = lot.committee.aggregate(last=Max("number"))["last"] or 0
        return CommitteeMember.objects.bulk_create(
            CommitteeMember(
                lot=lot,
                name=each.name.strip(),
                kind=each.kind,
                employer=each.employer.strip(),
                employer_code=each.employer_code,
                person=each.person,
                told_apart=each.told_apart.strip(),
                number=number,
            )
            for number, each in enumerate(members, seated_before + 1)
        )


def _on_record(member: MemberFacts) -> dict[str, str]:
    """A member among the private values of the journal."""
    said = {"name": member.name, "kind": member.kind, "employer": member.employer}
    return said | statement_of(member)


def seat_drawn_experts(by: Actor, code: str, at: datetime) -> list[CommitteeMember]:
    """The committee as it was drawn: who accepted, and who represents the tenderee by its plan. Raises Refused."""
    require(by, permissions.EVALUATE)
    with act():
        return enter_committee(by, code, drawn_members(locked_lot(code)), at)


def _undecided_bid(lot: Lot, bidder: str) -> Bid:
    bid = lot.bids.filter(bidder=bidder).first()
    if bid is None:
        raise Refused([Finding("no-such-bid", field="bidder")])
    return bid


def reject_bid(by: Actor, code: str, bidder: str, ground: str, reason: str, at: datetime) -> Bid:
    """Records that the committee rejects a bid on one of the lawful grounds (W30). Raises Refused."""
    require(by, permissions.EVALUATE)
    with act():
        lot = locked_lot(code)
        facts = sitting_step(lot, by, at, {}, subject=bidder, ground=ground, reason=reason)
        take_step(
            lot,
            "reject-bid",
            facts,
            kinds.BID_REJECTED,
            {"bidder": bidder, "ground": ground},
            private={"reason": reason},
        )
        bid = _undecided_bid(lot, bidder)
        bid.status, bid.ground, bid.ground_note, bid.evaluated_fen = (
            Bid.REJECTED,
            ground,
            reason.strip(),
            None,
        )
        bid.save()
        return bid


def evaluate_bid(by: Actor, code: str, bidder: str, evaluated_fen: int, note: str, at: datetime) -> Bid:
    """Records a valid bid's evaluated price in fen, with a note where it differs from the price. Raises Refused."""
    require(by, permissions.EVALUATE)
    with act():
        lot = locked_lot(code)
        bid = _undecided_bid(lot, bidder)
        found = [] if 0 < evaluated_fen <= MAX_FEN else [Finding("evaluated-not-positive", field="evaluated")]
        if evaluated_fen != bid.price_fen and not note.strip():
            found.append(Finding("adjustment-note-missing", field="note"))
        refuse_if(found)
        facts = sitting_step(lot, by, at, {}, subject=bidder)
        take_step(
            lot,
            "evaluate-bid",
            facts,
            kinds.BID_EVALUATED,
            {"bidder": bidder, "evaluated_fen": evaluated_fen},
            documents=[_adjustment(code, bidder, note.strip())] if note.strip() else [],
        )
        bid.status, bid.evaluated_fen, bid.evaluation_note = Bid.VALID, evaluated_fen, note.strip()
        bid.ground = bid.ground_note = ""
        bid.save()
        return bid


def _adjustment(code: str, bidder: str, note: str) -> str:
    """The committee's note as a document, which an entry is too small for; gives its digest."""
    text = dumps({"v": 1, "lot": code, "bidder": bidder, "note": note})
    stored = files.store(
        io.BytesIO(text), name=f"{code}-adjustment.json", max_bytes=len(text), types=("application/json",)
    )
    return stored.sha256


def receive_report(
    by: Actor, code: str, ranking: Sequence[str], tie_break: str, at: datetime
) -> tuple[Finding, ...]:
    """Receives the evaluation report: the ranking of at most three bidders, best first. Gives the warnings.

    ``tie_break`` says what the documents provide where bids are equal in everything that is compared. Where the
    members work online it is the report that they signed: ranking and tie of that version. Raises Refused.
    """
    require(by, permissions.EVALUATE)
    with act():
        lot = locked_lot(code)
        signed = getattr(lot, "report", None)
        if signed is not None:
            ranking, tie_break = signed.ranking, signed.tie_break
        facts = sitting_step(lot, by, at, {}, ranking=tuple(ranking), tie_break=tie_break)
        check_step(lot, "report", facts)
        for rank, bidder in enumerate(ranking, 1):
            lot.bids.filter(bidder=bidder).update(rank=rank)
        Lot.objects.filter(pk=lot.pk).update(report_received_at=at)
        how = Counter(signed.signatures.values_list("how", flat=True)) if signed is not None else Counter()
        _, warnings = take_step(
            lot,
            "report",
            facts,
            kinds.REPORT_RECEIVED,
            {
                "ranking": list(ranking),
                "tie_break": tie_break.strip(),
                "valid": sum(each.status == Bid.VALID for each in facts.bids),
                "rejected": sum(each.status == Bid.REJECTED for each in facts.bids),
                **dict(sorted(how.items())),
            },
            documents=[signed.sha256] if signed is not None else [],
        )
        return warnings


def reject_all(by: Actor, code: str, reason: str, at: datetime) -> None:
    """The centre enters that a committee on paper rejects all bids (招标投标法 42, W13): the lot fails. Raises Refused.

    Members who work online reject them by their votes (see ``propose_rejecting_all``).
    """
    require(by, permissions.EVALUATE)
    with act():
        lot = locked_lot(code)
        fail_for_rejecting_all(lot, sitting_step(lot, by, at, {}, reason=reason), {})


def fail_for_rejecting_all(lot: Lot, facts: StepFacts, votes: Mapping[str, int]) -> None:
    """The lot fails and must be tendered again. The caller holds lot and transaction. Raises Refused."""
    take_step(
        lot,
        "reject-all",
        facts,
        kinds.LOT_FAILED,
        {"reason": "all-rejected", "bidders": len(facts.bids), **votes},
        private={"words": facts.reason},
    )
    Lot.objects.filter(pk=lot.pk).update(outcome="all-rejected")
    lot.bids.filter(~Q(status=Bid.REJECTED)).update(rank=None)
    told = [*(each.bidder for each in facts.bids), lot.project.tenderee, lot.project.agency]
    tell(lot, [each for each in told if each], "lot-failed", facts.at)
