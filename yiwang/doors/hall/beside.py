"""What may be done about a lot besides its next step: the exceptions, each with its page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.pure.kernel.actors import AGENCY, CENTRE, SUPERVISOR, TENDEREE, Actor
from yiwang.pure.kernel.words import Words

READERS = (TENDEREE, AGENCY, SUPERVISOR)
PANEL_READERS = (TENDEREE, AGENCY, CENTRE, SUPERVISOR)
CHOOSING = (
    "bidding",
    "closed",
    "opened",
    "evaluating",
    "reported",
    "publicity",
    "publicity-ended",
    "awarded",
)


def may_forgo(page: trading.LotPage) -> bool:
    """Whether the second failure leaves the choice of W12 open."""
    return page.attempt > 1 and not page.retendered_as


@dataclass(frozen=True, slots=True)
class Beside:
    """A step besides the next one, and its page."""

    words: Words
    url: str


def besides(actor: Actor, stored: Any, page: trading.LotPage, now: datetime) -> list[Beside]:
    """The steps that the actor may take about a lot now, besides its to-dos, and what else there is to see."""
    found = list(_steps(actor, page))
    if trading.refunds_for(actor, now, stored):
        found.append((Words("保证金退还", "Deposits to be paid back"), "hall:lot-refunds"))
    return [Beside(words, reverse(name, args=[stored.code])) for words, name in found]


def _steps(actor: Actor, page: trading.LotPage) -> Iterator[tuple[Words, str]]:
    reads = permissions.READ_APPLICATIONS.allows(actor)
    if page.prequalification and page.stage not in ("applying", "pq-announcing") and reads:
        yield Words("资格预审申请与审查", "Applications to prequalify and their review"), "hall:applications"
    if permissions.DRAFT_NOTICE.allows(actor):
        yield from _notice_steps(page)
    if permissions.TERMINATE.allows(actor) and page.stage == "failed" and may_forgo(page):
        yield Words("再次招标失败，不再招标", "Do without a tender after the second failure"), "hall:forgo"
    if page.written_report and actor.role in READERS:
        yield Words("招标投标情况书面报告", "The written report"), "hall:written-report"
    if actor.role in PANEL_READERS and page.stage in CHOOSING:
        yield Words("评标专家的确定", "Choice of the experts"), "hall:experts"
    if permissions.NOTE_PAYERS.allows(actor) and page.stage in trading.NOTED_IN and page.deposit_fen:
        yield Words("登记投标保证金付款人", "Note who paid the deposits"), "hall:deposit-payers"
    if permissions.AWARD.allows(actor):
        yield from _award_steps(page)


def _notice_steps(page: trading.LotPage) -> Iterator[tuple[Words, str]]:
    if page.stage == "registered":
        yield (
            Words("采用资格预审：编制资格预审公告", "With prequalification: draft its notice"),
            "hall:prequalification-notice",
        )
    if page.stage == "bidding":
        yield Words("推迟投标截止和开标", "Put the deadline off"), "hall:postpone"
    if page.stage == "applying":
        yield Words("推迟申请截止", "Put the deadline for applications off"), "hall:postpone"
    if page.notices and page.stage != "archived":
        yield Words("更正已发布的公告", "Correct a published notice"), "hall:correct"


def _award_steps(page: trading.LotPage) -> Iterator[tuple[Words, str]]:
    left = [row for row in page.records if row.rank and not row.passed]
    if page.stage == "awarded" and left:
        yield Words("中标人不符合中标条件，取消其中标", "Withdraw the award"), "hall:pass-over"
    if page.stage != "publicity-ended" or page.reexamining:
        return
    if left:
        yield Words("认定中标候选人不符合中标条件", "Pass over a shortlisted bidder"), "hall:pass-over"
        yield Words("请原评标委员会审查确认", "Ask the committee to re-examine a candidate"), "hall:reexamine"
    if page.passings:
        yield Words("不再依次确定，重新招标", "Award nobody and tender again"), "hall:no-winner"
