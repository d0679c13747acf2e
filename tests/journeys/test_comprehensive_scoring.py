"""A tender that is scored: a coefficient drawn at the opening, five experts, a vote, a dissent, a signed report."""

from __future__ import annotations

import pytest

from tests.journeys import steps
from tests.journeys.city import City
from tests.journeys.conftest import EVERY_LOOK, Enter, Look
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1200)]

PRICES = ("11000000", "10500000.50", "11800000")
DISSENT = "第一名的施工组织设计没有考虑雨季，不同意。"


@EVERY_LOOK
def test_five_experts_score_one_dissents_and_the_signed_report_is_handed_in(
    city: City, enter: Enter, look: Look
) -> None:
    host, second, centre = enter("tenderee", 0), enter("tenderee", 1), enter("centre", 0)
    lot, deadline = announced_by_score(host, second, centre)
    for number, price in enumerate(PRICES):
        steps.bid(enter("bidder", number), lot, price)
    steps.move_clock(centre, steps.later(deadline, minutes=1))
    people = [seat.partition(":")[0] for seat in city.people["expert"][:5]]
    bids_are_opened_and_the_committee_entered(lot, centre, people)
    experts = [enter("expert", number) for number in range(3)]
    experts.append(enter("expert", 3, english=not look.english, width=390))
    experts.append(enter("expert", 4, width=390))
    a_rejection_is_voted_down(lot, experts)
    sheets_are_handed_in(lot, centre, experts)
    report_is_signed_and_handed_in(lot, centre, experts)
    host.go(f"/hall/lots/{lot}/evaluation-report/")
    host.sees(DISSENT, DISSENT)


def announced_by_score(host: Visitor, second: Visitor, centre: Visitor) -> tuple[str, str]:
    """The notice: points that do not add up are refused at their field, then it goes its way. Lot and deadline."""
    lot = steps.register(host, "秦州区育才中学实验楼新建工程")
    steps.write_terms(host, lot)
    deadline = host.value("deadline_at")
    host.keys.open(host.page.locator("details.method > summary"))
    host.keys.open(host.page.locator("details.method-more > summary"))
    host.fill(method="comprehensive-floating", price_full="50", down="0.01、0.02、0.03")
    host.fill(tie="施工组织设计得分高者优先；仍相同的，工期短者优先。")
    host.press("下一步：预览公告", "Next: preview the notice", status=422)
    host.sees_refusal("price_full", "100 分", "100")
    host.fill(price_full="60")
    notice = steps.hand_in_draft(host)
    steps.publish(second, centre, notice)
    host.awaits(f"/notices/{notice}/", "SHA-256")
    return lot, deadline


def bids_are_opened_and_the_committee_entered(lot: str, centre: Visitor, people: list[str]) -> None:
    """What was drawn is in the opening record; the members are chosen from the list."""
    centre.go(f"/hall/lots/{lot}/open/")
    centre.press("开标", "Open the bids")
    centre.sees("开标时公布的秘密值", "Secret told at the opening")
    centre.go(f"/hall/lots/{lot}/committee/")
    for number, person in enumerate(people):
        centre.fill(**{f"members-{number}-person": person})
    centre.fill(pool="甘肃省综合评标专家库", record="2026-0316")
    centre.press(*steps.NEXT_CHECK)
    centre.press("确认录入", "Enter it")
    centre.sees("评标委员会的进度", "Progress of the committee")


def a_rejection_is_voted_down(lot: str, experts: list[Visitor]) -> None:
    """One proposes, on a phone too; three are against, each with a reason."""
    first = experts[0]
    first.go(f"/hall/lots/{lot}/sitting/")
    first.follow('.sitting-acts a[href$="/propose/"]')
    first.fill(ground="not-responsive", reason="工期承诺与招标文件不符。")
    first.press("提交表决", "Put it to the vote")
    for each in experts[2:]:
        each.go(f"/hall/lots/{lot}/sitting/")
        each.follow('a[href*="/votes/"]')
        each.fill(vote="no")
        each.press("提交表决", "Cast my vote", status=422)
        each.sees_refusal("reason", "说明理由", "says why")
        each.fill(vote="no", reason="承诺的工期在招标文件要求之内。")
        each.press("提交表决", "Cast my vote")
    first.go(f"/hall/lots/{lot}/sitting/")
    first.sees("未通过", "failed")


def sheets_are_handed_in(lot: str, centre: Visitor, experts: list[Visitor]) -> None:
    """Kept half filled in, out of bounds refused, handed in; the centre sees who, never what."""
    centre.go(f"/hall/lots/{lot}/evaluation/")
    centre.press("结束初步评审", "End the preliminary review")
    centre.press("结束初步评审", "End the review")
    for number, each in enumerate(experts):
        each.go(f"/hall/lots/{lot}/sitting/")
        each.press("填写评分表", "Fill in my sheet")
        fields = each.page.locator("fieldset.sheet input").evaluate_all("all => all.map(field => field.name)")
        if number == 0:
            each.fill(**{fields[0]: "26"})
            each.press("保存", "Save", status=422)
            each.sees_refusal(fields[0], "10 至 25", "10 to 25")
            each.fill(**{fields[0]: "21.5"})
            each.press("保存", "Save")
            assert each.value(fields[0]) == "21.5"
        points = {"c1": f"{20 + number}", "c2": "8", "c3": "5"}
        each.fill(**{name: points[name.rpartition("-")[2]] for name in fields})
        each.press("下一步：核对并提交", "Next: check and hand in")
        each.press("提交评分表", "Hand in the sheet")
        centre.go(f"/hall/lots/{lot}/evaluation/")
        assert centre.page.locator("main td .tag.green").count() == number + 1
    experts[3].go(f"/hall/lots/{lot}/sitting/")
    experts[3].sees("全部评分", "All scores")


def report_is_signed_and_handed_in(lot: str, centre: Visitor, experts: list[Visitor]) -> None:
    centre.go(f"/hall/lots/{lot}/evaluation/")
    centre.press("编制评标报告", "Draw up the report")
    centre.press(*steps.NEXT_CHECK)
    centre.press("编制并交评委签字", "Draw it up for signing")
    for number, each in enumerate(experts):
        each.go(f"/hall/lots/{lot}/sitting/sign/")
        if number == 4:
            each.fill(how="dissent")
            each.press(*steps.NEXT_CHECK, status=422)
            each.sees_refusal("text", "书面说明", "in writing")
            each.fill(how="dissent", text=DISSENT)
            each.press(*steps.NEXT_CHECK)
            each.press("提交不同意见", "Record my dissent")
        else:
            each.fill(how="signed")
            each.press(*steps.NEXT_CHECK)
            each.press("签字", "Sign")
    centre.go(f"/hall/lots/{lot}/evaluation/")
    centre.press("提交评标报告", "Hand in the report")
    centre.sees(DISSENT, DISSENT)
    centre.press("提交评标报告", "Hand in the report")
    assert centre.stage(lot) == "reported"
