"""The review of applications: votes of a committee online, a limited number, consortia; who has to do what."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.trading.prequalifying import apply, applying, decide
from tests.trading.sitting import register_experts
from tests.trading.world import ELSEWHERE
from yiwang.business.trading import api as trading
from yiwang.pure.kernel.findings import Refused
from yiwang.site.simulation.papers import stored_pdf

RULES_TESTED = ("W16", "W17", "W-consortium", "W-prequalification-committee", "H-prequalification-method")

pytestmark = pytest.mark.django_db


def refused(verb) -> set[str]:
    with pytest.raises(Refused) as caught:
        verb()
    return {each.rule for each in caught.value.findings}


def seated(town, experts) -> None:
    members = [trading.MemberFacts(name="", kind="", person=each.person) for each in experts]
    trading.enter_review_committee(town.staff.opener, town.lot, members, town.now, ELSEWHERE)


def steps(town, actor) -> list[tuple[str, bool]]:
    return [(each.step, each.waiting is not None) for each in trading.todos(actor, town.now)]


def test_members_vote_the_majority_decides_and_nobody_enters_it_for_them():
    town = applying()
    codes = apply(town, (0, 1, 2))
    town.close()
    experts = register_experts(town, 6)
    assert ("enter-review-committee", False) in steps(town, town.staff.opener)
    assert ("notify-results", True) in steps(town, town.hosts[0])
    seated(town, experts[:5])
    assert refused(
        lambda: trading.decide_application(town.staff.opener, codes[0], True, "", None, town.now)
    ) == {"review-by-votes"}
    assert refused(lambda: trading.review_application(experts[5], codes[0], True, "", None, town.now)) == {
        "not-reviewer"
    }
    assert ("review", False) in steps(town, experts[0])
    assert refused(lambda: trading.review_application(experts[0], codes[0], False, "", None, town.now)) == {
        "review-reason-missing"
    }
    trading.review_application(experts[0], codes[0], False, "没有类似业绩。", None, town.now)
    assert refused(lambda: trading.review_application(experts[0], codes[0], True, "", None, town.now)) == {
        "voted-already"
    }
    trading.review_application(experts[1], codes[0], True, "", None, town.now)
    trading.review_application(experts[2], codes[0], False, "没有类似业绩。", None, town.now)
    lot = trading.find_lot(town.lot)
    assert trading.applications_of(town.hosts[0], lot)[0].passed is None
    trading.review_application(experts[3], codes[0], False, "业绩证明过期。", None, town.now)
    (first, *_) = trading.applications_of(town.hosts[0], lot)
    assert (first.passed, first.reasons) == (False, "没有类似业绩。；业绩证明过期。")
    for code in codes[1:]:
        for each in experts[:3]:
            trading.review_application(each, code, True, "", None, town.now)
    assert ("notify-results", False) in steps(town, town.hosts[0])
    assert trading.notify_results(town.hosts[0], town.lot, town.now).stage == "failed"


def test_of_a_limited_number_the_best_pass_and_equal_points_pass_together():
    town = applying(method="limited", most=3)
    codes = apply(town, (0, 1, 2, 3, 4))
    town.close()
    experts = register_experts(town, 5)
    seated(town, experts)
    given = {0: "90", 1: "80.5", 2: "80.5", 3: "70", 4: "95"}
    assert refused(lambda: trading.review_application(experts[0], codes[0], True, "", None, town.now)) == {
        "review-points-missing"
    }
    assert refused(
        lambda: trading.review_application(experts[0], codes[0], True, "", Decimal("100.01"), town.now)
    ) == {"review-points-range"}
    for number, code in enumerate(codes):
        for each in experts:
            trading.review_application(each, code, True, "", Decimal(given[number]), town.now)
    trading.notify_results(town.hosts[0], town.lot, town.now)
    lines = trading.applications_of(town.hosts[0], trading.find_lot(town.lot))
    passed = {each.applicant for each in lines if each.passed}
    assert passed == {town.bidders[n].organisation for n in (0, 1, 2, 4)}
    assert "未进入得分最高的 3 名" in lines[3].reasons


def test_a_consortium_is_formed_before_it_applies_and_its_members_cannot_bid_or_sit():
    town = applying()
    lead, partner = town.bidders[0], town.bidders[4]
    trading.take_documents(lead, town.lot, town.now)
    paper, members = [stored_pdf("申请")], [(partner.organisation, "第五建筑工程有限公司")]
    assert refused(
        lambda: trading.submit_application(
            lead, town.lot, paper, town.now, members=[*members, (lead.organisation, "本单位"), ("123", "无")]
        )
    ) == {"member-twice", "member-code"}
    code = trading.submit_application(lead, town.lot, paper, town.now, members=members).code
    codes = [code, *apply(town, (1, 2))]
    town.close()
    conflicted = [
        *town.committee()[:4],
        trading.MemberFacts(name="有关人", kind="technical", employer_code=partner.organisation),
    ]
    assert "W17-conflict" in refused(
        lambda: trading.enter_review_committee(town.staff.opener, town.lot, conflicted, town.now, ELSEWHERE)
    )
    decide(town, codes, (True, True, True))
    trading.notify_results(town.hosts[0], town.lot, town.now)
    town.announce()
    assert refused(lambda: trading.take_documents(partner, town.lot, town.now)) == {"not-prequalified"}
    assert trading.take_documents(lead, town.lot, town.now)


def test_where_the_notice_accepts_no_consortium_none_applies():
    town = applying(consortium_allowed=False)
    members = [(town.bidders[4].organisation, "第五建筑工程有限公司")]
    assert refused(
        lambda: trading.submit_application(
            town.bidders[0], town.lot, [stored_pdf("申请")], town.now, members=members
        )
    ) == {"consortium-not-accepted"}


def test_the_archive_has_applications_and_result_notices_for_who_may_read_them():
    town = applying()
    codes = apply(town, (0, 1, 2))
    project = town.lot[:17]

    def names(reader) -> set[str]:
        whole = trading.export_archive(reader, project, town.now, "zh-hans")
        return {each.path.rsplit("/", 1)[-1] for each in whole.members if "02a-资格预审" in each.path}

    assert stored_pdf("资格预审申请0")[1] not in names(town.hosts[0])
    assert stored_pdf("资格预审文件")[1] in names(town.hosts[0])
    town.close()
    decide(town, codes, (True, True, True))
    trading.notify_results(town.hosts[0], town.lot, town.now)
    found = names(town.hosts[0])
    assert {stored_pdf("资格预审申请0")[1], "资格预审结果通知书.pdf", "资格预审结果通知书.json"} <= found
