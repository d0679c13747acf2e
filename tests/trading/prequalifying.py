"""A market whose lot prequalifies, driven through the verbs to where a test needs it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from tests.kept import kept
from tests.trading.world import ELSEWHERE, Market, market
from yiwang.business.trading import api as trading
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.site.simulation.papers import stored_pdf


def terms(town: Market, **change: object) -> trading.PrequalificationTerms:
    """The shortest lawful timetable, from tomorrow at nine."""
    publish_at = on_day_at(local_day(town.now) + timedelta(days=1), 9)
    on = local_day(publish_at)
    until_on = law.clock("W01", publish_at, on=on).strict_on
    return trading.PrequalificationTerms(
        **{
            "publish_at": publish_at,
            "documents_from_at": publish_at,
            "documents_until_on": until_on,
            "deadline_at": on_day_at(law.clock("W02", until_on, on=on).result_on, 9, 30),
            "qualification": "施工总承包二级，近五年类似业绩两项",
            "consortium_allowed": True,
            "method": "qualified",
            "most": 0,
            "criteria": "资质、业绩、项目经理、信誉四项均合格。",
            "papers": [stored_pdf("资格预审文件")],
            **change,
        }
    )


def applying(state_funded: bool = True, **change: object) -> Market:
    """A market whose lot is open for applications."""
    return kept(
        f"a prequalification {state_funded} {sorted(change.items())}", lambda: _applying(state_funded, change)
    )


def _applying(state_funded: bool, change: dict[str, object]) -> Market:
    town = market()
    town.register(state_funded=state_funded)
    chosen = terms(town, **change)
    notice = trading.draft_prequalification(town.hosts[0], town.lot, chosen, town.now)
    town.notice = notice.code
    town.publish(notice.code, chosen.publish_at)
    return town


def apply(town: Market, numbers: Sequence[int]) -> list[str]:
    """These bidders take the documents and apply; gives the codes of the applications."""
    codes = []
    for number in numbers:
        bidder = town.bidders[number]
        trading.take_documents(bidder, town.lot, town.now)
        paper = stored_pdf(f"资格预审申请{number}")
        codes.append(trading.submit_application(bidder, town.lot, [paper], town.now).code)
    return codes


def decide(town: Market, codes: Sequence[str], passing: Sequence[bool]) -> None:
    """The committee on paper decides, as the centre records it."""
    trading.enter_review_committee(town.staff.opener, town.lot, town.committee(), town.now, ELSEWHERE)
    for code, passes in zip(codes, passing, strict=True):
        reason = "" if passes else "近五年没有类似业绩。"
        trading.decide_application(town.staff.opener, code, passes, reason, None, town.now)


def prequalified(
    numbers: Sequence[int] = (0, 1, 2, 3), passing: Sequence[bool] = (True, True, True, False)
) -> Market:
    """A market whose applicants were told the result."""
    town = applying()
    codes = apply(town, numbers)
    town.close()
    decide(town, codes, passing)
    trading.notify_results(town.hosts[0], town.lot, town.now)
    return town
