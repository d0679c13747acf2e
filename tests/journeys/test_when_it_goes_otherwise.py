"""An objection that suspends, a clarification that moves the deadline, a member on paper who falls ill, a first in rank that gives up."""

from __future__ import annotations

import pytest

from tests.journeys import steps
from tests.journeys.conftest import EVERY_LOOK, Enter
from tests.journeys.test_a_tender_from_registration_to_contract import (
    UNDECIDED,
    bids_are_evaluated,
    bids_are_opened_and_a_committee_entered,
    bids_are_opened_and_evaluated,
    bids_come_in,
    shortlist_is_published,
)
from yiwang.site.simulation.papers import pdf

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


@EVERY_LOOK
def test_an_objection_suspends_the_tender_until_answer_and_new_deadline(
    enter: Enter,
) -> None:
    host, second, centre = enter("tenderee", 4), enter("tenderee", 5), enter("centre", 0)
    lot, deadline = steps.announce(host, second, centre, "武山县河堤加固工程")
    objector = enter("bidder", 8)
    steps.take_documents(objector, lot)
    objector.go(f"/hall/lots/{lot}/")
    objector.press("对招标文件提出异议", "Object to the documents")
    objector.fill(text="资格条件排斥外地企业。")
    objector.press(*steps.NEXT_CHECK)
    objector.press("提出异议", "Object")
    objector.sees("招标暂停", "suspended")
    steps.move_clock(centre, steps.later(deadline, minutes=1))
    assert centre.stage(lot) == "bidding"
    centre.sees("招标暂停", "suspended")

    host.go(f"/hall/lots/{lot}/")
    host.press("答复异议", "Answer an objection")
    host.fill(text="资格条件与项目规模相适应。", amends="no")
    host.press(*steps.NEXT_CHECK)
    host.sees("现已逾期", "late")
    host.press("送达答复", "Deliver the answer")
    host.press("重新确定投标截止时间", "Set a new deadline")
    host.fill(content="重新确定投标截止时间。", affects_bids="no")
    moved = host.value("deadline_at")
    notice = steps.hand_in_draft(host)
    steps.publish(second, centre, notice)
    objector.go(f"/hall/lots/{lot}/")
    assert objector.says("暂停", "suspended") not in objector.page.locator("main .lot-line").inner_text()
    objector.sees(moved.replace("T", " "), moved.replace("T", " "))
    objector.sees("答复：", "Answer:")


@EVERY_LOOK
def test_a_question_leads_to_an_amendment_that_moves_the_deadline(enter: Enter) -> None:
    host, second, centre = enter("tenderee", 4), enter("tenderee", 5), enter("centre", 0)
    lot, deadline = steps.announce(host, second, centre, "清水县乡村道路工程")
    asker = enter("bidder", 9)
    steps.take_documents(asker, lot)
    asker.go(f"/hall/lots/{lot}/")
    asker.press("就招标文件提问", "Ask about the documents")
    asker.fill(text="清单第三章没有列排水沟，是否包括？")
    asker.press(*steps.NEXT_CHECK)
    asker.follow('main form.ask button[value="confirm"]')
    steps.move_clock(centre, steps.later(deadline, days=-8))
    host.go(f"/hall/lots/{lot}/")
    host.sees("清单第三章没有列排水沟", "清单第三章没有列排水沟")
    host.press("答复提问，澄清招标文件", "Answer the questions, clarify the documents")
    moved = host.value("deadline_at")
    assert moved > deadline
    host.fill(content="清单第三章增列排水沟，投标人按新清单报价。", affects_bids="yes", deadline_at=deadline)
    host.follow('main form.guided button[value="preview"]', status=422)
    host.sees("第二十一条", "art. 21")
    host.fill(deadline_at=moved)
    notice = steps.hand_in_draft(host)
    steps.publish(second, centre, notice)
    asker.go("/hall/messages/")
    asker.sees("投标截止时间已顺延", "the deadline has moved")
    asker.go(f"/hall/lots/{lot}/")
    asker.sees(moved.replace("T", " "), moved.replace("T", " "))
    host.awaits(f"/notices/{notice}/", notice)


@EVERY_LOOK
def test_a_member_on_paper_falls_ill_and_what_was_entered_is_entered_anew(enter: Enter) -> None:
    host, second, centre = enter("tenderee", 4), enter("tenderee", 5), enter("centre", 0)
    lot, deadline = steps.announce(host, second, centre, "甘谷县文化馆改造工程")
    bids_come_in(lot, deadline, [enter("bidder", number) for number in (0, 1, 2, 3)], centre)
    bids_are_opened_and_a_committee_entered(lot, centre)
    undecided = centre.page.locator(UNDECIDED).count()
    centre.follow(UNDECIDED)
    centre.fill(decision="valid")
    centre.press("记录评审结论", "Record the decision")
    assert centre.page.locator(UNDECIDED).count() == undecided - 1
    centre.follow('main a[href$="/committee/1/replace/"]')
    centre.sees("在纸面上评标", "evaluates on paper")
    centre.fill(why="health", name="专家1", employer="天水市建筑设计院")
    centre.press(*steps.NEXT_CHECK, status=422)
    centre.sees_refusal("name", "不能接替本人", "does not follow themselves")
    centre.fill(name="钱进", pool="甘肃省综合评标专家库", record="2026-0317")
    centre.press(*steps.NEXT_CHECK)
    centre.sees("全部作废", "are void for good")
    centre.press("更换", "Replace")
    centre.sees("钱进", "钱进")
    assert centre.page.locator(UNDECIDED).count() == undecided
    bids_are_evaluated(lot, centre)


@EVERY_LOOK
def test_the_first_in_rank_gives_up_and_the_second_is_awarded(enter: Enter) -> None:
    host, second, centre = enter("tenderee", 4), enter("tenderee", 5), enter("centre", 0)
    lot, deadline = steps.announce(host, second, centre, "秦安县集中供热管网工程")
    bidders = [enter("bidder", number) for number in (0, 1, 2, 3)]
    bids_come_in(lot, deadline, bidders, centre)
    bids_are_opened_and_evaluated(lot, centre)
    until_on = shortlist_is_published(lot, host, second, centre)
    steps.move_clock(centre, steps.later(f"{until_on}T09:00", days=1))
    assert host.stage(lot) == "publicity-ended"
    host.press("认定中标候选人不符合中标条件", "Pass over a shortlisted bidder")
    host.fill(ground="gave-up", reason="来函放弃中标。")
    host.press(*steps.NEXT_CHECK, status=422)
    host.sees("证明", "Add the proof")
    host.attach("papers", "放弃函.pdf", pdf("放弃函"))
    host.press(*steps.NEXT_CHECK)
    host.press("认定并公开", "Pass over and publish")
    host.sees("来函放弃中标。", "来函放弃中标。")
    host.go(f"/hall/lots/{lot}/")
    host.press("定标并发出中标通知书", "Decide the award and send the letter")
    host.press("下一步：核对中标通知书", "Next: check the letter")
    host.press("定标并发出", "Decide and send")
    assert host.stage(lot) == "awarded"
    host.sees("放弃中标", "放弃中标")
    host.awaits(f"/projects/{lot[:17]}/", "来函放弃中标。")
