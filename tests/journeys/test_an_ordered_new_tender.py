"""A decision on a complaint orders a new tender: this one ends, everybody is told, the complaint stays unknown, and it is held again."""

from __future__ import annotations

import pytest

from tests.journeys import steps
from tests.journeys.city import City
from tests.journeys.conftest import EVERY_LOOK, Enter
from tests.journeys.test_an_ordered_new_evaluation import (
    DO_IT,
    FACTS,
    complaint_is_made,
    correction_is_ordered,
)
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

FOUND = "招标文件按特定单位的条件设定，影响中标结果，投诉成立。责令招标人重新招标。"


@EVERY_LOOK
def test_a_decision_orders_a_new_tender_and_this_one_ends_for_everybody(city: City, enter: Enter) -> None:
    host, second, centre = (
        enter("tenderee", 4, mouse=True),
        enter("tenderee", 5, mouse=True),
        enter("centre", 0, mouse=True),
    )
    lot, _ = steps.announce(host, second, centre, "清水县图书馆新建工程")
    bidder, body = enter("bidder", 5, mouse=True), enter("supervisor", 0, mouse=True)
    steps.bid(bidder, lot, "11000000")
    respondent, authority = (
        city.people[role][place].split(":")[1] for role, place in (("tenderee", 4), ("supervisor", 0))
    )
    complaint = complaint_is_made(lot, bidder, respondent, authority)
    correction_is_ordered(complaint, body, "tender-again", FOUND)
    this_tender_ends(lot, complaint, host)
    body.go("/hall/messages/")
    body.sees("处理决定已执行", "was carried out")
    bidder.go(f"/hall/lots/{lot}/")
    bidder.sees("责令重新招标", "ordered to hold the tender again")
    notice = its_end_is_published(lot, host, second, centre)
    the_public_reads_that_it_was_ordered_and_not_why(lot, complaint, notice, host)
    it_is_held_again(lot, host)


def this_tender_ends(lot: str, complaint: str, host: Visitor) -> None:
    """From the to-do to the step that does what is ordered; what it does is said before."""
    host.go("/hall/todos/")
    host.follow(f'main a[href$="/hall/complaints/{complaint}/"]')
    host.press("按处理决定重新招标", "Tender again as ordered")
    host.sees("保证金应当退还", "deposits go back")
    host.sees("不能撤销", "cannot be undone")
    host.press(*DO_IT)
    host.sees("已执行", "carried out")
    assert host.stage(lot) == "failed"


def its_end_is_published(lot: str, host: Visitor, second: Visitor, centre: Visitor) -> str:
    host.go(f"/hall/lots/{lot}/")
    host.press("编制招标失败公告", "Draft the notice of the failed tender")
    host.follow("main form.ask .button")
    notice = host.code()
    steps.publish(second, centre, notice)
    return notice


def the_public_reads_that_it_was_ordered_and_not_why(
    lot: str, complaint: str, notice: str, host: Visitor
) -> None:
    host.awaits(f"/notices/{notice}/", notice)
    host.sees("责令重新招标", "ordered a new tender")
    for page in (f"/notices/{notice}/", f"/projects/{lot[:17]}/"):
        host.go(page)
        public = host.page.locator("main").inner_text()
        assert complaint not in public
        assert FACTS not in public
        assert FOUND not in public


def it_is_held_again(lot: str, host: Visitor) -> None:
    host.go(f"/hall/lots/{lot}/")
    host.press("重新招标", "Tender again")
    host.press("重新招标", "Tender again")
    host.sees("第2次招标", "Tender no. 2")
    host.sees(f"前次招标：{lot}", f"Tendered before: {lot}")
    assert host.stage(host.code()) == "registered"
