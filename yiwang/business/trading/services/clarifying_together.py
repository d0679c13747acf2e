"""One clarification or amendment for several lots that were announced in the same tender notice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from yiwang.business.trading import permissions
from yiwang.business.trading.models import Lot, Question
from yiwang.business.trading.rules.together import same_notice_findings
from yiwang.business.trading.services.announcing_together import Values, drafted_together, filled_lots, law_of
from yiwang.business.trading.services.clarifying import (
    CLARIFICATION,
    NewClarification,
    check_clarification,
    note_clarification,
    original_notice,
    stored,
)
from yiwang.business.trading.services.steps import require
from yiwang.business.trading.texts import clarification_values
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding, refuse_if
from yiwang.record.journal.api import act


def draft_clarification_together(
    by: Actor, codes: Sequence[str], new: NewClarification, at: datetime
) -> notices.Notice:
    """Drafts one clarification for several lots; what it does, it does to each of them when it appears.

    ``new.answers`` may be questions of any of the lots: each is answered in its own. Where deadlines move, they move
    to the same instant. Raises Refused with the reasons of every lot.
    """
    require(by, permissions.DRAFT_NOTICE)
    own = _answers_by_lot(codes, new)

    def fill(lot: Lot) -> Values:
        refuse_if([Finding("wrong-stage-now")] if lot.phase else [])
        check_clarification(by, lot, own[lot.code], at)
        return clarification_values(lot, original_notice(lot), new, stored(new))

    with act():
        filled = filled_lots(by, codes, fill)
        before = [original_notice(lot) for lot, _ in filled]
        refuse_if(same_notice_findings(before))
        notice = drafted_together(
            by, CLARIFICATION, "招标文件澄清、修改通知", filled, law_of(filled, at), at, before
        )
        for lot, _ in filled:
            note_clarification(lot, notice, own[lot.code])
        return notice


def _answers_by_lot(codes: Sequence[str], new: NewClarification) -> dict[str, NewClarification]:
    """What is said in each of the lots: the same, answering its own questions; the first says no to those of none."""
    known = dict(
        Question.objects.filter(lot__code__in=codes, code__in=new.answers).values_list("code", "lot__code")
    )
    strange = [each for each in new.answers if each not in known]
    first = min(codes, default="")
    return {
        code: replace(
            new,
            answers=[
                *(each for each in new.answers if known.get(each) == code),
                *(strange if code == first else ()),
            ],
        )
        for code in codes
    }
