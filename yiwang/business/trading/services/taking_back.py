"""A notice that is not published yet is taken back by those who drafted it, to be drafted again."""

from __future__ import annotations

from datetime import datetime

from yiwang.business.trading import permissions
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.services.announcing import TENDER_FORMS, known_notice
from yiwang.business.trading.services.noticed import give_lot_back, lots_of
from yiwang.business.trading.services.prequalifying import PREQUALIFICATION, give_back
from yiwang.business.trading.services.steps import lot_facts, require, require_party
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.actors import AGENCY, Actor
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.record.journal.api import act

AGENCY_SOURCE = "《中华人民共和国招标投标法》第十五条"


def take_back_notice(by: Actor, notice_code: str, at: datetime) -> None:
    """Gives up an unpublished notice; with its tender notice each lot goes back to ``registered``. Raises Refused.

    What the tenderee has confirmed is the tenderee's: the agency that drafted it takes it back only before that
    (招标投标法 15: an agency acts within what it is commissioned to do).
    """
    require(by, permissions.DRAFT_NOTICE)
    with act():
        notice = known_notice(notice_code)
        lots = lots_of(notice)
        for lot in lots:
            require_party(by, lot)
        if by.role == AGENCY and notice.status not in (notices.DRAFT, notices.RETURNED):
            raise Refused([Finding("agency-takes-back", AGENCY_SOURCE)])
        notices.drop(by, notice_code, at)
        for lot in lots:
            if notice.form == PREQUALIFICATION and lot.stage == "pq-announcing":
                give_back(lot, StepFacts(at=at, by=by, lot=lot_facts(lot, at)), notice_code)
            elif notice.form in TENDER_FORMS and lot.stage == "announcing":
                give_lot_back(by, lot, notice_code, at)
