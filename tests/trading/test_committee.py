"""The committee online: its seats, votes, sheets, time, replacement, report; from the verbs to the journal."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.trading.methods import FLOATING
from tests.trading.sitting import (
    PRICES,
    award,
    draw_up,
    hand_in,
    order,
    rows,
    score,
    seats,
    sheet,
    to_sitting,
)
from tests.trading.world import ELSEWHERE, Market, market
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import CommitteeMember, Lot
from yiwang.common.identity import api as identity
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import sequence, timeline
from yiwang.record.journal.models import Opening

RULES_TESTED = (
    "W17",
    "W17-years",
    "W18",
    "W19",
    "W-unclear",
    "W-replaced",
    "W-arithmetic",
    "W-best",
    "W-tie",
)


@pytest.fixture
def town(db) -> Market:
    return market()


def refused(verb) -> set[str]:
    with pytest.raises(Refused) as caught:
        verb()
    return {each.rule for each in caught.value.findings}


def status(town: Market, number: int) -> str:
    return next(row.status for row in rows(town) if row.bidder == town.bidders[number].organisation)


def code(town: Market, number: int) -> str:
    return town.bidders[number].organisation


# --- seats -----------------------------------------------------------------------------------------------


def test_who_scores_has_a_login_and_nobody_sits_twice_or_beside_paper(town):
    experts = to_sitting(town)
    Lot.objects.filter(code=town.lot).update(stage="opened")
    CommitteeMember.objects.all().delete()

    def enter(members) -> set[str]:
        return refused(
            lambda: trading.enter_committee(town.staff.opener, town.lot, members, town.now, ELSEWHERE)
        )

    paper = town.committee()
    assert "committee-online" in enter(paper)
    assert "committee-mixed" in enter([*seats(experts[:4]), paper[4]])
    assert {"committee-twice"} <= enter(seats([*experts[:4], experts[0]]))
    nobody = Actor("P-NOBODY000000", "", "expert")
    assert "expert-not-listed" in enter(seats([*experts[:4], nobody]))
    trading.enter_committee(town.staff.opener, town.lot, seats(experts[:5]), town.now, ELSEWHERE)


def test_an_expert_has_eight_years_in_the_field_and_a_title(town):
    facts = identity.ExpertFacts(
        name="新专家", kind="technical", specialty="造价", title="高级工程师", years=8, employer="", employer_code=""
    )  # fmt: skip

    def register(facts, name) -> None:
        identity.register_expert(town.staff.opener, name, None, facts, at=town.now)

    assert refused(lambda: register(replace(facts, years=7), "new1")) == {"expert-years"}
    assert refused(lambda: register(replace(facts, title=""), "new1")) == {"expert-title"}
    assert refused(lambda: register(replace(facts, kind="judge"), "new1")) >= {"expert-kind"}
    register(facts, "new1")
    register(replace(facts, kind="representative", years=0, title=""), "new2")


def test_only_the_centre_registers_experts_and_an_expert_acts_for_nobody_else(town):
    facts = identity.ExpertFacts(
        name="新专家",
        kind="technical",
        specialty="造价",
        title="高工",
        years=9,
        employer="",
        employer_code="",
    )
    for actor in (town.hosts[0], town.bidders[0], town.operator, town.supervisor):
        assert refused(
            lambda actor=actor: identity.register_expert(actor, "x123", None, facts, at=town.now)
        ) == {"no-permission"}
    person = identity.register_expert(town.staff.opener, "x123", None, facts, at=town.now)
    assert "roles-conflict" in refused(
        lambda: identity.appoint(
            town.operator, person, "centre", organisation=town.operator.organisation, at=town.now
        )
    )
    assert [each.role for each in identity.members(person)] == ["expert"]
    identity.end_expert(town.staff.opener, person, at=town.now)
    assert identity.members(person) == []


def test_w17_an_employee_of_a_bidder_may_not_sit(town):
    experts = to_sitting(town)
    facts = identity.ExpertFacts(
        name="某员工", kind="technical", specialty="造价", title="高工", years=9, employer="",
        employer_code=code(town, 0),
    )  # fmt: skip
    person = identity.register_expert(town.staff.opener, "employee", None, facts, at=town.now)
    assert "W17-conflict" in refused(
        lambda: trading.replace_member(town.staff.opener, town.lot, 1, "health", person, town.now, ELSEWHERE)
    )
    trading.replace_member(town.staff.opener, town.lot, 1, "health", experts[5].person, town.now, ELSEWHERE)


def test_who_does_not_sit_does_nothing_and_sees_no_lot(town):
    experts = to_sitting(town)
    stranger, bidder = experts[5], code(town, 0)
    for verb in (
        lambda: trading.propose_rejection(stranger, town.lot, bidder, "not-qualified", "过期", town.now),
        lambda: trading.ask_bidder(stranger, town.lot, bidder, "unclear-meaning", "请说明", town.now),
        lambda: trading.save_sheet(stranger, town.lot, {}, town.now),
        lambda: trading.ask_time(stranger, town.lot, town.now),
        lambda: trading.sign_report(stranger, town.lot, town.now),
    ):
        assert refused(verb) == {"not-seated"}
    assert not trading.lots_for(stranger).exists()
    assert [each.code for each in trading.lots_for(experts[0])] == [town.lot]


# --- rejection by vote -----------------------------------------------------------------------------------


def test_a_rejection_is_carried_by_more_than_half_of_all_members_and_not_before(town):
    experts = to_sitting(town)
    motion = trading.propose_rejection(
        experts[0], town.lot, code(town, 2), "not-responsive", "工期超出招标文件要求", town.now
    )
    assert refused(lambda: trading.end_review(town.staff.opener, town.lot, town.now)) == {"motions-open"}
    trading.cast_vote(experts[0], motion.code, True, "", town.now)
    trading.cast_vote(experts[1], motion.code, True, "", town.now)
    assert status(town, 2) == "open"
    assert refused(lambda: trading.cast_vote(experts[1], motion.code, False, "改主意", town.now)) == {
        "voted-already"
    }
    assert refused(lambda: trading.cast_vote(experts[2], motion.code, False, " ", town.now)) == {
        "vote-reason"
    }
    trading.cast_vote(experts[2], motion.code, False, "有补充说明", town.now)
    trading.cast_vote(experts[3], motion.code, True, "", town.now)
    assert status(town, 2) == "rejected"
    assert refused(lambda: trading.cast_vote(experts[4], motion.code, True, "", town.now)) == {
        "motion-decided"
    }
    verb = trading.propose_rejection
    assert refused(lambda: verb(experts[0], town.lot, code(town, 2), "not-qualified", "过期", town.now)) == {
        "bid-rejected"
    }
    trading.end_review(town.staff.opener, town.lot, town.now)
    assert (status(town, 0), status(town, 1)) == ("valid", "valid")


def test_a_motion_fails_as_soon_as_no_majority_can_come(town):
    experts = to_sitting(town)
    motion = trading.propose_rejection(experts[0], town.lot, code(town, 2), "not-qualified", "过期", town.now)
    for each in experts[1:4]:
        trading.cast_vote(each, motion.code, False, "证书有效", town.now)
    assert status(town, 2) == "open"
    trading.end_review(town.staff.opener, town.lot, town.now)
    assert status(town, 2) == "valid"


def test_nobody_enters_decisions_for_a_committee_that_sits_online(town):
    to_sitting(town)
    opener, bidder = town.staff.opener, code(town, 0)
    assert refused(
        lambda: trading.reject_bid(opener, town.lot, bidder, "not-qualified", "过期", town.now)
    ) == {"committee-decides"}
    assert refused(lambda: trading.evaluate_bid(opener, town.lot, bidder, PRICES[0], "", town.now)) == {
        "committee-decides"
    }


@pytest.mark.parametrize(
    ("ground", "reason", "found"), [("mood", "不好", {"W30"}), ("not-qualified", " ", {"reason-missing"})]
)
def test_w30_a_motion_needs_ground_and_reason(town, ground, reason, found):
    experts = to_sitting(town)
    verb = trading.propose_rejection
    assert refused(lambda: verb(experts[0], town.lot, code(town, 0), ground, reason, town.now)) == found
    verb(experts[0], town.lot, code(town, 0), "not-qualified", "过期", town.now)
    assert refused(lambda: verb(experts[1], town.lot, code(town, 0), "not-qualified", "过期", town.now)) == {
        "motion-pending"
    }


# --- inquiries and corrections ---------------------------------------------------------------------------


def test_a_price_is_corrected_after_the_bidder_accepted_it_in_writing_and_the_committee_voted(town):
    experts, lot = to_sitting(town), town.lot
    bidder = town.bidders[0]

    def propose():
        return trading.propose_correction(
            experts[0],
            lot,
            bidder.organisation,
            "unit-price",
            499_000_000,
            "单价乘以数量应为499万元",
            town.now,
        )

    assert refused(propose) == {"correction-unconfirmed"}
    asked = trading.ask_bidder(
        experts[0], lot, bidder.organisation, "arithmetic", "总价应为499万元，是否接受？", town.now
    )
    assert refused(lambda: trading.answer_committee(town.bidders[1], asked.code, "接受", True, town.now)) == {
        "inquiry-not-yours"
    }
    assert refused(lambda: trading.answer_committee(bidder, asked.code, "接受", None, town.now)) == {
        "acceptance-missing"
    }
    trading.answer_committee(bidder, asked.code, "接受修正", True, town.now)
    assert refused(lambda: trading.answer_committee(bidder, asked.code, "不接受", False, town.now)) == {
        "inquiry-answered"
    }
    motion = propose()
    for each in experts[:3]:
        trading.cast_vote(each, motion.code, True, "", town.now)
    row = next(row for row in rows(town) if row.bidder == bidder.organisation)
    assert (row.status, row.price_fen, row.evaluated_fen) == ("valid", 500_000_000, 499_000_000)


@pytest.mark.parametrize("accepted", [False, None])
def test_a_correction_that_was_not_accepted_is_none(town, accepted):
    experts = to_sitting(town)
    bidder = town.bidders[0]
    kind = "arithmetic" if accepted is False else "unclear-meaning"
    asked = trading.ask_bidder(experts[0], town.lot, bidder.organisation, kind, "请说明", town.now)
    trading.answer_committee(bidder, asked.code, "说明", accepted, town.now)
    assert refused(
        lambda: trading.propose_correction(
            experts[0], town.lot, bidder.organisation, "sum", 499_000_000, "汇总", town.now
        )
    ) == {"correction-unconfirmed"}


def test_a_bidder_is_asked_about_unclear_content_only(town):
    experts = to_sitting(town)
    assert refused(
        lambda: trading.ask_bidder(experts[0], town.lot, code(town, 0), "better-price", "能否降价", town.now)
    ) == {"W-unclear"}


# --- scoring sheets --------------------------------------------------------------------------------------


def test_scoring_follows_the_review_and_each_sheet_is_handed_in_once_and_complete(town):
    experts = to_sitting(town)
    assert refused(lambda: trading.save_sheet(experts[0], town.lot, {}, town.now)) == {"review-first"}
    trading.end_review(town.staff.opener, town.lot, town.now)
    partial = {code(town, 0): {"c1": "22"}}
    trading.save_sheet(experts[0], town.lot, partial, town.now)
    assert refused(lambda: trading.hand_in_sheet(experts[0], town.lot, {}, town.now)) == {"points-missing"}
    trading.hand_in_sheet(experts[0], town.lot, sheet(town, b0={"c1": "23"}), town.now)
    assert CommitteeMember.objects.get(number=1).sheet[code(town, 0)]["c1"] == "23"
    assert refused(lambda: trading.save_sheet(experts[0], town.lot, partial, town.now)) == {"sheet-handed-in"}


@pytest.mark.parametrize(
    ("points", "found"),
    [
        ("9.99", {"points-out-of-range"}),
        ("10", set()),
        ("25", set()),
        ("25.01", {"points-out-of-range"}),
        ("20.555", {"points-not-a-number"}),
        ("NaN", {"points-not-a-number"}),
        ("1e1", set()),
        ("二十", {"points-not-a-number"}),
    ],
)
def test_points_stay_within_the_bounds_of_their_criterion(town, points, found):
    experts = to_sitting(town)
    trading.end_review(town.staff.opener, town.lot, town.now)
    typed = {code(town, 0): {"c1": points}}
    if found:
        assert refused(lambda: trading.save_sheet(experts[0], town.lot, typed, town.now)) == found
    else:
        trading.save_sheet(experts[0], town.lot, typed, town.now)


def test_objective_items_that_differ_are_settled_by_all_and_judgements_stay(town):
    experts = to_sitting(town)[:5]
    trading.end_review(town.staff.opener, town.lot, town.now)
    for each in experts[:4]:
        trading.hand_in_sheet(each, town.lot, sheet(town), town.now)
    trading.hand_in_sheet(experts[4], town.lot, sheet(town, b1={"c2": "9", "c1": "24"}), town.now)
    assert not CommitteeMember.objects.filter(handed_in_at__isnull=False).exists()
    assert refused(
        lambda: trading.hand_in_sheet(experts[4], town.lot, sheet(town, b1={"c1": "11"}), town.now)
    ) == {"judgement-is-final"}
    lowest = [code(town, each) for each in (1, 0, 2)]
    assert "sheets-missing" in refused(
        lambda: trading.draw_up_report(town.staff.opener, town.lot, lowest, "", town.now)
    )
    for each in experts[:4]:
        trading.hand_in_sheet(each, town.lot, sheet(town, b1={"c2": "9"}), town.now)
    trading.hand_in_sheet(experts[4], town.lot, sheet(town, b1={"c2": "9", "c1": "24"}), town.now)
    assert CommitteeMember.objects.filter(handed_in_at__isnull=False).count() == 5


def test_nobody_reads_the_sheet_of_another_before_all_have_handed_in(town):
    experts = to_sitting(town)[:5]
    trading.end_review(town.staff.opener, town.lot, town.now)
    trading.hand_in_sheet(experts[0], town.lot, sheet(town), town.now)
    own, other = (trading.sitting_page(each, town.lot) for each in experts[:2])
    assert own.sheet[code(town, 0)]["c1"] == "20"
    assert other.sheet == {}
    assert own.sheets == other.sheets == ()
    centre = trading.sitting_page(town.staff.opener, town.lot)
    assert (centre.sheet, centre.sheets, centre.calculation) == ({}, (), None)
    assert [each.handed_in for each in centre.seats] == [True, False, False, False, False]
    for each in experts[1:]:
        trading.hand_in_sheet(each, town.lot, sheet(town), town.now)
    assert len(trading.sitting_page(experts[1], town.lot).sheets) == 5
    outside = trading.sitting_page(town.hosts[0], town.lot)
    assert (outside.sheets, outside.calculation, outside.motions, outside.inquiries) == ((), None, (), ())
    assert trading.sitting_page(town.staff.opener, town.lot).calculation is not None


# --- time ------------------------------------------------------------------------------------------------


def test_w18_more_than_a_third_and_the_tenderee_has_to_extend(town):
    experts = to_sitting(town)[:5]
    later = town.now + timedelta(hours=3)
    score(town, experts)
    trading.ask_time(experts[0], town.lot, town.now)
    trading.ask_time(experts[0], town.lot, town.now)
    assert refused(lambda: trading.extend_time(town.hosts[0], town.lot, later, town.now)) == {"W18-not-due"}
    trading.ask_time(experts[1], town.lot, town.now)
    assert refused(lambda: draw_up(town)) == {"W18"}
    assert refused(lambda: trading.extend_time(town.hosts[0], town.lot, town.now, town.now)) == {
        "extension-later"
    }
    assert refused(lambda: trading.extend_time(town.staff.opener, town.lot, later, town.now)) == {
        "no-permission"
    }
    trading.extend_time(town.hosts[0], town.lot, later, town.now)
    hand_in(town, experts)
    assert town.stage == "reported"


# --- replacement -----------------------------------------------------------------------------------------


def test_what_a_replaced_member_decided_is_void_and_the_new_one_evaluates_anew(town):
    experts = to_sitting(town)
    motion = trading.propose_rejection(experts[0], town.lot, code(town, 2), "not-qualified", "过期", town.now)
    for each in experts[:3]:
        trading.cast_vote(each, motion.code, True, "", town.now)
    assert status(town, 2) == "rejected"
    score(town, experts[:5])
    draw_up(town)
    assert refused(
        lambda: trading.replace_member(
            town.staff.opener, town.lot, 1, "as-we-like", experts[5].person, town.now, ELSEWHERE
        )
    ) == {"W-replaced"}
    trading.replace_member(town.staff.opener, town.lot, 1, "conflict", experts[5].person, town.now, ELSEWHERE)
    assert status(town, 2) == "open"
    assert refused(lambda: trading.sign_report(experts[1], town.lot, town.now)) == {"report-not-drawn-up"}
    assert refused(lambda: trading.cast_vote(experts[0], motion.code, True, "", town.now)) == {"not-seated"}
    trading.cast_vote(experts[5], motion.code, True, "", town.now)
    assert status(town, 2) == "rejected"
    trading.end_review(town.staff.opener, town.lot, town.now)
    trading.hand_in_sheet(experts[5], town.lot, sheet(town, b0={"c1": "10"}), town.now)
    seated = [experts[5], *experts[1:5]]
    ranking = hand_in(town, seated)
    award(town, ranking[0])
    sequence()
    made = trading.calculation_of(town.lot)
    assert made.verdict == "equal", made
    assert any("6" in line.words.zh for section in made.sections for line in section.lines)


def test_votes_that_carry_without_the_replaced_member_stand(town):
    experts = to_sitting(town)
    motion = trading.propose_rejection(experts[0], town.lot, code(town, 2), "not-qualified", "过期", town.now)
    trading.cast_vote(experts[4], motion.code, False, "有效", town.now)
    for each in experts[:3]:
        trading.cast_vote(each, motion.code, True, "", town.now)
    trading.replace_member(town.staff.opener, town.lot, 5, "health", experts[5].person, town.now, ELSEWHERE)
    assert status(town, 2) == "rejected"


# --- the report ------------------------------------------------------------------------------------------


def test_w19_a_report_goes_when_all_have_signed_dissented_or_are_taken_to_agree(town):
    experts = to_sitting(town)[:5]
    score(town, experts)
    ranking = draw_up(town)
    for each in experts[:3]:
        trading.sign_report(each, town.lot, town.now)
    receive = trading.receive_report
    assert refused(lambda: receive(town.staff.opener, town.lot, [], "", town.now)) == {"signatures-missing"}
    assert refused(lambda: trading.dissent(experts[3], town.lot, " ", town.now)) == {"dissent-reasons"}
    trading.dissent(experts[3], town.lot, "第一名的施工组织设计不可行。", town.now)
    assert refused(lambda: trading.sign_report(experts[3], town.lot, town.now)) == {"signed-already"}
    assert refused(lambda: trading.deem_signed(town.staff.opener, town.lot, 5, "", town.now)) == {
        "refusal-noted"
    }
    trading.deem_signed(town.staff.opener, town.lot, 5, "拒绝签字，也不书面说明。", town.now)
    receive(town.staff.opener, town.lot, [], "", town.now)
    report = trading.evaluation_report_of(trading.find_lot(town.lot))
    assert report.ranking == tuple(ranking)
    assert [each.how for each in report.members] == ["signed", "signed", "signed", "dissent", "deemed"]
    assert [each.text for each in report.dissents] == ["第一名的施工组织设计不可行。"]
    received = next(
        each
        for each in timeline(trading.find_lot(town.lot).ref, public_only=False)
        if each.kind == "report-received"
    )
    assert received is not None


def test_a_report_drawn_up_anew_is_signed_anew(town):
    experts = to_sitting(town)[:5]
    score(town, experts)
    draw_up(town)
    for each in experts:
        trading.sign_report(each, town.lot, town.now)
    draw_up(town)
    assert refused(lambda: trading.receive_report(town.staff.opener, town.lot, [], "", town.now)) == {
        "signatures-missing"
    }


def test_the_ranking_is_that_of_the_calculation(town):
    experts = to_sitting(town)[:5]
    score(town, experts, b0={"c1": "25"})
    ranking = order(town)
    for wrong in (ranking[::-1], ranking[:1] * 2, [code(town, 4)], []):
        found = refused(
            lambda wrong=wrong: trading.draw_up_report(town.staff.opener, town.lot, wrong, "", town.now)
        )
        assert found & {"ranking-not-by-score", "ranking-not-valid", "ranking-missing"}
    hand_in(town, experts)


def test_equal_totals_go_by_the_lower_price_and_equal_prices_by_the_documents_never_by_lot(town):
    experts = to_sitting(town, prices=[500_000_000, 500_000_000, 500_000_000])[:5]
    score(town, experts)
    assert refused(lambda: draw_up(town)) == {"tie-by-score"}
    assert refused(lambda: draw_up(town, "现场抽签")) == {"W32"}
    hand_in(town, experts, "工期最短者优先：三家工期相同，按技术得分仍相同，按招标文件以信用等级高者优先。")


def test_on_the_lowest_price_a_committee_online_reviews_and_signs_without_sheets(town):
    experts = to_sitting(town, method=trading.MethodTerms())[:5]
    trading.end_review(town.staff.opener, town.lot, town.now)
    assert refused(lambda: trading.save_sheet(experts[0], town.lot, {}, town.now)) == {"nothing-to-score"}
    lowest = [code(town, each) for each in (1, 0, 2)]
    trading.draw_up_report(town.staff.opener, town.lot, lowest, "", town.now)
    for each in experts:
        trading.sign_report(each, town.lot, town.now)
    trading.receive_report(town.staff.opener, town.lot, [], "", town.now)
    award(town, lowest[0])
    sequence()
    assert trading.calculation_of(town.lot).verdict == "equal"


# --- the award, calculated again --------------------------------------------------------------------------


def awarded(town: Market) -> None:
    experts = to_sitting(town, method=FLOATING)[:5]
    trading.end_review(town.staff.opener, town.lot, town.now)
    for number, each in enumerate(experts):
        typed = sheet(town, b0={"c1": f"{20 + number}.5"}, b2={"c1": f"{12 + number}"})
        trading.hand_in_sheet(each, town.lot, typed, town.now)
    ranking = hand_in(town, experts)
    award(town, ranking[0])
    sequence()


def test_an_award_by_score_with_a_drawn_coefficient_is_calculated_again_from_public_entries(town):
    awarded(town)
    made = trading.calculation_of(town.lot)
    assert (made.verdict, made.findings, made.differences) == ("equal", (), ())
    words = " ".join(line.words.zh for section in made.sections for line in section.lines)
    assert "开标时抽取的下浮率" in words
    assert "评委 1、2、3、4、5" in words
    assert "专家1" not in words


def test_points_changed_afterwards_are_found_out(town):
    awarded(town)
    entry = next(each for each in timeline(trading.find_lot(town.lot).ref) if each.kind == "scores-handed-in")
    row = Opening.objects.get(pk=entry.id)
    Opening.objects.filter(pk=entry.id).update(hidden=row.hidden.replace(entry.documents[0], "0" * 64))
    made = trading.calculation_of(town.lot)
    assert {each.rule for each in made.findings} == {"entry-does-not-open"}


def test_names_and_dissent_stay_out_of_the_public_record(town):
    experts = to_sitting(town)[:5]
    score(town, experts)
    ranking = draw_up(town)
    trading.dissent(experts[0], town.lot, "不同意第一名。", town.now)
    for each in experts[1:]:
        trading.sign_report(each, town.lot, town.now)
    trading.receive_report(town.staff.opener, town.lot, [], "", town.now)
    award(town, ranking[0])
    sequence()
    told = str([dict(each.facts) for each in timeline(trading.find_lot(town.lot).ref)])
    assert "dissent" in told
    assert not re.search(r"专家\d", told)  # the members' names; which pool they were drawn from is public
    assert "不同意第一名" not in told
    assert experts[0].person not in told
