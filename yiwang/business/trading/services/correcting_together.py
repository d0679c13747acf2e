"""A correction or a postponement for several lots that share what it corrects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yiwang.business.trading import permissions
from yiwang.business.trading.models import Lot
from yiwang.business.trading.rules.together import same_notice_findings
from yiwang.business.trading.services.announcing_together import Values, drafted_together, filled_lots, law_of
from yiwang.business.trading.services.correcting import (
    CORRECTION,
    MATTERS,
    POSTPONEMENT,
    check_correction,
    check_postponement,
    note_postponement,
)
from yiwang.business.trading.services.steps import require
from yiwang.business.trading.texts import correction_values, postponement_values
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding, refuse_if
from yiwang.record.journal.api import act


def draft_correction_together(
    by: Actor,
    codes: Sequence[str],
    original: str,
    content: str,
    affects_bids: bool,
    at: datetime,
    opening_place: str = "",
) -> notices.Notice:
    """Drafts one correction of a notice that these lots share. Raises Refused with the reasons of every lot."""
    require(by, permissions.DRAFT_NOTICE)
    place = opening_place.strip()

    def fill(lot: Lot) -> Values:
        corrected = check_correction(by, lot, original, content, affects_bids, at, place)
        return correction_values(lot, corrected, MATTERS.get(corrected.form, "notice"), content, at, place)

    with act():
        filled = filled_lots(by, codes, fill)
        before = [original for _ in filled]
        return drafted_together(by, CORRECTION, "更正公告", filled, law_of(filled, at), at, before)


def draft_postponement_together(
    by: Actor,
    codes: Sequence[str],
    reason: str,
    new_deadline_at: datetime,
    publish_at: datetime,
    at: datetime,
) -> notices.Notice:
    """Drafts one notice that puts the deadlines of lots off to the same instant; they were announced in one notice.

    Raises Refused with the reasons of every lot.
    """
    require(by, permissions.DRAFT_NOTICE)

    def fill(lot: Lot) -> Values:
        refuse_if([Finding("wrong-stage-now")] if lot.phase else [])
        check_postponement(by, lot, reason, new_deadline_at, publish_at, at)
        return postponement_values(lot, lot.tender_notice, reason, new_deadline_at)

    with act():
        filled = filled_lots(by, codes, fill)
        before = [lot.tender_notice for lot, _ in filled]
        refuse_if(same_notice_findings(before))
        notice = drafted_together(by, POSTPONEMENT, "延期公告", filled, law_of(filled, at), at, before)
        for lot, _ in filled:
            note_postponement(lot, notice, reason, new_deadline_at, publish_at)
        return notice
