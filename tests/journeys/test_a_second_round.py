"""A rejected bidder objects to the result: the evaluation is done again; then the first in rank is examined again, and out."""

from __future__ import annotations

import pytest

from tests.journeys import steps
from tests.journeys.conftest import EVERY_LOOK, Enter
from tests.journeys.test_a_tender_from_registration_to_contract import (
    bids_are_opened_and_evaluated,
    shortlist_is_published,
)
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

PRICES = ("10900000", "10500000.50", "11800000")
WRONGLY = "本单位的工期承诺与招标文件一致，不应当否决。"
AGAIN = "经核查，否决有误，由原评标委员会重新评审。"
DOUBTED = "账户被冻结，可能影响履约能力。"
FOUND = "已不具备履约能力，不再符合中标条件。"


@EVERY_LOOK
def test_an_upheld_objection_leads_to_a_second_round_and_a_reexamined_candidate_is_out(enter: Enter) -> None:
    host, second, centre = enter("tenderee", 4), enter("tenderee", 5), enter("centre", 0)
    lot, deadline = steps.announce(host, second, centre, "甘谷县污水处理厂扩建工程")
    bidders = [enter("bidder", number, mouse=True) for number in (5, 6, 7)]
    for bidder, price in zip(bidders, PRICES, strict=True):
        steps.bid(bidder, lot, price)
    steps.move_clock(centre, steps.later(deadline, minutes=1))
    bids_are_opened_and_evaluated(lot, centre)
    shortlist_is_published(lot, host, second, centre)
    objector = enter("bidder", 7)
    rejection_is_objected_to(lot, objector)
    objection_is_upheld(lot, host)
    objector.awaits("/hall/messages/", objector.says("对评标结果的异议成立", "was upheld"))
    bids_are_evaluated_again(lot, centre)
    rounds_are_read(lot, host)
    until_on = shortlist_is_published(lot, host, second, centre)
    steps.move_clock(centre, steps.later(f"{until_on}T09:00", days=1))
    first_in_rank_is_examined_again(lot, host, centre)
    host.awaits(f"/projects/{lot[:17]}/", FOUND)
    host.follow("main li.entry:has(.tag.red) a")
    host.sees("本公示已失效", "This publicity is void")


def rejection_is_objected_to(lot: str, objector: Visitor) -> None:
    objector.go(f"/hall/lots/{lot}/")
    objector.press("对评标结果提出异议", "Object to the result")
    objector.press(*steps.NEXT_CHECK, status=422)
    objector.fill(text=WRONGLY)
    objector.press(*steps.NEXT_CHECK)
    objector.press("提出异议", "Object")
    objector.sees("招标暂停", "suspended")


def objection_is_upheld(lot: str, host: Visitor) -> None:
    """The answer says what follows: the evaluation is done again, and the publicity is void."""
    host.go(f"/hall/lots/{lot}/")
    host.press("答复异议", "Answer an objection")
    host.fill(text=AGAIN)
    host.press(*steps.NEXT_CHECK, status=422)
    host.sees_refusal("remedy", "请填写这一项", "Fill in this field")
    assert host.value("text") == AGAIN
    host.fill(remedy="re-evaluation")
    host.press(*steps.NEXT_CHECK)
    host.press("送达答复", "Deliver the answer")
    assert host.stage(lot) == "evaluating"


def bids_are_evaluated_again(lot: str, centre: Visitor) -> None:
    """The committee sits on paper: the centre enters what changed, and the report of the second round."""
    centre.go(f"/hall/lots/{lot}/evaluation/")
    centre.follow("main li.task:has(.tag.red) a.button")
    centre.fill(decision="valid")
    centre.press("记录评审结论", "Record the decision")
    assert centre.page.locator("main .task .tag.green").count() == len(PRICES)
    centre.press("提交评标报告", "Hand in the report")
    centre.press(*steps.NEXT_CHECK)
    centre.press("提交评标报告", "Hand in the report")
    assert centre.stage(lot) == "reported"


def rounds_are_read(lot: str, host: Visitor) -> None:
    """The report of the round that was undone is read beside the one that counts."""
    host.go(f"/hall/lots/{lot}/")
    host.press("第 1 次评审的评标报告和评分", "Report and scores of round 1")
    host.sees("对评标结果的异议成立，重新评审", "evaluated again")
    host.sees("工期承诺与招标文件不符。", "工期承诺与招标文件不符。")


def first_in_rank_is_examined_again(lot: str, host: Visitor, centre: Visitor) -> None:
    """Nothing is awarded before the committee concludes; then the next in rank is up."""
    host.go(f"/hall/lots/{lot}/")
    host.press("请原评标委员会审查确认", "Ask the committee to re-examine a candidate")
    host.press(*steps.NEXT_CHECK, status=422)
    host.sees_refusal("reason", "请填写这一项", "Fill in this field")
    host.fill(reason=DOUBTED)
    host.press(*steps.NEXT_CHECK)
    host.press("提请审查", "Ask the committee")
    centre.go(f"/hall/lots/{lot}/")
    centre.press("录入原评标委员会的审查结论", "Enter the committee's conclusion")
    centre.press(*steps.NEXT_CHECK, status=422)
    centre.sees_refusal("stands", "请填写这一项", "Fill in this field")
    centre.fill(stands="out", reason=FOUND)
    centre.press(*steps.NEXT_CHECK)
    centre.press("录入结论", "Enter the conclusion")
    centre.sees(FOUND, FOUND)
