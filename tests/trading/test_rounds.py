"""The evaluation done again by members who work online: sheets reopened, the round before kept, calculated and readable."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.trading.sitting import (
    PRICES,
    award,
    first_round,
    hand_in,
    publicise,
    rows,
    score,
    sheet,
    to_sitting,
    uphold,
)
from tests.trading.world import ELSEWHERE, Market, market
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import CommitteeMember, Motion
from yiwang.doors.website import places
from yiwang.doors.website.rendering import render
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import sequence
from yiwang.site.cli import parser
from yiwang.site.commands.award import recompute

RULES_TESTED = ("W08", "W13", "W19", "W-best", "W-reexamination")


@pytest.fixture
def town(db) -> Market:
    return market()


def refused(verb) -> set[str]:
    with pytest.raises(Refused) as caught:
        verb()
    return {each.rule for each in caught.value.findings}


def test_an_upheld_objection_opens_a_new_round_of_the_same_committee(town):
    experts, ranking = first_round(town, b0={"c1": "25"})
    lot = trading.find_lot(town.lot)
    assert (lot.stage, lot.round, lot.report_received_at, lot.review_ended_at) == (
        "evaluating",
        2,
        None,
        None,
    )
    assert {row.status for row in rows(town)} == {"open"}, "who was rejected by votes is looked at again"
    page = trading.sitting_page(experts[0], town.lot)
    assert (page.round, page.handed_in, page.judged, page.motions, page.sheets) == (2, False, False, (), ())
    assert page.sheet[town.bidders[0].organisation]["c1"] == "25", "what was typed is there to be checked"
    (earlier,) = trading.earlier_rounds(lot)
    assert (earlier.number, earlier.report.ranking) == (1, tuple(ranking))
    assert [each.how for each in earlier.report.members] == ["signed"] * 5
    assert {each.bidder for each in earlier.report.bids if each.ground} == {town.bidders[2].organisation}
    assert [each.carried for each in earlier.report.motions] == [True]
    assert earlier.sheets[0].points[town.bidders[0].organisation]["c1"] == "25"
    assert earlier.report.calculation.findings == ()


def test_in_the_new_round_everything_is_decided_anew_and_each_round_is_calculated_from_the_record(
    town, capsys
):
    experts, _ = first_round(town, b0={"c1": "25"})
    sitting = experts[:5]
    old = Motion.objects.get().code
    assert "motion-decided" in refused(lambda: trading.cast_vote(sitting[4], old, True, "", town.now))
    assert "review-first" in refused(
        lambda: trading.hand_in_sheet(sitting[0], town.lot, sheet(town), town.now)
    )
    assert refused(lambda: trading.receive_report(town.staff.opener, town.lot, [], "", town.now)) >= {
        "report-not-drawn-up",
        "undecided",
        "sheets-missing",
    }
    score(town, sitting, b0={"c1": "11"}, b2={"c1": "24"})
    again = hand_in(town, sitting)
    assert len(again) == 3, "the bid that was rejected before is scored now"
    assert trading.recomputed_rounds(town.lot, public_only=False) == ()
    award(town, again[0])
    sequence()
    (earlier,) = trading.earlier_rounds(trading.find_lot(town.lot))
    assert earlier.sheets[0].points[town.bidders[0].organisation]["c1"] == "25"
    ((number, undone),) = trading.rounds_of(town.lot)
    assert (number, undone.verdict, trading.calculation_of(town.lot).verdict) == (1, "equal", "equal")
    assert len(undone.order) == 2
    assert len(trading.calculation_of(town.lot).order) == 3
    assert recompute(parser("award").parse_args(["award", "recompute", town.lot])) == 0
    printed = capsys.readouterr().out
    assert printed.index("第 1 次评审") < printed.rindex("与记录的定标结果一致")
    assert printed.count("结论 result: 与记录的定标结果一致") == 2
    paths = [each.path for each in trading.export_archive(town.staff.opener, town.lot[:17], town.now).members]
    assert any("第1次评标报告" in each for each in paths), "what was undone is in the archive too"
    page = render(places.project_page(town.lot[:17]), "zh-hans", town.now).decode()
    assert "第 1 次评审" in page
    assert "与当时评标报告的排序一致" in page


def test_a_member_of_the_new_round_may_be_replaced_and_the_old_round_keeps_who_sat_then(town):
    experts, _ = first_round(town)
    trading.replace_member(town.staff.opener, town.lot, 2, "health", experts[5].person, town.now, ELSEWHERE)
    sitting = [experts[0], *experts[2:5], experts[5]]
    newcomer = CommitteeMember.objects.get(person=experts[5].person)
    assert newcomer.sheet == {}
    score(town, sitting)
    hand_in(town, sitting)
    (earlier,) = trading.earlier_rounds(trading.find_lot(town.lot))
    assert [each.number for each in earlier.report.members] == [1, 2, 3, 4, 5]
    assert all(each.replaced_at is None for each in earlier.report.members)
    assert earlier.report.motions[0].in_favour == (1, 2, 3), "the votes of that round stand in its report"
    now = trading.evaluation_report_of(trading.find_lot(town.lot))
    assert {each.number: each.how for each in now.members}[6] == "signed"
    assert now.motions == ()


def test_a_round_on_paper_keeps_its_ranking_and_is_calculated_too(town):
    ranking = town.to_report(PRICES)
    publicise(town)
    uphold(town)
    (earlier,) = trading.earlier_rounds(trading.find_lot(town.lot))
    assert earlier.report.ranking == tuple(ranking)
    assert earlier.sheets == ()
    trading.reject_bid(town.staff.opener, town.lot, ranking[0], "not-responsive", "业绩不符。", town.now)
    trading.receive_report(town.staff.opener, town.lot, ranking[1:], "", town.now)
    award(town, ranking[1])
    sequence()
    ((_, undone),) = trading.rounds_of(town.lot)
    assert undone.verdict == "equal"
    assert [each.bidder for each in undone.order] == ranking


# --- what else the members decide by their votes -------------------------------------------------------------


def test_w13_members_who_work_online_reject_all_bids_by_their_votes(town):
    experts = to_sitting(town)[:5]
    propose = lambda by=experts[0]: trading.propose_rejecting_all(by, town.lot, "明显缺乏竞争。", town.now)  # noqa: E731
    assert refused(propose) == {"W13"}
    for number in (0, 1):
        motion = trading.propose_rejection(
            experts[0], town.lot, town.bidders[number].organisation, "not-responsive", "不响应。", town.now
        )
        if number == 1:
            assert refused(propose) == {"motions-first"}
        for each in experts[:3]:
            trading.cast_vote(each, motion.code, True, "", town.now)
    enter = lambda: trading.reject_all(town.staff.opener, town.lot, "缺乏竞争", town.now)  # noqa: E731
    assert refused(enter) == {"committee-decides"}
    assert "reason-missing" in refused(
        lambda: trading.propose_rejecting_all(experts[0], town.lot, " ", town.now)
    )
    made = propose()
    assert trading.sitting_page(experts[1], town.lot).open_motions[0].what.zh == "否决全部投标"
    for each in experts[:2]:
        trading.cast_vote(each, made.code, True, "", town.now)
    trading.cast_vote(experts[3], made.code, False, "仍有竞争。", town.now)
    assert town.stage == "evaluating"
    trading.cast_vote(experts[4], made.code, True, "", town.now)
    assert town.stage == "failed"
    assert trading.find_lot(town.lot).outcome == "all-rejected"
    assert {each.step for each in trading.todos(town.hosts[0], town.now)} == {
        "draft-failure-notice",
        "retender",
    }


@pytest.mark.parametrize("stands", [True, False])
def test_the_original_committee_concludes_a_reexamination_by_its_votes(town, stands):
    experts = to_sitting(town)[:5]
    score(town, experts)
    ranking = hand_in(town, experts)
    publicise(town)
    town.work(trading.find_lot(town.lot).publicity_until_at + timedelta(minutes=1))

    def conclude(by, yes=stands):
        return trading.propose_conclusion(by, town.lot, yes, "审查意见。", [], town.now)

    assert refused(lambda: conclude(experts[0])) == {"no-reexamination"}
    trading.order_reexamination(town.hosts[0], town.lot, ranking[0], "财务状况发生较大变化。", [], town.now)
    assert [each.step for each in trading.todos(experts[0], town.now)] == ["re-examine"]
    assert trading.todos(town.staff.opener, town.now) == []
    assert refused(
        lambda: trading.conclude_reexamination(town.staff.opener, town.lot, stands, "意见。", [], town.now)
    ) == {"committee-decides"}
    other = conclude(experts[0], not stands)
    assert "motion-pending" in refused(lambda: conclude(experts[1]))
    for each in experts[:3]:
        trading.cast_vote(each, other.code, False, "不同意。", town.now)
    made = conclude(experts[1])
    for each in experts[:3]:
        trading.cast_vote(each, made.code, True, "", town.now)
    trading.award(town.hosts[0], town.lot, ranking[0 if stands else 1], town.now)
    assert trading.todos(experts[4], town.now) == []
