"""A tender from its registration to its archive, the lawful way, refused wherever the law refuses."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.journeys import steps
from tests.journeys.city import City
from tests.journeys.conftest import Enter
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1200)]

PHONE = {"english": True, "width": 390, "mouse": True}
UNDECIDED = "main .task-go .button:not(.quiet)"
PRICES = ("11000000", "10500000.50", "11800000")


def test_a_tender_goes_from_registration_to_archive(enter: Enter) -> None:
    host, second, centre = enter("tenderee", 0), enter("tenderee", 1), enter("centre", 0)
    lot = steps.register(host, "秦州区育才中学教学楼新建工程")
    deadline = announced(lot, host, second, centre)
    bidders = [enter("bidder", number) for number in range(4)]
    bids_come_in(lot, deadline, bidders, centre)
    bids_are_opened_and_evaluated(lot, centre)
    until_on = shortlist_is_published(lot, host, second, centre)
    award_is_decided(lot, until_on, host, bidders, centre)
    contract_is_entered_and_archived(lot, host, second, centre)


def announced(lot: str, host: Visitor, second: Visitor, centre: Visitor) -> str:
    """The notice: refused a day short, corrected, confirmed by another, checked, published. The deadline."""
    steps.write_terms(host, lot)
    lawful = host.value("deadline_at")
    earliest = date.fromisoformat(host.value("documents_from_at")[:10]) + timedelta(days=20)
    host.fill(deadline_at=f"{earliest - timedelta(days=1)}T09:30")
    host.press("下一步：预览公告", "Next: preview the notice", status=422)
    host.sees_refusal(
        "deadline_at", "招标投标法》第二十四条", "招标投标法》第二十四条"
    )  # titles of statutes are never translated
    host.sees("招标文件.pdf", "招标文件.pdf")  # what was typed and uploaded is still there
    host.fill(deadline_at=lawful)
    notice = steps.hand_in_draft(host)
    host.sees("须由招标人的另一位人员确认", "another person")
    host.go(f"/hall/notices/{notice}/confirm/")
    host.press("下一步：核对正文", "Next: check the text", status=422)
    host.sees("D01", "D01")
    publish_at = steps.publish(second, centre, notice)
    appears(host, notice, publish_at)
    assert host.stage(lot) == "bidding"
    return lawful


def appears(reader: Visitor, notice: str, publish_at: str) -> None:
    """The notice stands on the public site, and the front page leads to it."""
    reader.awaits(f"/notices/{notice}/", notice)
    reader.sees(publish_at.replace("T", " "), publish_at.replace("T", " "))
    reader.go("/")
    assert reader.page.locator(f'a[href$="/notices/{notice}/"]').count() > 0


def bids_come_in(lot: str, deadline: str, bidders: list[Visitor], centre: Visitor) -> None:
    """Three bid, one of them twice; a fourth has everything ready and presses the button too late."""
    for bidder, price in zip(bidders, PRICES, strict=False):
        steps.bid(bidder, lot, price)
    replacing = bidders[0]
    replacing.press("我的投标", "My bid")
    replacing.press("替换", "Replace")
    steps.write_bid(replacing, "10900000")
    replacing.press("确认递交", "Hand it in")
    assert (
        replacing.page.locator("dt", has_text=replacing.says("第几次递交", "Submission"))
        .locator("+ dd")
        .inner_text()
        == "2"
    )
    late = bidders[3]
    steps.take_documents(late, lot)
    late.press("递交投标文件", "Hand in a bid")
    steps.write_bid(late, "9000000")
    steps.move_clock(centre, steps.later(deadline, minutes=1))
    late.press("确认递交", "Hand it in", status=422)
    late.sees("依法拒收", "must be refused")
    late.sees("第二十八条", "art. 28")


def bids_are_opened_and_evaluated(lot: str, centre: Visitor) -> None:
    """Opening, a committee of four refused and of five taken, two bids valid, one rejected, the report."""
    bids_are_opened_and_a_committee_entered(lot, centre)
    bids_are_evaluated(lot, centre)


def bids_are_opened_and_a_committee_entered(lot: str, centre: Visitor) -> None:
    """A committee on paper: four members are refused, five are taken."""
    assert centre.stage(lot) == "closed"
    centre.press("开标", "Open the bids")
    centre.press("开标", "Open the bids")
    centre.sees("10,900,000.00", "10,900,000.00")
    centre.go(f"/hall/lots/{lot}/")
    centre.press("录入评标委员会", "Enter the evaluation committee")
    kinds = ("technical", "technical", "economic", "technical", "representative")
    for number, kind in enumerate(kinds[:4]):
        centre.fill(**{f"members-{number}-name": f"专家{number + 1}", f"members-{number}-kind": kind})
    centre.fill(pool="甘肃省综合评标专家库", record="2026-0316")
    centre.press(*steps.NEXT_CHECK, status=422)
    centre.sees("第三十七条", "art. 37")
    centre.fill(**{"members-4-name": "专家5", "members-4-kind": kinds[4]})
    centre.press(*steps.NEXT_CHECK)
    centre.press("确认录入", "Enter it")


def bids_are_evaluated(lot: str, centre: Visitor) -> None:
    for _ in PRICES[:2]:
        centre.follow(UNDECIDED)
        centre.fill(decision="valid")
        centre.press("记录评审结论", "Record the decision")
    centre.follow(UNDECIDED)
    ground = centre.page.locator('[name="ground"] option').nth(1).get_attribute("value")
    centre.fill(decision="rejected", ground=ground or "", reason="工期承诺与招标文件不符。")
    centre.press("记录评审结论", "Record the decision")
    centre.press("提交评标报告", "Hand in the report")
    centre.press(*steps.NEXT_CHECK)
    centre.press("提交评标报告", "Hand in the report")
    assert centre.stage(lot) == "reported"


def shortlist_is_published(lot: str, host: Visitor, second: Visitor, centre: Visitor) -> str:
    """Publicity: refused a day short, then published. Its last day."""
    host.go(f"/hall/lots/{lot}/")
    host.press("编制中标候选人公示", "Draft the publicity of the shortlisted bidders")
    until_on = host.value("publicity_until_on")
    host.fill(publicity_until_on=str(date.fromisoformat(host.value("publish_at")[:10]) + timedelta(days=2)))
    host.press("下一步：预览公示", "Next: preview", status=422)
    host.sees_refusal(
        "publicity_until_on", "第五十四条", "第五十四条"
    )  # titles of statutes are not translated
    host.fill(publicity_until_on=until_on)
    notice = steps.hand_in_draft(host)
    appears(host, notice, steps.publish(second, centre, notice))
    return until_on


def award_is_decided(lot: str, until_on: str, host: Visitor, bidders: list[Visitor], centre: Visitor) -> None:
    """The first in rank gets the letter, the others are told."""
    steps.move_clock(centre, f"{date.fromisoformat(until_on) + timedelta(days=1)}T09:00")
    assert host.stage(lot) == "publicity-ended"
    host.press("定标并发出中标通知书", "Decide the award and send the letter")
    host.press("下一步：核对中标通知书", "Next: check the letter")
    host.press("定标并发出", "Decide and send")
    assert host.stage(lot) == "awarded"
    winner, loser = bidders[1], bidders[0]
    winner.awaits(f"/hall/lots/{lot}/letter/", "中标通知书")
    loser.awaits("/hall/messages/", "未中标")


def contract_is_entered_and_archived(lot: str, host: Visitor, second: Visitor, centre: Visitor) -> None:
    host.go(f"/hall/lots/{lot}/result-notice/")
    host.follow("main form.ask .button")
    notice = host.code()
    appears(host, notice, steps.publish(second, centre, notice))
    host.go(f"/hall/lots/{lot}/contract/")
    host.fill(number="HT-2026-01", bond="1000000")
    host.press(*steps.NEXT_CHECK)
    host.press("登记合同", "Enter the contract")
    centre.go(f"/hall/lots/{lot}/")
    centre.press("归档", "Archive")
    centre.press("归档", "Archive")
    assert centre.stage(lot) == "archived"


def test_the_same_tender_on_a_phone_in_english_until_a_bid_minutes_before_the_deadline(enter: Enter) -> None:
    host, second = enter("tenderee", 2, **PHONE), enter("tenderee", 3, **PHONE)
    centre, bidder = enter("centre", 0, **PHONE), enter("bidder", 4, **PHONE)
    lot = steps.register(host, "麦积区第二小学教学楼新建工程")
    deadline = announced(lot, host, second, centre)
    listed_as_cards(bidder)
    steps.take_documents(bidder, lot)
    steps.move_clock(centre, steps.later(deadline, minutes=-5))
    bidder.go(f"/hall/lots/{lot}/")
    bidder.press("递交投标文件", "Hand in a bid")
    assert "min" in bidder.page.locator(".big-deadline .deadline-left").inner_text()
    steps.write_bid(bidder, "10800000")
    bidder.press("确认递交", "Hand it in")
    bidder.sees("投标文件递交回执", "Receipt of a bid")
    bidder.sees(steps.later(deadline, minutes=-5).replace("T", " "), deadline[:10])


def listed_as_cards(bidder: Visitor) -> None:
    """The list of lots on a phone: every cell says what it is, and the heads of the columns are not seen."""
    bidder.go("/hall/lots/")
    cell = bidder.page.locator("table.cards tbody td").first
    assert cell.evaluate("each => getComputedStyle(each, '::before').content") != "none"
    assert cell.evaluate("each => getComputedStyle(each.parentElement).display") != "table-row"


def test_the_prepared_lot_is_read_by_the_supervisor(city: City, enter: Enter) -> None:
    supervisor = enter("supervisor")
    supervisor.go("/hall/lots/")
    supervisor.go(f"/hall/lots/{city.lot}/")
    with supervisor.page.expect_download() as coming:
        supervisor.page.get_by_role("link", name="导出 Excel").click()
    assert coming.value.path().read_bytes().startswith(b"PK")
