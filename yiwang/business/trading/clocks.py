"""The clocks of a lot: each period of the law that is running or has run, explained day by day."""

from __future__ import annotations

from datetime import datetime, timedelta

from yiwang.business.trading.models import PREQUALIFICATION_PHASE, Award, Lot, Objection
from yiwang.law import api as law
from yiwang.pure.kernel.days import end_of


def _oldest_objection(lot: Lot) -> datetime | None:
    """When the objection that has waited longest for its answer was raised."""
    if lot.suspended_at is None:
        return None
    oldest = lot.objections.filter(answered_at=None).exclude(matter=Objection.OPENING).first()
    return oldest.raised_at if oldest else None


def _of_documents(lot: Lot) -> list[tuple[str, datetime | None]]:
    """The periods around documents and deadline, of the applications to prequalify or of the bids."""
    if lot.phase == PREQUALIFICATION_PHASE:
        until_on = lot.documents_until_on
        sale_ends = end_of(until_on) - timedelta(seconds=1) if until_on else None
        return [
            ("W01", lot.documents_from_at),
            ("W02", sale_ends),
            ("W05", lot.deadline_at),
            ("W06", lot.deadline_at),
        ]
    if lot.prequalifies and lot.stage == "announcing":
        return []
    return [
        ("W01", lot.documents_from_at),
        ("W03", lot.documents_from_at),
        ("W04", lot.deadline_at),
        ("W07", lot.deadline_at),
    ]


def lot_clocks(lot: Lot, award: Award | None) -> tuple[law.Clock, ...]:
    """The clocks that have begun, in the order of the procedure, under the law of the lot."""
    if lot.law_on is None:
        return ()
    anchors: list[tuple[str, datetime | None]] = [
        *_of_documents(lot),
        ("W08", _oldest_objection(lot)),
        ("W21-start", lot.report_received_at),
        ("W21", lot.publicity_from_at if lot.stage not in ("reported", "evaluating") else None),
        ("W23", award.sent_at if award else None),
        ("W24", award.sent_at if award else None),
    ]
    return tuple(law.clock(each, anchor, on=lot.law_on) for each, anchor in anchors if anchor is not None)
