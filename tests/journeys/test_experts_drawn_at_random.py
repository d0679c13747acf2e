"""Experts are drawn: one has declared an interest, one declines, one is not reached, those who follow come, one falls ill."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.city import City
from tests.journeys.conftest import EVERY_LOOK, Enter
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

DECLARED, PRICES = 0, ("11000000", "10500000.50", "11800000")
WHY_NOT = "当天在外地评标。"
TRIED = "九点至九点半拨打三次，无人接听。"


@EVERY_LOOK
def test_experts_are_drawn_called_in_order_seated_and_followed_by_a_substitute(
    city: City, enter: Enter
) -> None:
    host, second, centre = enter("tenderee", 2), enter("tenderee", 3), enter("centre", 0)
    lot, deadline = steps.announce(host, second, centre, "麦积区图书馆新建工程")
    draw_is_planned(lot, host)
    expert = enter("expert", DECLARED)
    an_interest_is_declared(expert, avoided=city.people["bidder"][0].split(":")[1])
    for number, price in enumerate(PRICES):
        steps.bid(enter("bidder", number, mouse=True), lot, price)
    steps.move_clock(centre, steps.later(deadline, minutes=1))
    draw_is_held(lot, centre)
    seats = seats_of_experts(expert)
    (interested,) = [name for name, seat in seats.items() if seat == city.people["expert"][DECLARED]]
    assert interested not in names_called(lot, centre)
    one_declines_and_one_is_not_reached(lot, centre, expert, seats)
    while called := names_called(lot, centre):
        answers_the_call(expert, seats[called[0]])
        expert.fill(answer="yes")
        expert.press("提交答复", "Send my answer")
    committee_is_seated(lot, centre)
    one_falls_ill_and_the_next_follows(lot, centre, expert, seats)
    draw_is_public_without_names(lot, host, [*seats])


def draw_is_planned(lot: str, host: Visitor) -> None:
    """Two experts and a representative are too few; three technical and one economic expert are enough."""
    host.go(f"/hall/lots/{lot}/")
    host.press("评标专家的确定", "Choice of the experts")
    host.press("编制抽取方案", "Plan the draw")
    host.fill(
        **{
            "wanted-0-specialty": "technical|房屋建筑",
            "wanted-0-count": "3",
            "wanted-1-specialty": "economic|工程造价",
        }
    )
    host.press(*steps.NEXT_CHECK, status=422)
    host.sees_refusal("wanted-1-count", "请填写这一项", "Fill in this field")
    host.fill(**{"wanted-1-count": "1"})
    host.press(*steps.NEXT_CHECK, status=422)
    expect(host.page.locator(".findings.refusal")).to_contain_text("第三十七条")
    host.fill(representatives="yes")
    host.press(*steps.NEXT_CHECK)
    host.press("提交方案", "Make the plan")
    host.sees("开标后进行", "follows after the opening")


def an_interest_is_declared(expert: Visitor, avoided: str) -> None:
    """In a bidder whose code is mistyped first."""
    expert.go("/account/expertise/")
    expert.fill(organisation=avoided[:-2], reason="曾在该单位任职。")
    expert.press("申报回避", "Declare", status=422)
    assert expert.value("reason") == "曾在该单位任职。"
    expert.fill(organisation=avoided)
    expert.press("申报回避", "Declare")
    expert.sees(avoided, avoided)


def draw_is_held(lot: str, centre: Visitor) -> None:
    """After the opening, by the secret that was fixed before; who has an interest is left out."""
    centre.go(f"/hall/lots/{lot}/open/")
    centre.press("开标", "Open the bids")
    centre.go(f"/hall/lots/{lot}/experts/")
    centre.press("抽取专家", "Draw the experts")
    centre.press("抽取", "Draw")
    centre.sees("抽取时公布的秘密值", "Secret told at the draw")
    centre.sees("已申报对有关单位回避：1 名", "declared an interest in an organisation that takes part: 1")


def seats_of_experts(visitor: Visitor) -> dict[str, str]:
    """Whom one may enter as among the experts: the seat of each by name."""
    visitor.go("/account/enter-as/")
    lines: list[tuple[str, str]] = visitor.page.locator('button[name="as"][value$=":expert"]').evaluate_all(
        "all => all.map(each => [each.closest('li').querySelector('strong').innerText, each.value])"
    )
    return dict(lines)


def names_called(lot: str, centre: Visitor) -> list[str]:
    """Who was called and has not answered."""
    centre.go(f"/hall/lots/{lot}/experts/")
    cells = centre.page.locator("main tr", has=centre.page.locator(".tag.amber")).locator("td:nth-child(3)")
    return [each.strip() for each in cells.all_inner_texts()]


def answers_the_call(expert: Visitor, seat: str) -> None:
    """The person of ``seat`` comes, is told, and reads who takes part."""
    expert.enter_as(seat)
    expert.press("答复评标通知", "Answer the call to an evaluation")
    expert.sees("招标人", "Tenderee")


def one_declines_and_one_is_not_reached(
    lot: str, centre: Visitor, expert: Visitor, seats: dict[str, str]
) -> None:
    """Each says or is told why, and the next in the order is called in their place."""
    called = names_called(lot, centre)
    assert len(called) == len(set(called)) == 4
    answers_the_call(expert, seats[called[0]])
    expert.fill(answer="no", note=WHY_NOT)
    expert.press("提交答复", "Send my answer", status=422)
    expert.sees_refusal("why", "请选择原因", "Say why")
    assert expert.value("note") == WHY_NOT
    expert.fill(why="time")
    expert.press("提交答复", "Send my answer")
    after = names_called(lot, centre)
    assert called[0] not in after
    assert len(after) == 4
    centre.sees(WHY_NOT, WHY_NOT)
    centre.follow('main a[href$="/unreached/"]')
    centre.press(*steps.NEXT_CHECK, status=422)
    centre.fill(note=TRIED)
    centre.press(*steps.NEXT_CHECK)
    centre.press("确认，通知下一名", "Confirm and call the next")
    centre.sees(TRIED, TRIED)
    assert len(names_called(lot, centre)) == 4


def committee_is_seated(lot: str, centre: Visitor) -> None:
    """Everybody who was called has accepted; the representative was named."""
    centre.go(f"/hall/lots/{lot}/")
    centre.press("组成评标委员会", "Form the evaluation committee")
    centre.press("组成评标委员会", "Form the committee")
    centre.sees("评标委员会的进度", "Progress of the committee")
    assert centre.page.locator("main tbody tr").count() == 5


def one_falls_ill_and_the_next_follows(
    lot: str, centre: Visitor, expert: Visitor, seats: dict[str, str]
) -> None:
    """The next in the order accepts and takes the place."""
    centre.follow('main a[href$="/committee/1/replace/"]')
    centre.follow('main a[href$="/committee/1/substitute/"]')
    centre.fill(why="health")
    centre.press(*steps.NEXT_CHECK)
    centre.press("通知下一名", "Call the next")
    (name,) = names_called(lot, centre)
    answers_the_call(expert, seats[name])
    expert.fill(answer="yes")
    expert.press("提交答复", "Send my answer")
    centre.go(f"/hall/lots/{lot}/committee/1/replace/")
    centre.fill(why="health", person=seats[name].partition(":")[0])
    centre.press(*steps.NEXT_CHECK)
    centre.press("更换", "Replace")
    centre.sees(name, name)


def draw_is_public_without_names(lot: str, reader: Visitor, names: list[str]) -> None:
    """Until the award everybody may know how many of which field are drawn, nobody who came."""
    reader.go(f"/projects/{lot[:17]}/")
    reader.sees("专家抽取方案", "Draw of experts planned")
    text = reader.page.locator("main").text_content() or ""
    assert [each for each in names if each in text] == []
