"""The review of applications: votes of a committee online, a limited number, consortia; who has to do what."""

from __future__ import annotations

from dataclasses import replace as replaced
from decimal import Decimal

import pytest

from tests.site.test_routes import client_of
from tests.trading.prequalifying import apply, applying, decide
from tests.trading.sitting import register_experts
from tests.trading.world import ELSEWHERE
from yiwang.business.trading import api as trading
from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import advance_rehearsal, timeline
from yiwang.site.simulation.papers import stored_pdf

RULES_TESTED = (
    "W16",
    "W17",
    "W-replaced",
    "W-consortium",
    "W-prequalification-committee",
    "H-prequalification-method",
)

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


def reviewing(size: int = 5, **change: object):
    """Applications before a committee that sits online; one more expert is in the register."""
    town = applying(**change)
    codes = apply(town, (0, 1, 2))
    town.close()
    experts = register_experts(town, size + 1)
    seated(town, experts[:size])
    return town, codes, experts


def found_so_far(town) -> list[bool | None]:
    return [each.passed for each in trading.applications_of(town.hosts[0], trading.find_lot(town.lot))]


def test_who_is_replaced_votes_no_more_and_what_no_majority_of_the_others_carries_is_voted_on_again():
    town, codes, experts = reviewing()
    votes = {codes[0]: (0, 1, 2), codes[1]: (0, 1, 2, 3), codes[2]: (1, 2, 3)}
    for code, members in votes.items():
        for number in members[:3]:
            trading.review_application(experts[number], code, True, "", None, town.now)
    assert found_so_far(town) == [True, True, True]
    centre, lot = town.staff.opener, town.lot

    def replace(why="conflict", person=experts[5].person, number=1, elsewhere=ELSEWHERE):
        return trading.replace_reviewer(centre, lot, number, why, person, town.now, elsewhere)

    assert refused(lambda: replace("as one likes")) == {"W-replaced"}
    assert refused(lambda: replace(elsewhere=None)) == {"W-draw"}
    assert refused(lambda: replace(number=9)) == {"no-such-member"}
    assert refused(
        lambda: trading.replace_reviewer(town.hosts[0], lot, 1, "health", experts[5].person, town.now)
    ) == {"no-permission"}
    seat = replace()
    assert (seat.number, seat.replaces) == (6, 1)
    assert found_so_far(town) == [None, None, True], "two of five carry nothing; three of the others do"
    assert refused(lambda: trading.review_application(experts[0], codes[0], True, "", None, town.now)) == {
        "not-reviewer"
    }
    assert ("review", False) in steps(town, experts[5])
    assert ("review", False) not in steps(town, experts[0])
    assert trading.lots_for(experts[0]).filter(code=lot).count() == 0, "who left sees the lot no more"
    trading.review_application(experts[5], codes[0], True, "", None, town.now)
    trading.review_application(experts[5], codes[1], False, "没有类似业绩。", None, town.now)
    assert found_so_far(town) == [True, None, True]
    trading.review_application(experts[3], codes[1], True, "", None, town.now)
    assert trading.notify_results(town.hosts[0], lot, town.now).stage == "prequalified"
    assert refused(lambda: replace(person=experts[0].person, number=2)) >= {"wrong-stage"}
    kinds = [each.kind for each in timeline(trading.find_lot(lot).ref, public_only=False)]
    assert kinds.count("reviewer-replaced") == 1
    assert "reviewer-replaced" not in [each.kind for each in timeline(trading.find_lot(lot).ref)], (
        "names and number of the committee stay secret until the award"
    )


def test_where_points_are_a_mean_of_all_members_every_application_waits_for_the_new_one():
    town, codes, experts = reviewing(method="limited", most=3)
    for code in codes:
        for each in experts[:5]:
            trading.review_application(each, code, True, "", Decimal(80), town.now)
    assert found_so_far(town) == [True] * 3
    trading.replace_reviewer(town.staff.opener, town.lot, 2, "health", experts[5].person, town.now, ELSEWHERE)
    assert found_so_far(town) == [None] * 3
    trading.review_application(experts[5], codes[0], True, "", Decimal(90), town.now)
    (first, *_) = trading.applications_of(town.hosts[0], trading.find_lot(town.lot))
    assert (first.passed, first.points) == (True, "82.00")


def test_a_reviewer_is_replaced_on_a_page_by_who_was_drawn_too():
    town, _, experts = reviewing()
    advance_rehearsal(town.now, SYSTEM_ACTOR)
    client, path = client_of(town.staff.opener.person), f"/hall/lots/{town.lot}/review-committee/1/replace/"
    assert path in client.get(f"/hall/lots/{town.lot}/applications/").content.decode()
    page = client.get(path).content.decode()
    assert experts[5].person in page
    assert experts[1].person not in page, "who sits already"
    typed = {"why": "absent", "person": experts[5].person}
    assert client.post(path, {**typed, "stage": "preview"}).status_code == 422, "not drawn anywhere"
    typed |= {"pool": ELSEWHERE.pool, "record": ELSEWHERE.record}
    preview = client.post(path, {**typed, "stage": "preview"})
    assert preview.status_code == 200, preview.content.decode()
    assert client.post(path, {**typed, "stage": "confirm"}).status_code == 302
    assert client.get(path).status_code == 404, "replaced already"
    for other in (town.hosts[0], town.bidders[0], experts[5]):
        assert client_of(other.person).get(path).status_code == 403


def test_a_reviewer_on_paper_is_followed_by_another_one_and_what_was_entered_is_entered_anew():
    town = applying()
    codes = apply(town, (0, 1, 2))
    town.close()
    centre, lot = town.staff.opener, town.lot
    trading.enter_review_committee(centre, lot, town.committee(), town.now, ELSEWHERE)
    for each in codes:
        trading.decide_application(centre, each, True, "", None, town.now)
    assert found_so_far(town) == [True] * 3
    new = trading.MemberFacts(name="钱进", kind="technical", employer="某设计院")

    def replace(number=1, on_paper=new, person="", elsewhere=ELSEWHERE):
        return trading.replace_reviewer(centre, lot, number, "health", person, town.now, elsewhere, on_paper)

    assert refused(lambda: replace(on_paper=None)) == {"member-not-on-paper"}
    assert refused(lambda: replace(on_paper=replaced(new, name=" "))) == {"member-not-on-paper"}
    assert refused(lambda: replace(elsewhere=None)) == {"W-draw"}
    bound = replaced(new, employer_code=town.bidders[0].organisation)
    assert refused(lambda: replace(on_paper=bound)) == {"W17-conflict"}, (
        "an employee of an applicant may not review"
    )
    client = client_of(centre.person)
    path = f"/hall/lots/{lot}/review-committee/1/replace/"
    advance_rehearsal(town.now, SYSTEM_ACTOR)
    assert "纸面上审查" in client.get(path).content.decode()
    typed = {"why": "health", "name": "钱进", "employer": "某设计院", "employer_code": ""}
    assert client.post(path, {**typed, "stage": "preview"}).status_code == 422, "not drawn anywhere"
    typed |= {"pool": ELSEWHERE.pool, "record": ELSEWHERE.record}
    assert "钱进" in client.post(path, {**typed, "stage": "preview"}).content.decode()
    assert client.post(path, {**typed, "stage": "confirm"}).status_code == 302
    seat = trading.find_lot(lot).reviewers.get(number=6)
    assert (seat.replaces, seat.name, seat.kind, seat.person) == (1, "钱进", "technical", "")
    assert found_so_far(town) == [None] * 3, "what a committee concluded with who left is void"
    trading.decide_application(centre, codes[0], True, "", None, town.now)
    assert found_so_far(town)[0] is True
    assert client.get(path).status_code == 404, "replaced already"
