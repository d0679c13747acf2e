"""The evaluation report of a lot as a value: what the committee did, who signed, and the calculation. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from yiwang.business.trading.models import Bid, CommitteeMember, Lot, Motion, Report, Signature
from yiwang.business.trading.parties import bid_names, names
from yiwang.business.trading.rules.calculation import BidInput, Calculation, Inputs, lowest_price
from yiwang.business.trading.rules.drawing import Draw
from yiwang.business.trading.rules.methods import (
    coefficient_options,
    scheme_of,
    shown_points,
    terms_from_json,
)
from yiwang.business.trading.rules.scoring import ScoringInputs, comprehensive
from yiwang.business.trading.services.panel import stood_down
from yiwang.business.trading.services.scoring import scores_of
from yiwang.business.trading.services.sitting import motions_of, seated
from yiwang.law import api as law
from yiwang.pure.kernel.days import iso, local_day
from yiwang.pure.kernel.words import Words

ON_PAPER = "paper"


@dataclass(frozen=True, slots=True)
class ReportMember:
    """A member and what they did with the report: signed, dissent, deemed, paper, or "" (nothing yet).

    ``text`` is the dissent, or how the refusal was noted. The name is for those who may read the report, ``told_apart``
    (by what they are known to be another person than who left with the same name) for the centre and the supervisor.
    """

    number: int
    name: str
    kind: str
    employer: str
    how: str
    text: str
    signed_at: datetime | None
    replaces: int
    replaced_at: datetime | None
    replaced_why: str
    told_apart: str


@dataclass(frozen=True, slots=True)
class ReportBid:
    """A bid as the report has it. Amounts in fen; ``ground`` and ``reason`` where it was rejected."""

    place: int
    bidder: str
    name: str
    price_fen: int
    status: str
    evaluated_fen: int | None
    note: str
    ground: Words | None
    reason: str
    points: str
    rank: int | None


@dataclass(frozen=True, slots=True)
class ReportMotion:
    """A decision of the committee: what was moved, by which member, who was for and against (numbers)."""

    bidder: str
    matter: str
    ground: Words | None
    evaluated_fen: int | None
    reason: str
    proposer: int
    in_favour: tuple[int, ...]
    against: tuple[tuple[int, str], ...]
    carried: bool | None


@dataclass(frozen=True, slots=True)
class ReportInquiry:
    """What a bidder was asked in writing and answered."""

    bidder: str
    text: str
    asked_at: datetime
    answer: str
    accepted: bool | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationReport:
    """The evaluation report of a lot, as drawn up or handed in.

    ``version`` is 0 before it is drawn up, ``received_at`` None before it is handed in. ``calculation`` is the whole
    calculation from the recorded inputs; its findings say why there is none yet.
    """

    lot: str
    lot_name: str
    project: str
    project_name: str
    tenderee: str
    method: Words
    method_source: str
    opened_bids: int
    bids: tuple[ReportBid, ...]
    members: tuple[ReportMember, ...]
    motions: tuple[ReportMotion, ...]
    inquiries: tuple[ReportInquiry, ...]
    calculation: Calculation
    ranking: tuple[str, ...]
    tie_break: str
    version: int
    sha256: str
    drawn_up_at: datetime | None
    time_extended_to: datetime | None
    received_at: datetime | None

    @property
    def dissents(self) -> tuple[ReportMember, ...]:
        """The members who do not agree."""
        return tuple(each for each in self.members if each.how == Signature.DISSENT)


def law_day(lot: Lot) -> Any:
    """The day by whose law the lot runs."""
    return lot.law_on or local_day(lot.stage_since_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundState:
    """What a round of the evaluation came to: rows as stored now, or as they were kept when it was undone.

    ``seats`` are the members whose sheets count, ``members`` those who sat at all.
    """

    number: int
    bids: Sequence[Bid]
    seats: Sequence[CommitteeMember]
    members: Sequence[CommitteeMember]
    signatures: Mapping[int, Signature]
    ranking: tuple[str, ...]
    tie_break: str
    version: int
    sha256: str
    drawn_up_at: datetime | None
    time_extended_to: datetime | None
    received_at: datetime | None


def _inputs(lot: Lot, bids: Sequence[Bid]) -> dict[str, Any]:
    known = bid_names(bids)
    return {
        "lot": lot.code,
        "law_on": law_day(lot),
        "bids": tuple(
            BidInput(
                bidder=each.bidder,
                name=known[each.bidder],
                place=each.place,
                price_fen=each.price_fen,
                evaluated_fen=each.evaluated_fen,
                note=each.evaluation_note,
                ground=each.ground,
            )
            for each in bids
        ),
        "state_funded": lot.project.state_funded,
    }


def calculation_now(
    lot: Lot, ranking: Sequence[str] = (), tie_break: str = "", scored_only: bool = True
) -> Calculation | None:
    """The calculation of a lot from what is stored now; with ``scored_only`` None where nothing is scored."""
    seats = [each for each in seated(lot) if each.handed_in_at is not None]
    return _calculation(lot, list(lot.bids.all()), seats, ranking, tie_break, scored_only)


def _calculation(
    lot: Lot,
    bids: Sequence[Bid],
    seats: Sequence[CommitteeMember],
    ranking: Sequence[str],
    tie_break: str,
    scored_only: bool,
) -> Calculation | None:
    terms = terms_from_json(lot.method)
    shared = _inputs(lot, bids) | {"tie_order": tuple(ranking), "tie_break": tie_break}
    if not terms.scores:
        return None if scored_only else lowest_price(Inputs(**shared))
    values = Draw.from_json(lot.draw).values if lot.draw else {}
    if not values:
        values = {name: options[0] for name, options in coefficient_options(terms).items()}
    scheme = scheme_of(terms, values, lot.ceiling_fen)
    standing = [each.bidder for each in bids if each.status != Bid.REJECTED]
    return comprehensive(ScoringInputs(**shared, scheme=scheme, scores=scores_of(lot, seats, standing)))


def _member(each: CommitteeMember, signatures: Mapping[int, Signature], received: bool) -> ReportMember:
    signature = signatures.get(each.pk)
    how = signature.how if signature else ON_PAPER if received and not each.person else ""
    return ReportMember(
        number=each.number,
        name=each.name,
        kind=each.kind,
        employer=each.employer,
        how=how,
        text=signature.text if signature else "",
        signed_at=signature.signed_at if signature else None,
        replaces=each.replaces,
        replaced_at=each.replaced_at,
        replaced_why=each.replaced_why,
        told_apart=each.told_apart,
    )


def _bid(lot: Lot, each: Bid, name: str) -> ReportBid:
    ground = law.rule("W30", on=law_day(lot)).choice(each.ground).words if each.ground else None
    return ReportBid(
        place=each.place,
        bidder=each.bidder,
        name=name,
        price_fen=each.price_fen,
        status=each.status,
        evaluated_fen=each.evaluated_fen,
        note=each.evaluation_note,
        ground=ground,
        reason=each.ground_note,
        points=shown_points(each.points, lot.method),
        rank=each.rank,
    )


def _motion(lot: Lot, each: Motion) -> ReportMotion:
    votes = [vote for vote in each.votes.select_related("member") if not vote.void]
    ground = law.rule("W30", on=law_day(lot)).choice(each.ground).words if each.ground else None
    return ReportMotion(
        bidder=each.bidder,
        matter=each.matter,
        ground=ground,
        evaluated_fen=each.evaluated_fen,
        reason=each.reason,
        proposer=each.proposer.number,
        in_favour=tuple(vote.member.number for vote in votes if vote.in_favour),
        against=tuple((vote.member.number, vote.reason) for vote in votes if not vote.in_favour),
        carried=each.carried,
    )


def report_from(lot: Lot) -> EvaluationReport:
    """The evaluation report of a lot as it stands now. Whoever shows it asks first who may see it."""
    report: Report | None = getattr(lot, "report", None)
    bids = list(lot.bids.all())
    ranked = sorted((each for each in bids if each.rank), key=lambda each: each.rank or 0)
    seats = [each for each in seated(lot) if each.handed_in_at is not None]
    now = RoundState(
        number=lot.round,
        bids=bids,
        seats=seats,
        members=list(lot.committee.all()),
        signatures={each.member_id: each for each in report.signatures.all()} if report else {},
        ranking=tuple(report.ranking) if report else tuple(each.bidder for each in ranked),
        tie_break=report.tie_break if report else "",
        version=report.version if report else 0,
        sha256=report.sha256 if report else "",
        drawn_up_at=report.drawn_up_at if report else None,
        time_extended_to=lot.evaluation_until_at if lot.time_extended_at else None,
        received_at=lot.report_received_at,
    )
    return report_of(lot, now)


def report_of(lot: Lot, state: RoundState) -> EvaluationReport:
    """The evaluation report that a round came to."""
    bids = state.bids
    known = names([lot.project.tenderee]) | bid_names(bids)
    made = _calculation(lot, bids, state.seats, state.ranking, state.tie_break, scored_only=False)
    if made is None:
        raise ValueError(f"{lot.code} has no calculation")
    method = law.evaluation_method(terms_from_json(lot.method).id, on=law_day(lot))
    moved = Motion.objects.filter(lot=lot, round=state.number).exclude(matter=Motion.REEXAMINE)
    received = state.received_at is not None
    return EvaluationReport(
        lot=lot.code,
        lot_name=lot.name,
        project=lot.project.code,
        project_name=lot.project.name,
        tenderee=known[lot.project.tenderee],
        method=method.words,
        method_source=method.source,
        opened_bids=len(bids),
        bids=tuple(_bid(lot, each, known[each.bidder]) for each in bids),
        members=tuple(_member(each, state.signatures, received) for each in state.members),
        motions=tuple(_motion(lot, each) for each in moved.select_related("bid", "proposer")),
        inquiries=_inquiries(lot, state.members),
        calculation=made,
        ranking=state.ranking,
        tie_break=state.tie_break,
        version=state.version,
        sha256=state.sha256,
        drawn_up_at=state.drawn_up_at,
        time_extended_to=state.time_extended_to,
        received_at=state.received_at,
    )


def _inquiries(lot: Lot, members: Sequence[CommitteeMember]) -> tuple[ReportInquiry, ...]:
    """What the committee of these ``members`` asked; not what another one did that was stood down before it, or follows it."""
    sits = [each.pk for each in members if each.replaced_at is None]
    gone = stood_down(lot).filter(pk__lt=min(sits, default=0)).aggregate(last=Max("pk"))["last"] or 0
    return tuple(
        ReportInquiry(
            bidder=bid.bidder,
            text=each.text,
            asked_at=each.asked_at,
            answer=each.answer,
            accepted=each.accepted,
            answered_at=each.answered_at,
        )
        for bid in lot.bids.all()
        for each in bid.inquiries.filter(member__gt=gone, member__lte=max(sits, default=0))
    )


def report_as_json(
    lot: Lot, ranking: Sequence[str], tie_break: str, version: int, at: datetime
) -> dict[str, Any]:
    """What the members sign: bids, decisions and the order, without any of their names."""
    bids = list(lot.bids.all())
    motions = motions_of(lot)
    return {
        "v": 1,
        "lot": lot.code,
        "round": lot.round,
        "version": version,
        "drawn_up_at": iso(at),
        "method": terms_from_json(lot.method).id,
        "bids": [
            {
                "bidder": each.bidder,
                "price_fen": each.price_fen,
                "status": each.status,
                "evaluated_fen": each.evaluated_fen,
                "ground": each.ground,
                "reason": each.ground_note,
                "points": "" if each.points is None else str(each.points),
            }
            for each in bids
        ],
        "decisions": [
            {
                "bidder": each.bidder,
                "matter": each.matter,
                "proposer": each.proposer.number,
                "votes": [
                    {"member": vote.member.number, "in_favour": vote.in_favour, "reason": vote.reason}
                    for vote in each.votes.select_related("member")
                    if not vote.void
                ],
                "carried": each.carried,
            }
            for each in motions
        ],
        "ranking": list(ranking),
        "tie_break": tie_break.strip(),
    }
