"""Objections to the documents: W07 and W08 around their boundaries, the suspension, and what comes after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.business.trading import api as trading
from yiwang.business.trading.rules import bidding, objecting
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import agenda, public_feed, sequence, timeline
from yiwang.site.simulation.papers import stored_pdf

from .test_rules_properties import BIDDER, LOT, days_2026, hours, minutes, refusals, step, warnings
from .world import Market, announced

RULES_TESTED = ("W04", "W07", "W08")

TEXT = "资格条件排斥外地企业。"
PRICES = [500_000_000, 490_000_000, 510_000_000]


def reasons(call) -> set[str]:
    with pytest.raises(Refused) as caught:
        call()
    return {each.rule for each in caught.value.findings}


@given(days_2026, hours, minutes, st.integers(9, 11) | st.integers(0, 60), hours, minutes)
def test_w07_counts_calendar_days_before_the_deadline_and_not_hours(
    day, hour, minute, left, to_hour, to_minute
):
    at = on_day_at(day, hour, minute)
    lot = replace(LOT, deadline_at=on_day_at(day + timedelta(days=left), to_hour, to_minute), law_on=day)
    found = objecting.objection_time_findings(step(lot, at=at, by=BIDDER))
    assert refusals(found) == ([] if left >= 10 else ["W07"])


@given(days_2026, hours, minutes, st.integers(2, 4) | st.integers(0, 20), hours)
def test_w08_warns_after_the_third_day_or_the_next_working_day_and_never_refuses(
    day, hour, minute, later, at_hour
):
    raised_at = on_day_at(day, hour, minute)
    last_on = day + timedelta(days=3)
    while not law.is_working_day(last_on):
        last_on += timedelta(days=1)
    at = on_day_at(day + timedelta(days=later), at_hour)
    lot = replace(LOT, law_on=day)
    found = list(objecting.answer_time_findings(step(lot, at=at, received_at=raised_at)))
    assert refusals(found) == []
    assert warnings(found) == (["W08"] if local_day(at) > last_on else [])


@pytest.mark.parametrize(
    ("suspended", "postponed"), [(False, False), (True, False), (False, True), (True, True)]
)
@given(st.integers(-2, 2))
def test_a_suspended_lot_is_not_closed_and_its_bids_are_not_called_late(suspended, postponed, by_minutes):
    lot = replace(LOT, stage="bidding", suspended=suspended, postponed=postponed)
    found = refusals(objecting.suspension_findings(step(lot)))
    assert found == (["suspended"] if suspended or postponed else [])
    received = refusals(
        bidding.before_deadline_findings(
            step(lot, received_at=LOT.deadline_at + timedelta(minutes=by_minutes))
        )
    )
    late = "deadline-suspended" if suspended or postponed else "late-bid"
    assert received == ([late] if by_minutes >= 0 else [])


@pytest.fixture
def town(db) -> Market:
    return announced()


def objected(town: Market, number: int = 0) -> str:
    """A taker objects now; the code of the objection."""
    trading.take_documents(town.bidders[number], town.lot, town.now)
    return trading.object_to_documents(town.bidders[number], town.lot, TEXT, [], town.now).code


def answered(town: Market, code: str, amends: bool = False):
    return trading.answer_objection(town.hosts[0], code, "已按规定设置。", [], amends, town.now)


def steps(actor, town: Market) -> list[str]:
    return [each.step for each in trading.todos(actor, town.now)]


def new_deadline(town: Market, moved_at: datetime, affects: bool) -> None:
    """Drafts and publishes the notice with the new deadline, tomorrow at nine."""
    publish_at = on_day_at(local_day(town.now) + timedelta(days=1), 9)
    text = trading.NewClarification(
        content="重新确定投标截止时间。",
        affects_bids=affects,
        publish_at=publish_at,
        new_deadline_at=moved_at,
    )
    town.publish(trading.draft_clarification(town.agency, town.lot, text, town.now).code, publish_at)


def test_who_did_not_take_the_documents_or_comes_too_late_is_refused_with_the_article(town):
    object_now = lambda: trading.object_to_documents(town.bidders[0], town.lot, TEXT, [], town.now)  # noqa: E731
    assert reasons(object_now) == {"documents-interest-missing"}
    trading.take_documents(town.bidders[0], town.lot, town.now)
    town.work(on_day_at(local_day(town.deadline_at) - timedelta(days=9), 0))
    with pytest.raises(Refused) as caught:
        object_now()
    assert [each.rule for each in caught.value.findings] == ["W07"]
    assert "第二十二条" in caught.value.findings[0].source
    last = on_day_at(local_day(town.deadline_at) - timedelta(days=10), 23, 59)
    trading.object_to_documents(town.bidders[0], town.lot, TEXT, [], last)


def test_an_objection_suspends_is_public_without_its_objector_and_its_answer_ends_the_suspension(town):
    paper = stored_pdf("第1建筑工程有限公司异议书")
    trading.take_documents(town.bidders[0], town.lot, town.now)
    made = trading.object_to_documents(town.bidders[0], town.lot, TEXT, [paper], town.now)
    assert trading.lot_page(trading.find_lot(town.lot)).suspended_at == town.now
    assert steps(town.hosts[0], town) == ["answer-objection"]
    trading.submit_bid(town.bidders[1], town.lot, town.sheet(), [], town.now)
    _, late = answered(town, made.code)
    assert late == ()
    page = trading.lot_page(trading.find_lot(town.lot))
    assert page.suspended_at is None
    assert [each.answered_at for each in page.objections] == [town.now]
    assert trading.messages_for(town.bidders[0]).first().matter == "objection-answered"
    assert reasons(lambda: answered(town, made.code)) == {"objection-answered"}
    sequence()
    public = [each.kind for each in public_feed(0, 1000)]
    assert public[-2:] == ["objection-raised", "objection-answered"]
    for entry in timeline(trading.find_lot(town.lot).ref, public_only=False):
        leaf = entry.leaf.decode()
        assert town.bidders[0].organisation not in leaf
        assert TEXT not in leaf
    (seen,) = trading.objections_of(town.agency, trading.find_lot(town.lot))
    assert (seen.mine, seen.papers[0].name) == (False, f"{made.code}-1.pdf")
    assert trading.objections_of(town.bidders[1], trading.find_lot(town.lot)) == ()
    assert trading.objections_of(town.bidders[0], trading.find_lot(town.lot))[0].answer == "已按规定设置。"


def test_the_deadline_passes_unanswered_nothing_closes_and_a_new_deadline_is_set(town):
    town.bid(PRICES)
    code = objected(town)
    old = town.deadline_at
    town.close()
    lot = trading.find_lot(town.lot)
    assert (lot.stage, lot.postponed_at is not None) == ("bidding", True)
    assert {"wrong-stage"} == reasons(lambda: trading.open_bids(town.staff.opener, town.lot, town.now))
    late = reasons(lambda: trading.submit_bid(town.bidders[4], town.lot, town.sheet(), [], town.now))
    assert late == {"deadline-suspended"}
    assert [each.waiting is not None for each in trading.todos(town.bidders[0], town.now)] == [True]
    _, found = answered(town, code)
    assert [each.rule for each in found] == ["W08"], "a late answer is given, and recorded as late"
    assert steps(town.hosts[0], town) == ["set-deadline"]
    sequence()
    kinds = [each.kind for each in timeline(lot.ref)]
    assert kinds.count("lot-suspended") == 1
    assert "deadline-reached" not in kinds

    moved_at = on_day_at(local_day(town.now) + timedelta(days=4), 9, 30)
    new_deadline(town, moved_at, affects=False)
    assert town.deadline_at == moved_at > old
    assert next(each.due_at for each in agenda(trading.find_lot(town.lot).ref)) >= moved_at
    trading.submit_bid(town.bidders[4], town.lot, town.sheet(480_000_000), [], town.now)
    town.close()
    assert town.stage == "closed"
    assert len(trading.open_bids(town.staff.opener, town.lot, town.now)) == 4


def test_an_answer_between_the_deadline_and_the_workers_round_still_needs_a_new_deadline(town):
    town.bid(PRICES)
    code = objected(town)
    town.work(town.deadline_at - timedelta(seconds=1))
    town.now = town.deadline_at
    answered(town, code)
    town.close()
    assert town.stage == "bidding"
    assert trading.find_lot(town.lot).postponed_at is not None


def test_an_answer_that_amends_the_documents_holds_the_closing_until_the_amendment_by_w04(town):
    town.bid(PRICES)
    answered(town, objected(town), amends=True)
    assert "amend-documents" in steps(town.hosts[0], town)
    town.close()
    assert town.stage == "bidding", "what was promised to bidders has not reached them"
    soon = on_day_at(local_day(town.now) + timedelta(days=5), 9, 30)
    assert reasons(lambda: new_deadline(town, soon, affects=False)) == {"amendment-due"}
    assert reasons(lambda: new_deadline(town, soon, affects=True)) == {"W04"}
    publish_on = local_day(town.now) + timedelta(days=1)
    moved_at = on_day_at(publish_on + timedelta(days=15), 9, 30)
    new_deadline(town, moved_at, affects=True)
    town.close()
    assert town.stage == "closed"
    assert town.deadline_at == moved_at


def test_with_two_objections_the_first_answer_ends_nothing(town):
    first, second = objected(town, 0), objected(town, 1)
    answered(town, first)
    assert trading.find_lot(town.lot).suspended_at is not None
    answered(town, second)
    assert trading.find_lot(town.lot).suspended_at is None


def test_only_the_lots_own_side_answers(town):
    code = objected(town)
    stranger = replace(town.hosts[0], organisation=town.bidders[1].organisation)
    call = lambda by: trading.answer_objection(by, code, "答", [], False, town.now)  # noqa: E731
    assert reasons(lambda: call(stranger)) == {"not-your-lot"}
    assert reasons(lambda: call(town.bidders[0])) == {"no-permission"}
    assert reasons(lambda: call(town.staff.opener)) == {"no-permission"}
    call(town.agency)
