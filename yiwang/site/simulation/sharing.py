"""Lots of one project that are ready together share a notice: whoever comes first drafts it for all, the others wait for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from yiwang.common.notices import api as notices

if TYPE_CHECKING:
    from yiwang.business.trading import api as trading
    from yiwang.site.simulation.script import Script, Tender
else:
    from yiwang.site.simulation.line import trading

PATIENCE = 120  # hours


def partners(tender: Tender, form: str) -> list[str]:
    """The lots that can share a notice with this one, itself among them; none where it is alone."""
    if tender.plan.lots == 1:
        return []
    ready = trading.lots_ready(tender.drafter, tender.code[:17])[form]
    codes = [each.code for each in ready]
    return codes if len(codes) > 1 and tender.code in codes else []


def in_work(notice: str) -> bool:
    """Whether somebody has drafted this notice and it has not appeared yet; "" is none."""
    return bool(notice) and notices.notice(notice).status not in (notices.PUBLISHED, notices.DROPPED)


def awaited(tender: Tender, notice: str) -> Script:
    """Waits until a notice that somebody else sends on its way has appeared or was given up."""
    for _ in range(PATIENCE):
        if not in_work(notice):
            return
        yield tender.world.now + timedelta(hours=1)


def tender_notice(tender: Tender, code: str, publish_at: datetime) -> notices.Notice:
    """The tender notice of a lot, or of all lots of the project that wait for one."""
    terms, now = tender.terms(publish_at), tender.world.now
    shared = partners(tender, "tender-notice")
    if code in shared:
        drafts = [trading.LotTerms(each, terms) for each in shared]
        return trading.draft_tender_notice_together(tender.drafter, drafts, now)
    return trading.draft_tender_notice(tender.drafter, code, terms, now)


def publicity(tender: Tender, publish_at: datetime, until_on: date, contact: str) -> notices.Notice:
    """The publicity of a lot, or of all lots of the project whose reports are in."""
    by, now = tender.drafter, tender.world.now
    if shared := partners(tender, "candidates-publicity"):
        return trading.draft_publicity_together(by, shared, publish_at, until_on, contact, now)
    return trading.draft_publicity(by, tender.code, publish_at, until_on, contact, now)


def result_notice(tender: Tender) -> notices.Notice:
    """The result notice of a lot, or of all lots of the project that are awarded."""
    by, now = tender.drafter, tender.world.now
    if shared := partners(tender, "result-notice"):
        return trading.draft_result_notice_together(by, shared, now)
    return trading.draft_result_notice(by, tender.code, now)


def under_way(code: str, form: str) -> str:
    """The notice of this form that somebody has drafted for the lot and that has not appeared yet; "" where there is none."""
    ref = trading.find_lot(code).ref
    return next(
        (each.code for each in notices.notices(about=ref) if each.form == form and in_work(each.code)), ""
    )


def clarification(tender: Tender, code: str, new: trading.NewClarification) -> notices.Notice:
    """The clarification of a lot, or of all open lots of its tender notice, with the questions of them all."""
    by, now = tender.drafter, tender.world.now
    lot = trading.find_lot(code)
    open_lots = list(trading.lots_for(by).filter(tender_notice=lot.tender_notice, stage="bidding"))
    if tender.plan.lots == 1 or len(open_lots) == 1:
        return trading.draft_clarification(by, code, new, now)
    questions = [question for each in open_lots for question in trading.questions_of(by, each)]
    answers = [each.code for each in questions if not each.answered_in]
    codes = sorted(each.code for each in open_lots)
    return trading.draft_clarification_together(by, codes, replace(new, answers=answers), now)


def contract_notice(tender: Tender) -> Script:
    """The notice of the contract of a lot, or of those of all lots of the project that are signed (招标投标法 46)."""
    form, by = "contract-notice", tender.drafter
    if notice := under_way(tender.code, form):
        yield from awaited(tender, notice)
    elif any(each.form == form for each in notices.notices(about=trading.find_lot(tender.code).ref)):
        return  # it appeared with that of another lot
    elif shared := partners(tender, form):
        yield from tender.publish(trading.draft_contract_notice_together(by, shared, tender.world.now).code)
    else:
        yield from tender.publish(trading.draft_contract_notice(by, tender.code, tender.world.now).code)


def end_of_tender(tender: Tender) -> Script:
    """The notice that a tender failed, or that those of all lots of the project did which wait for one."""
    form = "failed-tender"
    if notice := under_way(tender.code, form):
        yield from awaited(tender, notice)
    elif tender.code in (shared := partners(tender, form)):
        now = tender.world.now
        yield from tender.publish(trading.draft_failure_notice_together(tender.drafter, shared, now).code)
