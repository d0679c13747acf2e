"""Objections to the opening (W09) and to the result (招标条例 54): who, until when, what waits, what an upheld one undoes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.business.trading import api as trading
from yiwang.business.trading.rules import objecting
from yiwang.common.notices import api as notices
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import agenda, sequence, timeline

from .test_rules_properties import BIDDER, HOST, LOT, days_2026, hours, minutes, refusals, step
from .world import CONTACT, ELSEWHERE, Market, market

RULES_TESTED = ("W09", "W08", "W21")

TEXT = "第二名的业绩证明不符合招标文件。"
PRICES = [500_000_000, 490_000_000, 510_000_000]


def reasons(call) -> set[str]:
    with pytest.raises(Refused) as caught:
        call()
    return {each.rule for each in caught.value.findings}


@given(days_2026, hours, minutes, st.integers(-2, 2) | st.integers(-100_000, 100_000))
def test_an_objection_to_the_result_is_in_time_to_the_last_second_of_the_publicity(
    day, hour, minute, seconds
):
    until_at = on_day_at(day, hour, minute)
    lot = replace(LOT, stage="publicity", publicity_until_at=until_at)
    found = objecting.publicity_running_findings(step(lot, at=until_at + timedelta(seconds=seconds)))
    assert refusals(found) == ([] if seconds < 0 else ["result-objection-late"])


@given(st.booleans(), st.sampled_from(("", "  ", "材料供应商")))
def test_who_did_not_bid_says_how_the_result_concerns_it(bid, interest):
    bidders = (BIDDER.organisation,) if bid else ("91620502MA00000009",)
    facts = step(LOT, by=BIDDER, bidders=bidders, interest=interest)
    wanted = [] if bid or interest.strip() else ["interest-missing"]
    assert refusals(objecting.interest_findings(facts)) == wanted
    assert refusals(objecting.was_opened_findings(facts)) == ([] if bid else ["bid-not-opened"])


@given(st.integers(1, 3))
def test_w09_nobody_objects_to_the_opening_once_a_committee_was_stood_down(panel):
    facts = step(replace(LOT, panel=panel), by=BIDDER, bidders=(BIDDER.organisation,))
    assert refusals(objecting.was_opened_findings(facts)) == ["opening-over"] * (panel > 1)


@given(st.booleans())
def test_w09_and_article_54_hold_the_next_step_while_an_objection_is_open(suspended):
    facts = step(replace(LOT, suspended=suspended), by=HOST)
    assert refusals(objecting.opening_answered_findings(facts)) == ["opening-objection-open"] * suspended
    assert refusals(objecting.result_answered_findings(facts)) == ["result-objection-open"] * suspended


@pytest.fixture
def town(db) -> Market:
    return market()


def opened(town: Market) -> None:
    town.register()
    town.announce()
    town.bid(PRICES)
    town.close()
    trading.open_bids(town.staff.opener, town.lot, town.now)


def publicised(town: Market) -> None:
    """The lot is in publicity; ``town.now`` is its first minute."""
    town.to_report(PRICES)
    publicity(town)


def publicity(town: Market) -> str:
    publish_at = on_day_at(local_day(town.now) + timedelta(days=1), 9)
    until_on = law.clock("W21", publish_at, on=local_day(publish_at)).result_on
    notice = trading.draft_publicity(town.hosts[0], town.lot, publish_at, until_on, CONTACT, town.now)
    town.publish(notice.code, publish_at)
    return notice.code


def answered(town: Market, code: str, remedy: str = ""):
    return trading.answer_objection(town.hosts[0], code, "经核查，答复如下。", [], False, town.now, remedy)


def until_publicity_is_over(town: Market) -> None:
    town.work(trading.find_lot(town.lot).publicity_until_at + timedelta(minutes=1))


def test_an_objection_to_the_opening_holds_the_committee_until_it_is_answered_on_record(town):
    opened(town)
    for stranger in (town.bidders[4], town.hosts[0]):
        raised = lambda by=stranger: trading.object_to_opening(by, town.lot, TEXT, [], town.now)  # noqa: E731
        assert reasons(raised) <= {"bid-not-opened", "no-permission"}
    code = trading.object_to_opening(town.bidders[0], town.lot, TEXT, [], town.now).code

    def entering():
        return trading.enter_committee(town.staff.opener, town.lot, town.committee(), town.now, ELSEWHERE)

    with pytest.raises(Refused) as caught:
        entering()
    assert "第四十四条" in caught.value.findings[0].source
    assert [each.step for each in trading.todos(town.agency, town.now)] == [
        "answer-opening-objection",
        "choose-experts",
    ]
    assert all(each.waiting for each in trading.todos(town.staff.opener, town.now) if each.lot == town.lot)
    answered(town, code)
    (line,) = trading.lot_page(trading.find_lot(town.lot)).opening_objections
    assert (line.text, line.answer, line.answered_at) == (TEXT, "经核查，答复如下。", town.now)
    sequence()
    public = {each.kind: each for each in timeline(trading.find_lot(town.lot).ref)}
    assert public["opening-objected"].facts["bidder"] == town.bidders[0].organisation
    assert len(public["opening-objected"].documents) == len(public["objection-answered"].documents) == 1
    entering()
    late = lambda: trading.object_to_opening(town.bidders[0], town.lot, TEXT, [], town.now)  # noqa: E731
    assert reasons(late) == {"wrong-stage"}


def test_an_objection_to_the_result_suspends_and_the_last_answer_ends_a_publicity_that_has_run(town):
    publicised(town)
    assert "interest-missing" in reasons(
        lambda: trading.object_to_result(town.bidders[4], town.lot, TEXT, [], town.now)
    )
    first = trading.object_to_result(town.bidders[0], town.lot, TEXT, [], town.now).code
    second = trading.object_to_result(
        town.bidders[4], town.lot, TEXT, [], town.now, "本单位是第一名拟用的分包人。"
    ).code
    until_publicity_is_over(town)
    assert town.stage == "publicity", "nothing ends before the answer"
    assert reasons(lambda: trading.object_to_result(town.bidders[1], town.lot, TEXT, [], town.now)) == {
        "result-objection-late"
    }
    awarding = lambda: trading.award(town.agency, town.lot, town.bidders[1].organisation, town.now)  # noqa: E731
    assert reasons(awarding) == {"wrong-stage"}
    answered(town, first)
    assert town.stage == "publicity"
    _, late = answered(town, second)
    assert [each.rule for each in late] == ["W08"], (
        "publicity and answer have three days each: this one is late"
    )
    assert town.stage == "publicity-ended"
    sequence()
    last = [each for each in timeline(trading.find_lot(town.lot).ref) if each.kind == "objection-answered"][
        -1
    ]
    assert last.facts["warnings"] == ["W08"]
    awarding()
    page = trading.lot_page(trading.find_lot(town.lot))
    assert [(each.matter, each.upheld) for each in page.objections] == [("result", False)] * 2
    for entry in timeline(trading.find_lot(town.lot).ref, public_only=False):
        assert entry.kind == "bid-submitted" or TEXT not in entry.leaf.decode()


def test_an_upheld_objection_sends_the_bids_back_to_the_same_committee_and_a_new_publicity_follows(town):
    publicised(town)
    void = trading.find_lot(town.lot).publicity_notice
    code = trading.object_to_result(town.bidders[0], town.lot, TEXT, [], town.now).code
    assert reasons(lambda: answered(town, code, "a-miracle")) == {"remedy-unknown"}
    answered(town, code, "re-evaluation")
    lot = trading.find_lot(town.lot)
    assert (lot.stage, lot.publicity_notice, lot.publicity_until_at) == ("evaluating", "", None)
    assert not [each for each in agenda(lot.ref) if each.duty == "end-publicity"]
    winner = town.bidders[1].organisation
    trading.reject_bid(town.staff.opener, town.lot, winner, "not-responsive", "业绩不符。", town.now)
    ranking = [town.bidders[0].organisation, town.bidders[2].organisation]
    trading.receive_report(town.staff.opener, town.lot, ranking, "", town.now)
    again = publicity(town)
    assert again != void
    until_publicity_is_over(town)
    assert town.stage == "publicity-ended"
    trading.award(town.agency, town.lot, ranking[0], town.now)


def test_an_upheld_objection_to_what_was_publicised_is_mended_by_a_corrected_publicity_in_time(town):
    publicised(town)
    void = trading.find_lot(town.lot).publicity_notice
    code = trading.object_to_result(town.bidders[0], town.lot, TEXT, [], town.now).code
    answered(town, code, "publicity")
    assert town.stage == "reported"
    assert [each.step for each in trading.todos(town.hosts[0], town.now)] == ["draft-publicity"]
    again = publicity(town)
    assert notices.notice(again).corrects == void
    sequence()
    entry = [
        each for each in timeline(trading.find_lot(town.lot).ref) if each.kind == "candidates-publicised"
    ]
    assert "warnings" not in entry[-1].facts
    until_publicity_is_over(town)
    assert town.stage == "publicity-ended"


def test_of_several_upheld_objections_the_heaviest_remedy_counts_once_all_are_answered(town):
    publicised(town)
    first = trading.object_to_result(town.bidders[0], town.lot, TEXT, [], town.now).code
    second = trading.object_to_result(town.bidders[2], town.lot, TEXT, [], town.now).code
    answered(town, first, "retender")
    assert town.stage == "publicity"
    answered(town, second, "publicity")
    assert town.stage == "failed"
    assert trading.lot_page(trading.find_lot(town.lot)).outcome.zh.startswith("对评标结果的异议成立")
    steps = {each.step for each in trading.todos(town.hosts[0], town.now)}
    assert steps == {"draft-failure-notice", "retender"}
    notice = trading.draft_failure_notice(town.hosts[0], town.lot, town.now)
    assert notice.values["outcome"] == "objection-upheld"
