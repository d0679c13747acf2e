"""Applicants are reviewed before the tender: a consortium passes, one does not and is told why, and may not bid."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.city import City
from tests.journeys.conftest import EVERY_LOOK, Enter
from tests.journeys.visitor import Visitor
from yiwang.site.simulation.papers import pdf

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

CRITERIA = "一、资质有效；二、近五年类似工程不少于一项。两项均合格的通过。"
ASKED = "类似工程以合同签订还是竣工验收为准？"
ANSWERED = "类似工程以竣工验收为准。"
UNFIT = "近五年没有类似工程，不符合第二项。"
PARTNER = "天水恒信联合建设有限公司"
REVIEWERS, MAJORITY = 5, 3


@EVERY_LOOK
def test_who_passed_is_invited_and_bids_and_who_did_not_pass_is_refused_with_the_reason(
    city: City, enter: Enter
) -> None:
    host, second, centre = enter("tenderee", 0), enter("tenderee", 1), enter("centre", 0)
    lot = steps.register(host, "秦州区体育馆新建工程")
    deadline = prequalification_is_announced(lot, host, second, centre)
    leader, *others = (enter("bidder", number, mouse=number > 2) for number in range(2, 6))
    partner = city.people["bidder"][6].split(":")[1]
    a_consortium_applies(lot, leader, partner)
    for each in others:
        applies(each, lot)
    deadline = documents_are_clarified(lot, leader, host, second, centre, deadline)
    steps.move_clock(centre, steps.later(deadline, minutes=1))
    people = [seat.partition(":")[0] for seat in city.people["expert"][:REVIEWERS]]
    review_committee_is_entered(lot, centre, people)
    applications_are_reviewed(lot, [enter("expert", number, mouse=number > 0) for number in range(MAJORITY)])
    applicants_are_told(lot, host, leader, others[-1])
    only_who_passed_bids(lot, host, second, centre, leader, others[-1])
    host.go(f"/projects/{lot[:17]}/")
    host.sees("资格预审", "prequalification")
    assert PARTNER not in (host.page.locator("main").text_content() or "")


def prequalification_is_announced(lot: str, host: Visitor, second: Visitor, centre: Visitor) -> str:
    """The notice: a day too short is refused at its field, nothing typed is lost. The deadline for applications."""
    host.press("采用资格预审：编制资格预审公告", "With prequalification: draft its notice")
    lawful = host.value("deadline_at")
    earliest = date.fromisoformat(host.value("documents_until_on")) + timedelta(days=5)
    host.fill(qualification="建筑工程施工总承包二级及以上资质。", consortium_allowed="yes", criteria=CRITERIA)
    host.fill(deadline_at=f"{earliest - timedelta(days=1)}T09:30")
    host.attach("papers", "资格预审文件.pdf", pdf("资格预审文件"))
    host.press("下一步：预览公告", "Next: preview the notice", status=422)
    host.sees_refusal("deadline_at", "第十七条", "第十七条")
    host.sees("资格预审文件.pdf", "资格预审文件.pdf")
    assert host.value("criteria") == CRITERIA
    host.fill(deadline_at=lawful)
    notice = steps.hand_in_draft(host)
    steps.publish(second, centre, notice)
    host.awaits(f"/notices/{notice}/", notice)
    assert host.stage(lot) == "applying"
    return lawful


def takes_documents(applicant: Visitor, lot: str) -> None:
    applicant.go(f"/hall/lots/{lot}/documents/")
    applicant.press("获取资格预审文件", "Take the documents")
    applicant.press("递交资格预审申请", "Apply to prequalify")


def applies(applicant: Visitor, lot: str) -> None:
    """Alone, with one paper."""
    takes_documents(applicant, lot)
    applicant.attach("papers", "申请文件.pdf", pdf("资格预审申请文件"))
    applicant.press(*steps.NEXT_CHECK)
    applicant.press("确认递交", "Hand it in")


def a_consortium_applies(lot: str, leader: Visitor, partner: str) -> None:
    """Its member is refused without a name, its papers are asked for, and what was typed stands."""
    takes_documents(leader, lot)
    leader.fill(members=partner)
    leader.attach("papers", "申请文件.pdf", pdf("资格预审申请文件"))
    leader.press(*steps.NEXT_CHECK, status=422)
    leader.sees_refusal("members", "没有写全", "incomplete")
    leader.sees("申请文件.pdf", "申请文件.pdf")
    leader.fill(members=f"{partner}　{PARTNER}")
    leader.press(*steps.NEXT_CHECK)
    leader.sees(PARTNER, PARTNER)
    leader.press("确认递交", "Hand it in")
    leader.sees("我的资格预审申请", "My application")


def documents_are_clarified(
    lot: str, asker: Visitor, host: Visitor, second: Visitor, centre: Visitor, deadline: str
) -> str:
    """A question two days before the deadline: the answer moves it. The new deadline."""
    asker.go(f"/hall/lots/{lot}/ask/")
    asker.fill(text=ASKED)
    asker.press(*steps.NEXT_CHECK)
    asker.follow('main form.ask button[value="confirm"]')
    steps.move_clock(centre, steps.later(deadline, days=-2))
    host.go(f"/hall/lots/{lot}/clarify/")
    host.sees(ASKED, ASKED)
    moved = host.value("deadline_at")
    assert moved > deadline
    host.fill(content=ANSWERED, affects_bids="yes", deadline_at=deadline)
    host.follow('main form.guided button[value="preview"]', status=422)
    host.sees_refusal("deadline_at", "第二十一条", "第二十一条")
    host.fill(deadline_at=moved)
    steps.publish(second, centre, steps.hand_in_draft(host))
    asker.go(f"/hall/lots/{lot}/")
    asker.sees(moved.replace("T", " "), moved.replace("T", " "))
    return moved


def review_committee_is_entered(lot: str, centre: Visitor, people: list[str]) -> None:
    """Nobody saw who applied before the deadline; now five members review."""
    centre.go(f"/hall/lots/{lot}/")
    centre.press("录入资格审查委员会", "Enter the review committee")
    for number, person in enumerate(people[:-1]):
        centre.fill(**{f"members-{number}-person": person})
    centre.fill(pool="甘肃省综合评标专家库", record="2026-0401")
    centre.press(*steps.NEXT_CHECK, status=422)
    expect(centre.page.locator(".findings.refusal")).to_contain_text("第三十七条")
    centre.fill(**{f"members-{REVIEWERS - 1}-person": people[-1]})
    centre.press(*steps.NEXT_CHECK)
    centre.press("确认录入", "Enter it")
    centre.sees(PARTNER, PARTNER)


def applications_are_reviewed(lot: str, reviewers: list[Visitor]) -> None:
    """Three of five decide: all pass but the last, whose reason they have to write."""
    first, *_ = reviewers
    first.go("/hall/")
    first.press("审查资格预审申请", "Review the applications")
    pages = first.page.locator('main a[href$="/review/"]').evaluate_all(
        "all => all.map(each => each.pathname)"
    )
    pages = [each.removeprefix("/en") for each in pages]
    for number, each in enumerate(reviewers):
        for page in pages:
            each.go(page)
            if page != pages[-1]:
                each.fill(passes="yes")
            elif number == 0:
                each.fill(passes="no")
                each.press("提交表决", "Cast my vote", status=422)
                each.sees_refusal("reason", "写明理由", "Say why")
                each.fill(passes="no", reason=UNFIT)
            else:
                each.fill(passes="no", reason=UNFIT)
            each.press("提交表决", "Cast my vote")


def applicants_are_told(lot: str, host: Visitor, passed: Visitor, failed: Visitor) -> None:
    """Every applicant reads its own result, who did not pass with the reason, and gets it as a paper."""
    host.go(f"/hall/lots/{lot}/")
    host.press("发出资格预审结果通知书", "Notify the applicants of the result")
    host.sees(UNFIT, UNFIT)
    host.press("发出通知书", "Send the notices")
    assert host.stage(lot) == "prequalified"
    passed.go(f"/hall/lots/{lot}/apply/mine/")
    passed.sees("通过资格预审", "Passed")
    failed.awaits("/hall/messages/", failed.says("未通过资格预审", "not pass"))
    failed.go(f"/hall/lots/{lot}/apply/mine/")
    failed.sees(UNFIT, UNFIT)
    with failed.page.expect_download() as coming:
        failed.page.locator('main a[href$="/result.pdf"]').click()
    assert coming.value.path().read_bytes().startswith(b"%PDF")


def only_who_passed_bids(
    lot: str, host: Visitor, second: Visitor, centre: Visitor, passed: Visitor, failed: Visitor
) -> None:
    """The invitation; who passed bids as the consortium that applied, who did not is told why there are no documents."""
    steps.write_terms(host, lot, steps.DRAFT_INVITATION)
    steps.publish(second, centre, steps.hand_in_draft(host))
    failed.go(f"/hall/lots/{lot}/documents/")
    failed.sees("贵单位没有通过", "You did not pass")
    expect(failed.page.locator('main form[method="post"]')).to_have_count(0)
    steps.take_documents(passed, lot)
    passed.press("递交投标文件", "Hand in a bid")
    passed.fill(leader_work="土建施工", leader_percent="60")
    steps.fill_sheet(passed, "11000000")
    passed.press(*steps.NEXT_CHECK, status=422)
    passed.sees_refusal("partners-0-work", "请填写这一项", "Fill in this field")
    passed.fill(**{"partners-0-work": "设备安装", "partners-0-percent": "40"})
    passed.attach("papers_agreement", "共同投标协议.pdf", pdf("共同投标协议"))
    passed.press(*steps.NEXT_CHECK)
    passed.press("确认递交", "Hand it in")
    passed.sees("投标文件递交回执", "Receipt of a bid")
