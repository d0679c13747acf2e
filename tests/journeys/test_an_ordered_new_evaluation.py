"""A decision on a complaint orders a new evaluation: the publicity is void, the committee judges again, the complaint stays unknown."""

from __future__ import annotations

from datetime import date

import pytest

from tests.journeys import steps
from tests.journeys.city import City
from tests.journeys.conftest import EVERY_LOOK, Enter
from tests.journeys.test_a_second_round import PRICES, bids_are_evaluated_again
from tests.journeys.test_a_tender_from_registration_to_contract import (
    bids_are_opened_and_evaluated,
    shortlist_is_published,
)
from tests.journeys.visitor import Visitor
from yiwang.site.simulation.papers import pdf

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

FACTS = "评标委员会有成员与第一中标候选人有利害关系，应当回避而未回避。"
DEMANDED = "责令重新评标。"
FOUND = "该成员应当回避而未回避，评标结果无效，投诉成立。责令招标人依法重新评标。"
DO_IT = ("确认办理", "Do it")


@EVERY_LOOK
def test_a_decision_orders_a_new_evaluation_and_what_was_decided_is_void(city: City, enter: Enter) -> None:
    host, second, centre = (
        enter("tenderee", 4, mouse=True),
        enter("tenderee", 5, mouse=True),
        enter("centre", 0, mouse=True),
    )
    lot, deadline = steps.announce(host, second, centre, "武山县文化馆迁建工程")
    bidders = [enter("bidder", number, mouse=True) for number in (5, 6, 7)]
    for bidder, price in zip(bidders, PRICES, strict=True):
        steps.bid(bidder, lot, price)
    steps.move_clock(centre, steps.later(deadline, minutes=1))
    bids_are_opened_and_evaluated(lot, centre)
    shortlist_is_published(lot, host, second, centre)
    complainant, body = bidders[2], enter("supervisor", 0)
    respondent, authority = (
        city.people[role][place].split(":")[1] for role, place in (("tenderee", 4), ("supervisor", 0))
    )
    complaint = complaint_is_made(lot, complainant, respondent, authority)
    correction_is_ordered(complaint, body, "evaluate-again", FOUND)
    order_is_carried_out(lot, complaint, host)
    body.go("/hall/messages/")
    body.sees("处理决定已执行", "was carried out")
    bids_are_evaluated_again(lot, centre)
    the_public_reads_what_is_void_and_not_why(lot, complaint, host)


def complaint_is_made(lot: str, complainant: Visitor, respondent: str, authority: str) -> str:
    """About a matter for which no objection has to come first; the code of the complaint."""
    complainant.go(f"/hall/lots/{lot}/")
    complainant.press("向行政监督部门投诉", "Complain to the supervisor")
    known_on = date.fromisoformat(complainant.page.locator("[data-now]").first.get_attribute("data-now")[:10])
    complainant.fill(
        matter="other",
        respondent=respondent,
        authority=authority,
        learnt_on=known_on.isoformat(),
        text=FACTS,
        request=DEMANDED,
    )
    complainant.attach("papers", "任职证明.pdf", pdf("任职证明"))
    complainant.press(*steps.NEXT_CHECK)
    complainant.press("提出投诉", "Complain")
    return complainant.code()


def correction_is_ordered(complaint: str, body: Visitor, correction: str, found: str) -> None:
    body.go(f"/hall/complaints/{complaint}/")
    body.press("受理投诉", "Accept the complaint")
    body.press(*DO_IT)
    body.press("作出处理决定", "Decide the complaint")
    body.fill(outcome="upheld", reason=found, correction=correction)
    body.press(*steps.NEXT_CHECK)
    body.press(*DO_IT)
    body.sees(found, found)


def order_is_carried_out(lot: str, complaint: str, host: Visitor) -> None:
    """From the to-do to the step that does what is ordered: the committee is back at its work, the publicity void."""
    host.go("/hall/todos/")
    host.follow(f'main a[href$="/hall/complaints/{complaint}/"]')
    host.press("按处理决定重新评标", "Evaluate again as ordered")
    host.sees("不能撤销", "cannot be undone")
    host.press(*DO_IT)
    host.sees("已执行", "carried out")
    assert host.stage(lot) == "evaluating"
    host.sees("已失效", "void")


def the_public_reads_what_is_void_and_not_why(lot: str, complaint: str, host: Visitor) -> None:
    host.awaits(f"/projects/{lot[:17]}/", host.says("已失效", "void"))
    public = host.page.locator("main").inner_text()
    assert complaint not in public
    assert FACTS not in public
    host.follow("main li.entry:has(.tag.red) a")
    host.sees("本公示已失效", "This publicity is void")
    assert FACTS not in host.page.locator("main").inner_text()
