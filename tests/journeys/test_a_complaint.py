"""A bidder complains to the supervisor: the tender stands still, the complaint is upheld, and the tender goes on."""

from __future__ import annotations

from datetime import date

import pytest

from tests.journeys import steps
from tests.journeys.city import City
from tests.journeys.conftest import EVERY_LOOK, Enter
from tests.journeys.visitor import Visitor
from yiwang.site.simulation.papers import pdf

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

PRICES = ("10900000", "10500000.50", "11800000")
OBJECTED = "资格条件要求本市业绩，排斥外地企业。"
ANSWERED = "资格条件与项目规模相适应，予以维持。"
FACTS = "招标文件把本市业绩作为资格条件，异议答复未予纠正。"
DEMANDED = "责令改正资格条件。"
NEEDED = "查清之前不宜开标。"
QUESTION = "请说明本市业绩要求的依据。"
EXPLAINED = "该项要求系沿用以往文件，无法定依据。"
FOUND = "本市业绩要求没有依据，投诉成立；本次投标人均未因此被限制，开标后按其余资格条件评审。"
DONE = "评标时不以本市业绩作为资格条件，已书面告知评标委员会。"
UPHELD = ("投诉成立", "upheld")


@EVERY_LOOK
def test_a_complaint_suspends_the_tender_is_upheld_and_stays_unknown_to_all_others(
    city: City, enter: Enter
) -> None:
    host, second, centre = (
        enter("tenderee", 4, mouse=True),
        enter("tenderee", 5),
        enter("centre", 0, mouse=True),
    )
    lot, deadline = steps.announce(host, second, centre, "甘谷县实验小学扩建工程")
    bidders = [enter("bidder", number, mouse=True) for number in (4, 5)] + [enter("bidder", 6)]
    for bidder, price in zip(bidders, PRICES, strict=True):
        steps.bid(bidder, lot, price)
    complainant, other, body = bidders[2], bidders[0], enter("supervisor", 0)
    objection_is_answered(lot, complainant, host)
    steps.move_clock(centre, steps.later(deadline, minutes=1))
    complaint = complaint_is_made(lot, complainant, city.people["supervisor"][0].split(":")[1])
    nobody_knows(lot, complaint, (host, other, enter("supervisor", 2), centre))
    centre.press("开标", "Open the bids")
    complaint_is_accepted_and_suspended_for(complaint, body)
    tender_stands_still(lot, centre)
    respondent_explains(complaint, body, host)
    complaint_is_upheld(complaint, body, complainant, host)
    nobody_knows(lot, complaint, (other, centre))
    correction_is_carried_out(complaint, host, body)
    tender_goes_on(lot, complaint, body, centre)


def objection_is_answered(lot: str, objector: Visitor, host: Visitor) -> None:
    """What a complaint about the documents has to begin with (招标条例 60)."""
    objector.go(f"/hall/lots/{lot}/")
    objector.press("对招标文件提出异议", "Object to the documents")
    objector.fill(text=OBJECTED)
    objector.press(*steps.NEXT_CHECK)
    objector.press("提出异议", "Object")
    host.go(f"/hall/lots/{lot}/")
    host.press("答复异议", "Answer an objection")
    host.fill(text=ANSWERED, amends="no")
    host.press(*steps.NEXT_CHECK)
    host.press("送达答复", "Deliver the answer")


def complaint_is_made(lot: str, complainant: Visitor, body: str) -> str:
    """To one of two bodies; without proof it is none, and nothing typed is lost. The code of the complaint."""
    complainant.go(f"/hall/lots/{lot}/")
    complainant.press("向行政监督部门投诉", "Complain to the supervisor")
    known_on = date.fromisoformat(complainant.page.locator("[data-now]").first.get_attribute("data-now")[:10])
    complainant.fill(
        matter="documents", authority=body, learnt_on=known_on.isoformat(), text=FACTS, request=DEMANDED
    )
    complainant.press(*steps.NEXT_CHECK, status=422)
    complainant.sees_refusal("papers", "第六十条", "第六十条")
    assert complainant.value("text") == FACTS
    complainant.attach("papers", "异议答复.pdf", pdf("异议答复"))
    complainant.press(*steps.NEXT_CHECK)
    complainant.press("提出投诉", "Complain")
    complainant.sees(FACTS, FACTS)
    return complainant.code()


def nobody_knows(lot: str, complaint: str, others: tuple[Visitor, ...]) -> None:
    """Neither the complaint's own page nor the tender's betrays it."""
    for each in others:
        each.go(f"/hall/complaints/{complaint}/", status=403 if each is others[-1] else 404)
        each.go(f"/hall/lots/{lot}/")
        text = each.page.locator("main").inner_text()
        assert complaint not in text
        assert FACTS not in text


def complaint_is_accepted_and_suspended_for(complaint: str, body: Visitor) -> None:
    body.go("/hall/todos/")
    body.follow(f'main a[href$="/hall/complaints/{complaint}/"]')
    body.sees(FACTS, FACTS)
    body.press("受理投诉", "Accept the complaint")
    body.press("确认办理", "Do it")
    body.press("责令暂停招标投标活动", "Order a suspension")
    body.press(*steps.NEXT_CHECK, status=422)
    body.sees_refusal("reason", "请填写这一项", "Fill in this field")
    body.fill(reason=NEEDED)
    body.press(*steps.NEXT_CHECK)
    body.press("确认办理", "Do it")
    body.sees("已责令暂停招标", "tender suspended by order")


def tender_stands_still(lot: str, centre: Visitor) -> None:
    """Who had the page of the opening before him is refused with the article; the lot's page says it too."""
    centre.press("开标", "Open the bids", status=422)
    centre.sees("第六十二条", "第六十二条")
    assert centre.stage(lot) == "closed"
    centre.sees("责令暂停", "Suspended by order")
    centre.sees("第 1 日", "day 1")
    assert NEEDED not in centre.page.locator("main").inner_text()


def respondent_explains(complaint: str, body: Visitor, host: Visitor) -> None:
    """Who is asked reads facts and request, never who complained or the proof."""
    body.go(f"/hall/complaints/{complaint}/")
    body.press("要求被投诉人说明", "Ask the respondent")
    body.fill(text=QUESTION)
    body.press(*steps.NEXT_CHECK)
    body.press("确认办理", "Do it")
    host.go("/hall/todos/")
    host.follow(f'main a[href$="/hall/complaints/{complaint}/answer/"]')
    host.sees(QUESTION, QUESTION)
    host.sees(FACTS, FACTS)
    assert "异议答复.pdf" not in host.page.locator("main").inner_text()
    host.fill(text=EXPLAINED)
    host.press(*steps.NEXT_CHECK)
    host.press("确认办理", "Do it")
    body.go(f"/hall/complaints/{complaint}/")
    body.sees(EXPLAINED, EXPLAINED)


def complaint_is_upheld(complaint: str, body: Visitor, complainant: Visitor, host: Visitor) -> None:
    """The decision is read by both sides; the suspension stands until what was found is mended."""
    body.press("作出处理决定", "Decide the complaint")
    body.fill(outcome="upheld", reason=FOUND)
    body.press(*steps.NEXT_CHECK, status=422)
    body.sees_refusal("correction", "责令招标人如何改正", "has to correct")
    body.fill(correction="other", keeps="yes")
    body.press(*steps.NEXT_CHECK)
    body.press("确认办理", "Do it")
    for each in (complainant, host):
        each.go("/hall/messages/")
        each.sees("投诉处理决定已作出", "A complaint has been decided")
        each.go(f"/hall/complaints/{complaint}/")
        each.sees(*UPHELD)
        each.sees(FOUND, FOUND)


def correction_is_carried_out(complaint: str, host: Visitor, body: Visitor) -> None:
    """What is ordered is a to-do of the tenderee until it says how it was done; the body is told."""
    host.go("/hall/todos/")
    host.sees("执行投诉处理决定", "Carry out the decision on a complaint")
    host.follow(f'main a[href$="/hall/complaints/{complaint}/"]')
    host.press("说明如何执行处理决定", "State how the decision was carried out")
    host.fill(text=DONE)
    host.press(*steps.NEXT_CHECK)
    host.press("确认办理", "Do it")
    host.sees("已执行", "carried out")
    host.go("/hall/todos/")
    assert complaint not in host.page.locator("main").inner_html()
    body.go("/hall/messages/")
    body.sees("处理决定已执行", "was carried out")
    body.go(f"/hall/complaints/{complaint}/")
    body.sees(DONE, DONE)


def tender_goes_on(lot: str, complaint: str, body: Visitor, centre: Visitor) -> None:
    body.go(f"/hall/complaints/{complaint}/")
    body.press("恢复招标投标活动", "Let the tender go on")
    body.press("确认办理", "Do it")
    centre.go(f"/hall/lots/{lot}/")
    centre.press("开标", "Open the bids")
    centre.press("开标", "Open the bids")
    centre.sees("10,900,000.00", "10,900,000.00")
