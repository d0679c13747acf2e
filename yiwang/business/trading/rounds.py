"""The rounds of an evaluation that were undone: each with its report, its sheets and its calculation, as kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max

from yiwang.business.trading.models import Bid, CommitteeMember, Lot, Round, Signature
from yiwang.business.trading.reports import EvaluationReport, RoundState, report_of
from yiwang.business.trading.rules.methods import terms_from_json
from yiwang.business.trading.services.panel import stood_down
from yiwang.business.trading.sheets import ScoreTables, SheetShown, score_tables
from yiwang.pure.kernel.actors import AGENCY, CENTRE, EXPERT, SUPERVISOR, TENDEREE, Actor
from yiwang.pure.kernel.days import from_iso
from yiwang.pure.kernel.words import Words

UNDONE_WORDS = {
    "order": Words(
        "行政监督部门责令重新评标，原评标结果无效",
        "the supervisory body ordered a new evaluation: the result is void",
    ),
    "re-evaluation": Words(
        "对评标结果的异议成立，重新评审", "an objection to the result was upheld: evaluated again"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRound:
    """A round that was undone: ``why`` and when, its report, and the sheets of its members."""

    number: int
    why: Words
    ended_at: datetime
    report: EvaluationReport
    sheets: tuple[SheetShown, ...]
    score_tables: ScoreTables


READERS = (CENTRE, SUPERVISOR, EXPERT, TENDEREE, AGENCY)  # its report was handed in: all of them had it


def rounds_for(actor: Actor, lot: Lot) -> tuple[EarlierRound, ...]:
    """The earlier rounds that ``actor``, who may see the lot, may read.

    Members of a newly formed committee judge from the beginning (招标条例 70): before their own report they read nothing
    of what the committee came to that was stood down.
    """
    if actor.role not in READERS:
        return ()
    rows = list(lot.rounds.all())
    if rows and actor.role == EXPERT and lot.report_received_at is None:
        last = stood_down(lot).aggregate(number=Max("number"))["number"] or 0
        rows = [each for each in rows if any(int(number) > last for number in each.kept["sheets"])]
    return tuple(_earlier(lot, each) for each in rows)


def earlier_rounds(lot: Lot) -> tuple[EarlierRound, ...]:
    """The rounds before the present one, the first in front. Whoever shows them asks first who may see them."""
    return tuple(_earlier(lot, each) for each in lot.rounds.all())


def _earlier(lot: Lot, row: Round) -> EarlierRound:
    state = _state(lot, row)
    report = report_of(lot, state)
    sheets = tuple(SheetShown(each.number, each.sheet) for each in state.seats)
    terms = terms_from_json(lot.method)
    scored = [(each.bidder, each.name) for each in report.bids if each.status != Bid.REJECTED]
    return EarlierRound(
        number=row.number,
        why=UNDONE_WORDS[row.why],
        ended_at=row.ended_at,
        report=report,
        sheets=sheets if terms.scores else (),
        score_tables=score_tables(scored, terms.criteria, sheets) if terms.scores else [],
    )


def _state(lot: Lot, row: Round) -> RoundState:
    kept, report = row.kept, row.kept["report"]
    seats = _seats(lot, kept["sheets"])
    return RoundState(
        number=row.number,
        bids=_bids(lot, kept["bids"]),
        seats=seats,
        members=seats,
        signatures=_signatures(seats, kept["signatures"]),
        ranking=tuple(report["ranking"]),
        tie_break=report["tie_break"],
        version=report["version"],
        sha256=report["sha256"],
        drawn_up_at=from_iso(report["drawn_up_at"]) if report.get("drawn_up_at") else None,
        time_extended_to=from_iso(kept["extended_to"]) if kept["extended_to"] else None,
        received_at=row.received_at,
    )


def _bids(lot: Lot, kept: list[dict[str, Any]]) -> list[Bid]:
    """The bids as they were decided in that round; rows that nobody saves."""
    decided = {each["bidder"]: each for each in kept}
    found = []
    for bid in lot.bids.all():
        for name, value in decided[bid.bidder].items():
            setattr(bid, name, Decimal(value) if name == "points" and value is not None else value)
        found.append(bid)
    return found


def _seats(lot: Lot, sheets: Mapping[str, Mapping[str, Mapping[str, str]]]) -> list[CommitteeMember]:
    """Those who sat then, with their sheets of then; who was replaced later was not yet."""
    found = []
    for seat in lot.committee.all():
        if str(seat.number) in sheets:
            seat.sheet, seat.replaced_at, seat.replaced_why = sheets[str(seat.number)], None, ""
            found.append(seat)
    return found


def _signatures(seats: list[CommitteeMember], kept: list[dict[str, Any]]) -> dict[int, Signature]:
    rows = {each.number: each for each in seats}
    return {
        rows[each["member"]].pk: Signature(
            member=rows[each["member"]],
            how=each["how"],
            text=each["text"],
            signed_at=from_iso(each["signed_at"]),
        )
        for each in kept
    }
