"""The evaluation is done again (招标条例 54): what the round before came to is kept, and a new one begins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yiwang.business.trading.models import Bid, Lot, Round
from yiwang.business.trading.services.sitting import seated
from yiwang.business.trading.services.standing_down import stand_down
from yiwang.pure.kernel.days import iso


def is_online(lot: Lot) -> bool:
    """Whether the members of the committee act by themselves."""
    return any(each.person for each in seated(lot))


def begin_round(
    lot: Lot, why: str, at: datetime, annulled: Mapping[str, str] | None = None, *, anew: bool = False
) -> None:
    """Keeps the round that is undone and opens the next one. ``lot`` is locked.

    A committee that works online reviews, votes and scores anew: every bid is open, every sheet is its member's
    again, with the points of before as they were typed. On paper the centre enters what changed. ``annulled`` is
    what an order made void with it: body, publicity and result notice. ``anew``: the whole committee stands down with it, and
    nothing that it concluded stays (招标条例 70), nor that its experts were named directly. A round that was undone before its report came to nothing that could be
    kept: its votes stay under its number, and everything is open again.
    """
    online, report, under_way = is_online(lot), getattr(lot, "report", None), lot.report_received_at is None
    if lot.report_received_at is not None:
        Round.objects.create(
            lot=lot,
            number=lot.round,
            why=why,
            received_at=lot.report_received_at,
            ended_at=at,
            kept=_kept(lot) | ({"annulled": dict(annulled)} if annulled else {}),
        )
    if report is not None:
        report.delete()
    lot.bids.update(rank=None)
    if anew:
        stand_down(lot, why, at)
    elif online:
        lot.committee.filter(replaced_at=None).update(handed_in_at=None, judged=False, asked_time_at=None)
    if online or anew or under_way:
        lot.bids.update(
            status=Bid.OPEN, evaluated_fen=None, evaluation_note="", ground="", ground_note="", points=None
        )
    lot.round += 1
    lot.review_ended_at = lot.report_received_at = lot.evaluation_until_at = lot.time_extended_at = None
    lot.save(
        update_fields=[
            "round", "review_ended_at", "report_received_at", "evaluation_until_at", "time_extended_at",
        ]
    )  # fmt: skip


def _kept(lot: Lot) -> dict[str, Any]:
    bids = list(lot.bids.all())
    ranked = sorted((each for each in bids if each.rank), key=lambda each: each.rank or 0)
    return {
        "bids": [
            {
                "bidder": each.bidder,
                "status": each.status,
                "evaluated_fen": each.evaluated_fen,
                "evaluation_note": each.evaluation_note,
                "ground": each.ground,
                "ground_note": each.ground_note,
                "points": None if each.points is None else str(each.points),
                "rank": each.rank,
            }
            for each in bids
        ],
        "sheets": {str(each.number): each.sheet for each in seated(lot)},
        "extended_to": iso(lot.evaluation_until_at)
        if lot.time_extended_at and lot.evaluation_until_at
        else "",
        **_kept_report(lot, [each.bidder for each in ranked]),
    }


def _kept_report(lot: Lot, ranking: list[str]) -> dict[str, Any]:
    """The report with its signatures; on paper there is its ranking alone."""
    report = getattr(lot, "report", None)
    if report is None:
        return {"report": {"version": 0, "ranking": ranking, "tie_break": "", "sha256": ""}, "signatures": []}
    return {
        "report": {
            "version": report.version,
            "ranking": report.ranking,
            "tie_break": report.tie_break,
            "sha256": report.sha256,
            "drawn_up_at": iso(report.drawn_up_at),
        },
        "signatures": [
            {
                "member": each.member.number,
                "how": each.how,
                "text": each.text,
                "signed_at": iso(each.signed_at),
            }
            for each in report.signatures.select_related("member")
        ],
    }
