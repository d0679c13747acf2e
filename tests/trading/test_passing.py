"""Award by rank and its exceptions (W22), re-examination before the letter (招标条例 56): cases, proof, record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.business.trading import api as trading
from yiwang.business.trading.rules import awarding, passing
from yiwang.business.trading.rules.facts import BidFacts
from yiwang.common.notices import api as notices
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import sequence, timeline
from yiwang.site.simulation.invariants import lot_objections
from yiwang.site.simulation.papers import stored_pdf

from .test_rules_properties import LOT, refusals, step
from .world import Market, market

RULES_TESTED = ("W22", "W-reexamination")

PRICES = [500_000_000, 490_000_000, 510_000_000]
GROUNDS = tuple(each.id for each in law.rule("W22", on=LOT.law_on).choices)


def reasons(call) -> set[str]:
    with pytest.raises(Refused) as caught:
        call()
    return {each.rule for each in caught.value.findings}


def ranked(passed: tuple[bool, ...]) -> tuple[BidFacts, ...]:
    """A bid for each rank, one more that is not ranked."""
    bids = [
        BidFacts(bidder=f"B{n}", price_fen=n, status="valid", evaluated_fen=n, rank=n, passed=out)
        for n, out in enumerate(passed, 1)
    ]
    return (*bids, BidFacts(bidder="B9", price_fen=9, status="valid", evaluated_fen=9))


@given(
    st.lists(st.booleans(), min_size=1, max_size=3), st.sampled_from(("B1", "B2", "B3", "B9")), st.booleans()
)
def test_w22_awards_the_first_that_is_left_and_where_state_funds_do_not_control_any_that_is(
    out, subject, funded
):
    bids = ranked(tuple(out))
    left = [each.bidder for each in bids if each.rank and not each.passed]
    lawful = subject in (left[:1] if funded else left)
    found = awarding.rank_one_findings(step(replace(LOT, state_funded=funded), bids=bids, subject=subject))
    assert refusals(found) == ([] if lawful else ["W22"])


@given(
    st.lists(st.booleans(), min_size=1, max_size=3),
    st.sampled_from(("B1", "B2", "B9")),
    st.sampled_from((*GROUNDS, "", "re-examination", "too-dear")),
    st.sampled_from(("", " ", "放弃")),
    st.integers(0, 2),
)
def test_w22_passes_over_the_first_left_for_a_case_of_the_law_with_reason_and_proof(
    out, subject, ground, reason, papers
):
    bids = ranked(tuple(out))
    left = [each.bidder for each in bids if each.rank and not each.passed]
    wanted = (
        []
        if subject == (left or [""])[0]
        else ["not-first-candidate" if subject in left else "not-a-candidate"]
    )
    wanted += [] if ground in GROUNDS else ["passing-ground"]
    wanted += [] if reason.strip() else ["passing-reason-missing"]
    wanted += [] if papers else ["passing-evidence-missing"]
    facts = step(LOT, bids=bids, subject=subject, ground=ground, reason=reason, papers=papers)
    assert refusals(passing.lawful_passing_findings(facts)) == wanted


@given(st.booleans(), st.sampled_from(("", "破产重整")), st.sampled_from(("B1", "B2", "B9")))
def test_article_56_asks_about_a_candidate_once_at_a_time_and_nothing_is_awarded_meanwhile(
    asked, reason, subject
):
    facts = step(LOT, bids=ranked((False, False)), subject=subject, reason=reason, reexamining=asked)
    wanted = (
        ["not-a-candidate"] * (subject == "B9")
        + ["doubt-missing"] * (not reason)
        + ["reexamination-open"] * asked
    )
    assert refusals(passing.doubt_findings(facts)) == wanted
    assert refusals(passing.reexamination_concluded_findings(facts)) == ["reexamination-open"] * asked
    answers = ["no-reexamination"] * (not asked) + ["conclusion-missing"] * (not reason)
    assert refusals(passing.reexamination_open_findings(facts)) == answers


@pytest.fixture
def town(db) -> Market:
    return market()


def passed(town: Market, bidder: str, ground: str = "gave-up") -> None:
    papers = [stored_pdf("放弃中标函")]
    trading.pass_over(town.agency, town.lot, bidder, ground, "来函放弃中标。", papers, town.now)


def award(town: Market, bidder: str):
    return trading.award(town.agency, town.lot, bidder, town.now)


def result_notice(town: Market) -> notices.Notice:
    notice = trading.draft_result_notice(town.hosts[0], town.lot, town.now)
    town.publish(notice.code, on_day_at(local_day(town.now) + timedelta(days=1), 9))
    return notices.notice(notice.code)


def test_rank_one_gives_up_the_next_is_awarded_and_the_result_says_why(town):
    first, second, third = town.to_award(PRICES)
    assert reasons(lambda: award(town, second)) == {"W22"}
    assert reasons(lambda: passed(town, second)) == {"not-first-candidate"}
    passed(town, first)
    assert reasons(lambda: award(town, first)) == {"W22"}
    assert reasons(lambda: award(town, third)) == {"W22"}
    award(town, second)
    notice = result_notice(town)
    assert "放弃中标" in notice.values["other"]
    assert "来函放弃中标。" in notice.values["other"]
    page = trading.lot_page(trading.find_lot(town.lot))
    assert page.winner.rank == 2
    assert [(each.rank, each.after_letter) for each in page.passings] == [(1, False)]
    sequence()
    (entry,) = [each for each in timeline(trading.find_lot(town.lot).ref) if each.kind == "candidate-passed"]
    assert (entry.facts["ground"], len(entry.documents)) == ("gave-up", 1)
    assert list(lot_objections(town.lot)) == []
    assert trading.recomputed(town.lot, public_only=True).differences == ()


def test_without_the_bond_the_letter_loses_its_force_and_a_new_result_overtakes_the_published_one(town):
    first, second, _ = town.to_award(PRICES)
    award(town, first)
    old = result_notice(town)
    passed(town, first, "no-performance-bond")
    assert town.stage == "publicity-ended"
    assert trading.calculation_of(town.lot) is None
    decided = award(town, second)
    assert decided.letter_number.endswith("-2")
    steps = {each.step for each in trading.todos(town.agency, town.now)}
    assert steps == {"sign-contract", "draft-result-notice", "written-report"}
    new = result_notice(town)
    assert new.corrects == old.code
    price = PRICES[0]
    trading.sign_contract(town.agency, town.lot, "HT-1", price, 0, local_day(town.now), town.now)
    assert reasons(lambda: passed(town, second)) == {"wrong-stage"}
    trading.archive(town.staff.checker, town.lot, town.now)
    assert trading.recomputed(town.lot, public_only=True).differences == ()


def test_nobody_is_awarded_and_the_tender_is_held_again_only_after_somebody_was_passed_over(town):
    first, _, _ = town.to_award(PRICES)
    giving_up = lambda: trading.declare_no_winner(town.agency, town.lot, "其余报价过高。", town.now)  # noqa: E731
    assert reasons(giving_up) == {"nobody-passed"}
    passed(town, first, "unlawful-conduct")
    giving_up()
    assert town.stage == "failed"
    notice = trading.draft_failure_notice(town.agency, town.lot, town.now)
    assert notice.values["outcome"] == "no-winner"
    assert "违法行为" in notice.values["reason"]
    again = trading.retender(town.agency, town.lot, town.now)
    assert (again.attempt, again.retender_of) == (2, town.lot)


@pytest.mark.parametrize("stands", [True, False])
def test_the_original_committee_examines_again_before_the_letter_and_its_conclusion_decides(town, stands):
    first, second, _ = town.to_award(PRICES)
    trading.order_reexamination(town.hosts[0], town.lot, first, "公司已进入破产重整程序。", [], town.now)
    assert reasons(lambda: award(town, first)) == {"reexamination-open"}
    assert reasons(lambda: passed(town, first)) == {"reexamination-open"}
    assert [each.waiting is not None for each in trading.todos(town.agency, town.now)] == [True]
    assert "conclude-reexamination" in {each.step for each in trading.todos(town.staff.opener, town.now)}
    conclude = lambda by: trading.conclude_reexamination(by, town.lot, stands, "委员会意见。", [], town.now)  # noqa: E731
    assert reasons(lambda: conclude(town.hosts[0])) == {"no-permission"}
    conclude(town.staff.opener)
    award(town, first if stands else second)
    sequence()
    for entry in timeline(trading.find_lot(town.lot).ref):
        assert "破产" not in entry.leaf.decode()
    assert trading.recomputed(town.lot, public_only=True).differences == ()
