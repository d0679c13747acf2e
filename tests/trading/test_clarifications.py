"""Clarifications and amendments: W04 around its boundary, the deadline that moves, who is told and who learns of whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.business.trading import api as trading
from yiwang.business.trading.rules import clarifying
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.days import SHANGHAI, local_day, on_day_at
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import agenda, public_feed, sequence, timeline, work
from yiwang.site.simulation.papers import stored_pdf

from .test_rules_properties import LOT, days_2026, hours, minutes, refusals, step
from .world import DUTIES, Market, announced

RULES_TESTED = ("W04", "W-secret-takers")

OPEN = replace(LOT, stage="bidding")
PRICES = [500_000_000, 490_000_000, 510_000_000]


def reasons(call) -> set[str]:
    with pytest.raises(Refused) as caught:
        call()
    return {each.rule for each in caught.value.findings}


def facts_of(publish_at: datetime, deadline_at: datetime, **more):
    lot = replace(
        OPEN, deadline_at=deadline_at, law_on=local_day(publish_at), postponed=more.pop("postponed", False)
    )
    return step(lot, at=publish_at, publish_at=publish_at, **more)  # fmt: skip


@given(days_2026, hours, minutes, st.integers(14, 16) | st.integers(1, 60), hours, minutes)
def test_w04_counts_calendar_days_before_the_deadline_and_not_hours(
    day, hour, minute, left, to_hour, to_minute
):
    publish_at = on_day_at(day, hour, minute)
    deadline_at = on_day_at(day + timedelta(days=left), to_hour, to_minute)
    found = clarifying.clarification_findings(facts_of(publish_at, deadline_at, affects_bids=True))
    assert refusals(found) == ([] if left >= 15 else ["W04"])


@given(days_2026, hours, minutes, st.integers(0, 40))
def test_the_earliest_deadline_is_lawful_and_the_day_before_it_is_not(day, hour, minute, left):
    publish_at = on_day_at(day, hour, minute)
    earliest_on = clarifying.earliest_deadline_on(publish_at, day)
    assert earliest_on == day + timedelta(days=15)
    old = on_day_at(day + timedelta(days=left), 23, 59)
    for moved_on, rules in ((earliest_on, set()), (earliest_on - timedelta(days=1), {"W04"})):
        moved = on_day_at(moved_on, 23, 59)
        facts = facts_of(
            publish_at, min(old, moved - timedelta(minutes=1)), affects_bids=True, new_deadline_at=moved
        )
        assert set(refusals(clarifying.clarification_findings(facts))) == rules  # fmt: skip


@given(st.integers(-2, 2) | st.integers(-9000, 9000), st.booleans(), st.booleans())
def test_a_deadline_moves_forward_only_and_only_where_bids_are_affected_or_it_was_postponed(
    by_minutes, affects, postponed
):
    old = on_day_at(date(2026, 3, 24), 9, 30)
    publish_at = old - timedelta(days=20)
    moved = old + timedelta(minutes=by_minutes)
    facts = facts_of(publish_at, old, affects_bids=affects, new_deadline_at=moved, postponed=postponed)
    found = refusals(clarifying.clarification_findings(facts))
    assert ("deadline-not-later" in found) == (by_minutes <= 0)
    assert ("deadline-unmoved" in found) == (not affects and not postponed)


@given(st.integers(-2, 2) | st.integers(-3000, 3000))
def test_what_does_not_affect_bids_appears_until_the_deadline(by_minutes):
    deadline_at = on_day_at(date(2026, 3, 24), 9, 30)
    found = clarifying.clarification_findings(
        facts_of(deadline_at + timedelta(minutes=by_minutes), deadline_at)
    )
    assert refusals(found) == (["clarification-too-late"] if by_minutes >= 0 else [])


def test_a_postponed_lot_needs_a_new_deadline_that_lies_ahead():
    old = on_day_at(date(2026, 3, 24), 9, 30)
    publish_at = old + timedelta(days=3)
    bare = clarifying.clarification_findings(facts_of(publish_at, old, postponed=True))
    assert refusals(bare) == ["new-deadline-needed"]
    behind = facts_of(publish_at, old, postponed=True, new_deadline_at=publish_at)
    assert refusals(clarifying.clarification_findings(behind)) == ["deadline-not-ahead"]
    ahead = facts_of(publish_at, old, postponed=True, new_deadline_at=publish_at + timedelta(days=3))
    assert refusals(clarifying.clarification_findings(ahead)) == []
    amended = replace(ahead, affects_bids=True)
    assert refusals(clarifying.clarification_findings(amended)) == ["W04"]


@pytest.fixture
def town(db) -> Market:
    return announced()


def new(town: Market, publish_at: datetime, **change) -> trading.NewClarification:
    return trading.NewClarification(
        **{
            "content": "第3页的桩长以结构图为准。",
            "affects_bids": True,
            "publish_at": publish_at,
            "new_deadline_at": None,
            **change,
        }
    )


def next_morning(town: Market, days: int = 1) -> datetime:
    return on_day_at(local_day(town.now) + timedelta(days=days), 9)


def draft(town: Market, publish_at: datetime, **change) -> notices.Notice:
    return trading.draft_clarification(town.hosts[0], town.lot, new(town, publish_at, **change), town.now)


def closings(town: Market) -> list[datetime]:
    return [each.due_at for each in agenda(trading.find_lot(town.lot).ref) if each.duty == "close-lot"]


def test_an_early_amendment_is_published_told_to_every_taker_and_leaves_the_deadline(town):
    before = town.deadline_at
    for bidder in town.bidders[:2]:
        trading.take_documents(bidder, town.lot, town.now)
    question = trading.ask(town.bidders[0], town.lot, "第3页的桩长以哪张图为准？", [], town.now)
    paper = stored_pdf("补充图纸")
    publish_at = next_morning(town)
    notice = draft(town, publish_at, papers=[paper], answers=[question.code])
    assert notice.corrects == trading.find_lot(town.lot).tender_notice
    assert not trading.may_read_tender_document(town.bidders[0], trading.find_lot(town.lot), paper[0])
    town.publish(notice.code, publish_at)
    lot = trading.find_lot(town.lot)
    assert notices.notice(notice.code).status == "published"
    assert lot.deadline_at == before
    assert trading.may_read_tender_document(town.bidders[0], lot, paper[0])
    assert not trading.may_read_tender_document(town.bidders[2], lot, paper[0])
    told = [trading.messages_for(each).filter(matter="documents-clarified").count() for each in town.bidders]
    assert told == [1, 1, 0, 0, 0]
    assert trading.questions_of(town.bidders[0], lot)[0].answered_in == notice.code
    assert "answer-questions" not in [each.step for each in trading.todos(town.hosts[0], town.now)]


def test_the_public_record_says_what_moved_and_neither_who_was_told_nor_how_many(town):
    for bidder in town.bidders[:3]:
        trading.take_documents(bidder, town.lot, town.now)
    publish_at = next_morning(town)
    town.publish(draft(town, publish_at).code, publish_at)
    sequence()
    public = [each for each in public_feed(0, 1000) if each.kind == "lot-clarified"]
    assert len(public) == 1
    assert public[0].facts["affects_bids"] is True
    hidden = [each for each in timeline(trading.find_lot(town.lot).ref, False) if each.kind == "takers-told"]
    assert len(hidden) == 1, "as many entries as takers would tell their number"
    assert all(bidder.organisation not in hidden[0].leaf.decode() for bidder in town.bidders)


def test_a_late_amendment_has_to_move_the_deadline_and_does_so_with_its_publication(town):
    town.bid(PRICES)
    town.work(on_day_at(local_day(town.deadline_at) - timedelta(days=14), 10))
    publish_at = next_morning(town)
    assert reasons(lambda: draft(town, publish_at)) == {"W04"}
    earliest_on = trading.earliest_deadline_on(publish_at, trading.find_lot(town.lot).law_on)
    short = on_day_at(earliest_on - timedelta(days=1), 9, 30)
    assert reasons(lambda: draft(town, publish_at, new_deadline_at=short)) == {"W04"}
    old, moved = town.deadline_at, on_day_at(earliest_on, 9, 30)
    notice = draft(town, publish_at, new_deadline_at=moved)
    assert notice.values["bid_deadline_at"] != notice.values["deadline_before_at"]
    assert town.deadline_at == old, "until it is published nothing moves"
    town.publish(notice.code, publish_at)
    assert town.deadline_at == moved
    assert [each.astimezone(SHANGHAI).date() for each in closings(town)] == [earliest_on]
    assert trading.lot_page(trading.find_lot(town.lot)).deadline_at == moved
    assert trading.messages_for(town.bidders[0]).first().matter == "deadline-moved"
    town.work(old + timedelta(minutes=1))
    assert town.stage == "bidding"
    trading.submit_bid(town.bidders[1], town.lot, town.sheet(480_000_000), [], town.now, replace=True)
    town.close()
    assert town.stage == "closed"


def test_the_agency_drafts_and_the_tenderee_confirms_and_a_later_instant_is_counted_anew(town):
    fifteen_before = on_day_at(local_day(town.deadline_at) - timedelta(days=15), 9)
    town.work(fifteen_before - timedelta(days=1))
    made = trading.draft_clarification(town.agency, town.lot, new(town, fifteen_before), town.now)
    too_late = fifteen_before + timedelta(days=1)
    assert reasons(lambda: trading.confirm_notice(town.hosts[0], made.code, too_late, town.now)) == {"W04"}
    assert reasons(lambda: draft(town, fifteen_before)) == {"notice-exists"}
    trading.confirm_notice(town.hosts[0], made.code, fifteen_before, town.now)
    trading.pass_notice(town.staff.checker, made.code, town.now)
    while work((trading.READER,), DUTIES, too_late).dues:
        pass
    assert notices.notice(made.code).status == "dropped"
    assert trading.messages_for(town.agency).first().matter == "notice-returned"
    assert trading.clarification_of(made.code).content == "第3页的桩长以结构图为准。"


def test_nobody_confirms_what_they_drafted_and_strangers_and_bidders_draft_nothing(town):
    publish_at = next_morning(town)
    notice = draft(town, publish_at)
    assert "D01" in reasons(lambda: trading.confirm_notice(town.hosts[0], notice.code, publish_at, town.now))
    text = new(town, publish_at)
    stranger = replace(town.hosts[0], organisation=town.bidders[0].organisation)
    assert reasons(lambda: trading.draft_clarification(stranger, town.lot, text, town.now)) == {
        "not-your-lot"
    }
    bidder = town.bidders[0]
    assert reasons(lambda: trading.draft_clarification(bidder, town.lot, text, town.now)) == {"no-permission"}
    trading.take_back_notice(town.hosts[0], notice.code, town.now)
    draft(town, publish_at)


def test_a_clarification_without_effect_moves_nothing_and_a_wrong_one_is_refused_with_every_reason(town):
    town.work(on_day_at(local_day(town.deadline_at) - timedelta(days=2), 10))
    publish_at = next_morning(town)
    found = reasons(
        lambda: draft(
            town,
            publish_at,
            content=" ",
            affects_bids=False,
            answers=["Q-NONE"],
            new_deadline_at=town.deadline_at,
        )
    )
    assert found == {"question-length", "deadline-not-later", "deadline-unmoved", "no-such-question"}
    old = town.deadline_at
    town.publish(draft(town, publish_at, affects_bids=False).code, publish_at)
    assert town.deadline_at == old
    town.close()
    assert town.stage == "failed"
    assert reasons(lambda: draft(town, next_morning(town))) == {"wrong-stage-now"}
