"""Scoring sheets: saved as they are typed, handed in once, the objective items settled where members differ."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import Bid, CommitteeMember, Lot
from yiwang.business.trading.rules.methods import scheme_of, terms_from_json
from yiwang.business.trading.rules.scoring import Score, uneven_objective
from yiwang.business.trading.rules.sitting import (
    changed_judgement_findings,
    points_of,
    sheet_findings,
)
from yiwang.business.trading.services.sitting import note, own_seat, seat_ref, seated, sitting_step
from yiwang.business.trading.services.steps import check_step, locked_lot, require
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.canonical import dumps
from yiwang.pure.kernel.findings import refuse_if
from yiwang.record.files import api as files
from yiwang.record.journal.api import act, record

type Typed = Mapping[str, Mapping[str, str]]


def to_score(lot: Lot) -> list[str]:
    """The bidders whose bids are scored, in the order of the opening."""
    return [each.bidder for each in lot.bids.exclude(status=Bid.REJECTED)]


def _merged(seat: CommitteeMember, typed: Typed) -> dict[str, dict[str, str]]:
    """The sheet with what was typed now; of each cell the last counts."""
    kept = {bidder: dict(cells) for bidder, cells in seat.sheet.items()}
    for bidder, cells in typed.items():
        kept.setdefault(bidder, {}).update({name: text.strip()[:12] for name, text in cells.items()})
    return kept


def save_sheet(by: Actor, code: str, typed: Typed, at: datetime) -> CommitteeMember:
    """Keeps a member's sheet as far as it is filled in: bidder → criterion → points as typed. Raises Refused.

    What is out of bounds is refused, what is missing is not.
    """
    require(by, permissions.SIT)
    with act():
        lot = locked_lot(code)
        seat = own_seat(lot, by)
        check_step(lot, "score", sitting_step(lot, by, at, {}))
        method, sheet = terms_from_json(lot.method), _merged(seat, typed)
        found = [*sheet_findings(method, to_score(lot), sheet, complete=False)]
        found += changed_judgement_findings(method, seat.sheet, sheet) if seat.judged else []
        refuse_if(found)
        seat.sheet = sheet
        seat.save(update_fields=["sheet"])
        return seat


def hand_in_sheet(by: Actor, code: str, typed: Typed, at: datetime) -> CommitteeMember:
    """Hands in a member's sheet, complete and for good; gives the seat. Raises Refused.

    With the last sheet the objective items are compared: where the members differ all of them settle those anew,
    and nothing else of any sheet can be changed.
    """
    require(by, permissions.SIT)
    with act():
        lot = locked_lot(code)
        seat = own_seat(lot, by)
        facts = sitting_step(lot, by, at, {})
        check_step(lot, "score", facts)
        method, sheet = terms_from_json(lot.method), _merged(seat, typed)
        found = [*sheet_findings(method, to_score(lot), sheet, complete=True)]
        found += changed_judgement_findings(method, seat.sheet, sheet) if seat.judged else []
        refuse_if(found)
        seat.sheet, seat.handed_in_at, seat.judged = sheet, at, True
        note(
            lot,
            "score",
            facts,
            kinds.SCORES_HANDED_IN,
            seat_ref(seat),
            {"member": seat.number},
            documents=[_stored_sheet(lot, seat)],
        )
        seat.save(update_fields=["sheet", "handed_in_at", "judged"])
        _settle_objective(lot, by, at)
        return seat


def _stored_sheet(lot: Lot, seat: CommitteeMember) -> str:
    """The sheet as a document of the record, without the member's name."""
    scores = [
        {"bidder": bidder, "criterion": criterion, "points": points}
        for bidder, cells in sorted(seat.sheet.items())
        for criterion, points in sorted(cells.items())
    ]
    text = dumps({"v": 1, "lot": lot.code, "member": seat.number, "scores": scores})
    stored = files.store(
        io.BytesIO(text), name=f"{lot.code}-scores.json", max_bytes=len(text), types=("application/json",)
    )
    return stored.sha256


def scores_of(lot: Lot, seats: Sequence[CommitteeMember], standing: Sequence[str]) -> tuple[Score, ...]:
    """What the members gave, for the criteria that count and the bids that are ``standing``."""
    method = terms_from_json(lot.method)
    bidders, found = set(standing), []
    for seat in seats:
        for bidder, cells in seat.sheet.items():
            for each in method.criteria:
                points = points_of(cells.get(each.id, ""), method.score_decimals)
                if bidder in bidders and points is not None:
                    found.append(Score(str(seat.number), bidder, each.id, points))
    return tuple(found)


def uneven_items(lot: Lot, seats: list[CommitteeMember]) -> list[tuple[str, str]]:
    """(bidder, criterion) of the objective items on which the members differ."""
    scheme = scheme_of(terms_from_json(lot.method), {}, lot.ceiling_fen)
    return uneven_objective(scheme, scores_of(lot, seats, to_score(lot)))


def _settle_objective(lot: Lot, by: Actor, at: datetime) -> None:
    seats = seated(lot)
    if any(each.handed_in_at is None for each in seats):
        return
    uneven = uneven_items(lot, seats)
    if not uneven:
        return
    record(
        kinds.SCORES_UNEVEN,
        about=seat_ref(seats[0]),
        within=lot.ref,
        by=by,
        at=at,
        facts={"lot": lot.code, "items": len(uneven)},
    )
    lot.committee.filter(replaced_at=None).update(handed_in_at=None)
