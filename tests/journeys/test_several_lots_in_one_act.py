"""An agency announces two lots in one notice; a bidder bids for both in one act; one correction is for both."""

from __future__ import annotations

import pytest

from tests.journeys import steps
from tests.journeys.city import City
from tests.journeys.conftest import EVERY_LOOK, Enter
from tests.journeys.visitor import Visitor
from yiwang.site.simulation.papers import pdf

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

NAMES = ("施工一标段", "施工二标段")
CORRECTED = "开标地点原为第三开标室，更正为第五开标室。"


@EVERY_LOOK
def test_two_lots_are_announced_corrected_and_bid_for_together(city: City, enter: Enter) -> None:
    host, agency, centre = enter("tenderee", 4), enter("agency", 0), enter("centre", 0)
    project, lots = two_lots_are_registered(host, city.people["agency"][0].split(":")[1])
    notice = one_notice_is_drafted(agency, project, lots)
    steps.publish(host, centre, notice)
    bidder = enter("bidder", 6)
    documents_are_taken_together(bidder, project)
    both_bids_come_in_one_act(bidder, project, lots)
    correction = one_correction_is_drafted(agency, lots, notice)
    steps.publish(host, centre, correction)
    both_lots_show_it_in_public(agency, project, lots, notice, correction)


def two_lots_are_registered(host: Visitor, agency: str) -> tuple[str, list[str]]:
    """A project with a second lot, to be run by an agency; its code and those of the lots."""
    host.go("/hall/projects/new/")
    host.press("再加一个标段", "Add another lot")
    host.fill(name="武山县城区供水管网改造工程", region="620502", funds="市级财政资金", state_funded="yes")
    host.fill(approval="天发改投〔2026〕31号", agency=agency)
    for number, name in enumerate(NAMES):
        host.fill(
            **{
                f"lots-{number}-name": name,
                f"lots-{number}-content": "改造供水管网八公里。",
                f"lots-{number}-estimate": steps.ESTIMATE,
                f"lots-{number}-period_days": "200",
            }
        )
    host.press(*steps.NEXT_CHECK)
    host.press("确认登记", "Register")
    codes = host.page.locator("main ul.lots .code").all_inner_texts()
    assert len(codes) == len(NAMES)
    return host.code(), codes


def one_notice_is_drafted(agency: Visitor, project: str, lots: list[str]) -> str:
    """What is common is typed once; a deposit that is too high is refused at its lot. The code of the notice."""
    agency.go(f"/hall/projects/{project}/")
    agency.press("一并编制招标公告（2个标段）", "One tender notice for 2 lots")
    agency.fill(opening_place="市公共资源交易中心第三开标室", validity_days="90")
    agency.fill(qualification="市政公用工程施工总承包二级及以上资质。")
    for lot, deposit in zip(lots, ("100000", "900000"), strict=True):
        agency.fill(**{f"{lot}-ceiling_fen": steps.ESTIMATE, f"{lot}-deposit_fen": deposit})
    agency.attach("papers", "招标文件.pdf", pdf("招标文件"))
    agency.press("下一步：预览公告", "Next: preview the notice", status=422)
    agency.sees_refusal(f"{lots[1]}-deposit_fen", "第二十六条", "第二十六条")
    agency.sees("招标文件.pdf", "招标文件.pdf")
    agency.fill(**{f"{lots[1]}-deposit_fen": "200000"})
    return steps.hand_in_draft(agency)


def documents_are_taken_together(bidder: Visitor, project: str) -> None:
    bidder.go(f"/hall/projects/{project}/")
    bidder.press("一并获取招标文件（2个标段）", "Take the documents of 2 lots")
    bidder.press("获取所选标段的招标文件", "Take the documents of these lots")


def both_bids_come_in_one_act(bidder: Visitor, project: str, lots: list[str]) -> None:
    """A sheet a lot and papers for all: what one of them lacks keeps both back."""
    bidder.press("一并递交投标文件（2个标段）", "Bid for 2 lots in one go")
    for lot, price in zip(lots, ("11000000", ""), strict=True):
        sheet = {
            "price": price,
            "period_days": "190",
            "deposit": "200000",
            "quality": "合格",
            "manager": "郑永刚",
            "manager_certificate": "甘162000000001",
        }
        bidder.fill(**{f"{lot}-{name}": value for name, value in sheet.items()})
    bidder.attach("papers", "投标文件.pdf", pdf("投标文件"))
    bidder.press(*steps.NEXT_CHECK, status=422)
    bidder.sees_refusal(f"{lots[1]}-price", "请填写这一项", "Fill in this field")
    assert bidder.value(f"{lots[0]}-price") == "11000000"
    bidder.fill(**{f"{lots[1]}-price": "10500000"})
    bidder.press(*steps.NEXT_CHECK)
    bidder.press("确认一并递交", "Hand all of them in")
    bidder.sees("投标文件递交回执（2个标段）", "Receipts of my bids (2 lots)")
    for lot in lots:
        bidder.sees(lot, lot)


def one_correction_is_drafted(agency: Visitor, lots: list[str], notice: str) -> str:
    """From the page of one lot, for the other too. The code of the correction."""
    agency.go(f"/hall/lots/{lots[0]}/")
    agency.press("更正已发布的公告", "Correct a published notice")
    agency.fill(original=notice, others="yes")
    agency.press("下一步：预览", "Next: preview", status=422)
    agency.sees_refusal("content", "请填写这一项", "Fill in this field")
    agency.fill(content=CORRECTED)
    return steps.hand_in_draft(agency)


def both_lots_show_it_in_public(
    reader: Visitor, project: str, lots: list[str], notice: str, correction: str
) -> None:
    reader.awaits(f"/notices/{correction}/", correction)
    reader.sees(CORRECTED, CORRECTED)
    for lot in lots:
        reader.sees(lot, lot)
    reader.go(f"/projects/{project}/")
    for code in (notice, correction):
        assert reader.page.locator(f'main a[href$="/notices/{code}/"]').count() == len(lots)
