"""A decision on a complaint orders a newly formed committee: the drawn one stands down, others are drawn, and they come to the award."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.city import City
from tests.journeys.conftest import EVERY_LOOK, Enter
from tests.journeys.test_a_tender_from_registration_to_contract import shortlist_is_published
from tests.journeys.test_an_ordered_new_evaluation import (
    DO_IT,
    FACTS,
    complaint_is_made,
    correction_is_ordered,
)
from tests.journeys.test_experts_drawn_at_random import answers_the_call, names_called, seats_of_experts
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1200)]

PRICES = ("11000000", "10500000.50", "11800000")
FOUND = "评标委员会的组建不符合规定，评审结论无效，投诉成立。责令重新组建评标委员会，重新评标。"
STOOD_DOWN = ("为已按投诉处理决定退出的评标委员会", "for the committee that was stood down")


@EVERY_LOOK
def test_the_committee_stands_down_by_order_and_another_evaluates_to_the_award(
    city: City, enter: Enter
) -> None:
    host, second, centre = (
        enter("tenderee", 4, mouse=True),
        enter("tenderee", 5, mouse=True),
        enter("centre", 0, mouse=True),
    )
    lot, deadline = steps.announce(host, second, centre, "张家川县第三中学实验楼新建工程")
    tenderee = enter("tenderee", 4)
    draw_is_planned(lot, tenderee, technical="3", economic="1", representatives="yes")
    bidders = [enter("bidder", number, mouse=True) for number in (5, 6, 7)]
    for bidder, price in zip(bidders, PRICES, strict=True):
        steps.bid(bidder, lot, price)
    steps.move_clock(centre, steps.later(deadline, minutes=1))
    centre.go(f"/hall/lots/{lot}/open/")
    centre.press("开标", "Open the bids")
    expert = enter("expert", 0, mouse=True)
    seats = seats_of_experts(expert)
    old = committee_is_drawn(lot, centre, expert, seats)
    evaluated_online(lot, centre, expert, [*(seats[each] for each in old), city.people["expert"][4]])
    shortlist_is_published(lot, host, second, centre)
    body = enter("supervisor", 0)
    respondent, authority = (
        city.people[role][place].split(":")[1] for role, place in (("tenderee", 4), ("supervisor", 0))
    )
    complaint = complaint_is_made(lot, bidders[2], respondent, authority)
    correction_is_ordered(complaint, body, "evaluate-new-committee", FOUND)
    committee_stands_down(lot, complaint, tenderee, centre)
    who_stood_down_is_told(complaint, expert, seats[old[0]])
    draw_is_planned(lot, tenderee, technical="3", economic="2")
    new = committee_is_drawn(lot, enter("centre", 0), expert, seats)
    assert not set(new) & set(old), "nobody sits again who stood down"
    evaluated_online(lot, centre, expert, [seats[each] for each in new])
    both_draws_are_read(lot, host)
    until_on = shortlist_is_published(lot, host, second, centre)
    steps.move_clock(centre, steps.later(f"{until_on}T09:00", days=1))
    award_is_decided(lot, host, winner=bidders[1], loser=bidders[0])
    the_public_reads_that_a_new_committee_was_ordered_and_not_why(lot, complaint, host, [*old, *new])


@EVERY_LOOK
def test_who_tenders_again_as_one_body_orders_reads_what_becomes_moot_of_another_and_that_body_is_told(
    city: City, enter: Enter
) -> None:
    host, second, centre = (
        enter("tenderee", 4, mouse=True),
        enter("tenderee", 5, mouse=True),
        enter("centre", 0, mouse=True),
    )
    lot, _ = steps.announce(host, second, centre, "张家川县第四中学实验楼新建工程")
    bidder, bodies = (
        enter("bidder", 5, mouse=True),
        [enter("supervisor", each, mouse=True) for each in (0, 1)],
    )
    steps.bid(bidder, lot, PRICES[0])
    respondent = city.people["tenderee"][4].split(":")[1]
    orders = []
    for place, order in enumerate(("tender-again", "evaluate-new-committee")):
        authority = city.people["supervisor"][place].split(":")[1]
        orders.append(complaint_is_made(lot, bidder, respondent, authority))
        correction_is_ordered(orders[-1], bodies[place], order, FOUND)
    again, moot = orders
    not_yet_possible(moot, host)
    host.go(f"/hall/complaints/{again}/")
    host.press("按处理决定重新招标", "Tender again as ordered")
    host.sees("随之失去对象", "Orders that become moot by it")
    host.sees(moot, moot)
    host.press(*DO_IT)
    host.sees("已执行", "carried out")
    for reader in (host, bodies[1]):
        reader.go(f"/hall/complaints/{moot}/")
        reader.sees("不再需要执行", "nothing left to carry out")
    bodies[1].go("/hall/messages/")
    bodies[1].sees("责令改正的投诉处理决定不再需要执行", "nothing is left to carry out")


def not_yet_possible(complaint: str, host: Visitor) -> None:
    """Before there is an evaluation nothing of it is offered; the page says why."""
    host.go(f"/hall/complaints/{complaint}/")
    host.sees("标段不在该步骤所需的阶段", "the lot is not at that stage")
    assert host.page.locator(f'main a[href$="/hall/complaints/{complaint}/evaluate-again/"]').count() == 0


def draw_is_planned(lot: str, host: Visitor, *, technical: str, economic: str, **more: str) -> None:
    host.go(f"/hall/lots/{lot}/experts/")
    host.press("编制抽取方案", "Plan the draw")
    host.fill(
        **{
            "wanted-0-specialty": "technical|房屋建筑",
            "wanted-0-count": technical,
            "wanted-1-specialty": "economic|工程造价",
            "wanted-1-count": economic,
        },
        **more,
    )
    host.press(*steps.NEXT_CHECK)
    host.press("提交方案", "Make the plan")


def committee_is_drawn(lot: str, centre: Visitor, expert: Visitor, seats: dict[str, str]) -> list[str]:
    """Drawn, all who are called accept, seated; the names of those who were drawn."""
    centre.go(f"/hall/lots/{lot}/experts/")
    centre.press("抽取专家", "Draw the experts")
    centre.press("抽取", "Draw")
    drawn = names_called(lot, centre)
    for name in drawn:
        answers_the_call(expert, seats[name])
        expert.fill(answer="yes")
        expert.press("提交答复", "Send my answer")
    centre.go(f"/hall/lots/{lot}/experts/")
    centre.press("组成评标委员会", "Form the committee")
    centre.press("组成评标委员会", "Form the committee")
    centre.sees("评标委员会的进度", "Progress of the committee")
    return drawn


def evaluated_online(lot: str, centre: Visitor, expert: Visitor, sitting: list[str]) -> None:
    """No bid is doubted: the lowest price is first, and all members sign."""
    centre.go(f"/hall/lots/{lot}/evaluation/")
    centre.press("结束初步评审", "End the preliminary review")
    centre.press("结束初步评审", "End the review")
    centre.press("编制评标报告", "Draw up the report")
    centre.press(*steps.NEXT_CHECK)
    centre.press("编制并交评委签字", "Draw it up for signing")
    for seat in sitting:
        expert.enter_as(seat)
        expert.go(f"/hall/lots/{lot}/sitting/sign/")
        expert.fill(how="signed")
        expert.press(*steps.NEXT_CHECK)
        expert.press("签字", "Sign")
    centre.go(f"/hall/lots/{lot}/evaluation/")
    centre.press("提交评标报告", "Hand in the report")
    centre.press("提交评标报告", "Hand in the report")
    assert centre.stage(lot) == "reported"


def committee_stands_down(lot: str, complaint: str, host: Visitor, centre: Visitor) -> None:
    """From the to-do to the step that does what is ordered: what it does is said before; the draw says for whom it was."""
    host.go("/hall/todos/")
    host.follow(f'main a[href$="/hall/complaints/{complaint}/"]')
    host.press("按处理决定重新组建评标委员会", "Have a new committee evaluate as ordered")
    host.sees("全部退出", "stand down")
    host.sees("不能撤销", "cannot be undone")
    host.press(*DO_IT)
    host.sees("已执行", "carried out")
    assert host.stage(lot) == "opened"
    host.sees("已失效", "void")
    centre.go(f"/hall/lots/{lot}/experts/")
    centre.sees(*STOOD_DOWN)
    assert names_called(lot, centre) == []


def who_stood_down_is_told(complaint: str, expert: Visitor, seat: str) -> None:
    """Not why; and the lot is theirs to read no more."""
    expert.enter_as(seat)
    expert.go("/hall/messages/")
    expert.sees("您不再参加本标段的评标", "you sit on this one no more")
    text = expert.page.locator("main").inner_text()
    assert [each for each in (complaint, FACTS, FOUND) if each in text] == []
    assert expert.page.locator('main a[href*="/hall/lots/"]').count() == 0


def both_draws_are_read(lot: str, reader: Visitor) -> None:
    """The first is marked, the second is that of the committee that sat."""
    reader.go(f"/hall/lots/{lot}/experts/")
    first, again = (reader.page.locator(f"#expert-draw-{number}") for number in (1, 2))
    expect(first).to_contain_text(reader.says(*STOOD_DOWN))
    expect(again).not_to_contain_text(reader.says(*STOOD_DOWN))


def award_is_decided(lot: str, host: Visitor, *, winner: Visitor, loser: Visitor) -> None:
    """By the report of the new committee; the first in rank gets the letter, the others are told."""
    assert host.stage(lot) == "publicity-ended"
    host.press("定标并发出中标通知书", "Decide the award and send the letter")
    host.press("下一步：核对中标通知书", "Next: check the letter")
    host.press("定标并发出", "Decide and send")
    assert host.stage(lot) == "awarded"
    winner.go(f"/hall/lots/{lot}/letter/")
    loser.go("/hall/messages/")
    loser.sees("未中标", "another bidder won")


def the_public_reads_that_a_new_committee_was_ordered_and_not_why(
    lot: str, complaint: str, host: Visitor, names: list[str]
) -> None:
    host.awaits(f"/projects/{lot[:17]}/", host.says("已失效", "void"))
    host.sees("为已按责令退出的评标委员会", "for the committee that was stood down by order")
    public = host.page.locator("main").inner_text()
    assert [each for each in (complaint, FACTS, FOUND, *names) if each in public] == []
    host.follow("main li.entry:has(.tag.red) a")
    host.sees("本公示已失效", "This publicity is void")
