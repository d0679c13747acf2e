"""What may not be done yet: said with the reason and the date, not hidden. Pure but for the clocks of the law."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from yiwang.business.trading.api import LotPage
from yiwang.common.notices.api import Notice
from yiwang.law import api as law
from yiwang.pure.kernel.actors import AGENCY, BIDDER, CENTRE, TENDEREE, Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.words import Words

HOSTS = (TENDEREE, AGENCY)
SEPARATION = "GB/T 22239-2019"


@dataclass(frozen=True, slots=True)
class Wait:
    """A step that is not open to the actor now: which, why, until when (None: until somebody acts), by which article."""

    step: Words
    why: Words
    until_at: datetime | None = None
    source: str = ""


def _notice_wait(actor: Actor, notice: Notice) -> Iterator[Wait]:
    """Where a notice that is under way stands, for who cannot move it on."""
    publication = Words(f"发布《{notice.title}》", f"Publish “{notice.title}”")
    if notice.status in ("draft", "returned"):
        if actor.role == TENDEREE and actor.person in notice.authors:
            why = Words(
                "您起草了这份公告，须由招标人的另一位人员确认（职责分离 D01）。",
                "You drafted this notice: another person of the tenderee has to confirm it (separation of duties, D01).",
            )
            yield Wait(publication, why)
        elif actor.role != TENDEREE:
            yield Wait(publication, Words("等待招标人确认。", "Waiting for the tenderee to confirm it."))
    elif notice.status == "confirmed" and actor.role != CENTRE:
        yield Wait(
            publication,
            Words("等待交易中心形式核验。", "Waiting for the centre to check its form."),
            notice.publish_at,
        )
    elif notice.status == "scheduled":
        yield Wait(
            publication,
            Words("已核验，到时自动发布。", "Checked: it appears by itself at its instant."),
            notice.publish_at,
        )


def _source(rule_id: str, page: LotPage) -> str:
    on = page.law_on or local_day(page.stage_since_at)
    if rule_id == "W02":
        return law.limit(rule_id, on=on).source
    return law.rule(rule_id, on=on).source


_EVALUATION = {
    "opened": Words(
        "评标委员会尚未组成；评标后交易中心收到评标报告再进行。",
        "The committee is yet to be formed; publicity follows its report.",
    ),
    "evaluating": Words(
        "评标委员会正在评标，交易中心收到评标报告后进行。",
        "The committee evaluates; publicity follows its report.",
    ),
}


def _stage_waits(actor: Actor, page: LotPage) -> Iterator[Wait]:
    opening = Words("开标", "Opening of the bids")
    if page.stage == "bidding" and actor.role in (*HOSTS, CENTRE):
        yield Wait(
            opening,
            Words(
                "投标截止之前任何人不得开标，也看不到有谁投标。",
                "Nobody may open bids, or see who bid, before the deadline.",
            ),
            page.deadline_at,
            _source("W-opening", page),
        )
    if page.stage == "applying" and actor.role in (*HOSTS, CENTRE):
        yield Wait(
            Words("审查资格预审申请", "Review of the applications"),
            Words("申请截止之前任何人都看不到有谁申请。", "Nobody may see who applied before the deadline."),
            page.prequalification.deadline_at if page.prequalification else None,
            _source("W02", page),
        )
    if page.stage == "reviewing" and actor.role == BIDDER:
        yield Wait(
            Words("资格预审结果", "Result of the prequalification"),
            Words(
                "正在审查；结果会书面通知每一个申请人。",
                "Applications are reviewed: every applicant is told in writing.",
            ),
            None,
            _source("W-prequalification-result", page),
        )
    if page.stage == "closed" and actor.role == BIDDER:
        yield Wait(opening, Words("投标已截止，等待开标。", "The deadline has passed: the opening follows."))
    if page.stage in ("opened", "evaluating") and actor.role != CENTRE:
        yield Wait(Words("公示中标候选人", "Publicity of the shortlisted bidders"), _EVALUATION[page.stage])
    if page.stage == "awarded" and actor.role == CENTRE:
        yield Wait(
            Words("归档", "Archive"),
            Words("等待招标人与中标人订立合同。", "Waiting for the contract of tenderee and winner."),
        )


def waits(actor: Actor, page: LotPage, notices: Sequence[Notice]) -> list[Wait]:
    """All that the actor cannot do yet about a lot, the matters of notices first."""
    found: list[Wait] = []
    for notice in notices:
        if actor.role in (*HOSTS, CENTRE):
            found += _notice_wait(actor, notice)
    return found + list(_stage_waits(actor, page))
