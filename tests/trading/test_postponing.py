"""Corrections and postponements: published notices stay as they are, a deadline moves later and everybody is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.business.trading import api as trading
from yiwang.business.trading.rules import postponing
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import agenda, sequence, timeline

from .test_rules_properties import LOT, days_2026, hours, minutes, refusals, step
from .world import Market, announced

RULES_TESTED = ("W03",)

PRICES = [500_000_000, 490_000_000, 510_000_000]


def reasons(call) -> set[str]:
    with pytest.raises(Refused) as caught:
        call()
    return {each.rule for each in caught.value.findings}


@given(
    days_2026,
    hours,
    minutes,
    st.integers(-2, 2) | st.integers(-5000, 5000),
    st.integers(-2, 2),
    st.booleans(),
)
def test_a_deadline_is_put_off_to_a_later_instant_before_it_has_come(
    day, hour, minute, later, before, postponed
):
    old = on_day_at(day, hour, minute)
    publish_at, moved = old - timedelta(minutes=before), old + timedelta(minutes=later)
    lot = replace(LOT, stage="bidding", deadline_at=old, postponed=postponed)
    facts = step(lot, at=publish_at, publish_at=publish_at, new_deadline_at=moved)
    wanted = {"deadline-not-later"} if later <= 0 else set()
    wanted |= {"deadline-not-ahead"} if moved <= publish_at else set()
    wanted |= {"postponed-too-late"} if before <= 0 and not postponed else set()
    assert set(refusals(postponing.later_deadline_findings(facts))) == wanted


@pytest.fixture
def town(db) -> Market:
    return announced()


def morning(town: Market):
    return on_day_at(local_day(town.now) + timedelta(days=1), 9)


def test_a_postponement_moves_the_closing_tells_every_taker_and_points_to_the_tender_notice(town):
    town.bid(PRICES)
    old = town.deadline_at
    put_off = lambda moved: trading.draft_postponement(  # noqa: E731
        town.agency, town.lot, "系统维护。", moved, morning(town), town.now
    )
    assert reasons(lambda: put_off(old)) == {"deadline-not-later"}
    moved = old + timedelta(days=3)
    notice = put_off(moved)
    assert reasons(lambda: put_off(moved)) == {"notice-exists"}
    town.publish(notice.code, morning(town))
    assert town.deadline_at == moved
    assert notices.notice(notice.code).corrects == trading.find_lot(town.lot).tender_notice
    assert {trading.messages_for(each).first().matter for each in town.bidders[:3]} == {"lot-postponed"}
    (due,) = [each for each in agenda(trading.find_lot(town.lot).ref) if each.duty == "close-lot"]
    assert due.due_at >= moved
    sequence()
    entry = timeline(trading.find_lot(town.lot).ref)[-1]
    assert entry.kind == "lot-postponed"
    town.work(old + timedelta(minutes=1))
    assert town.stage == "bidding"
    town.close()
    assert town.stage == "closed"


def test_a_correction_points_to_a_published_notice_changes_nothing_and_amends_no_documents(town):
    lot = trading.find_lot(town.lot)
    correct = lambda original, affects=False: trading.draft_correction(  # noqa: E731
        town.agency, town.lot, original, "原为“第三开标室”，更正为“第二开标室”。", affects, town.now
    )
    assert reasons(lambda: correct("N-1")) == {"no-such-original"}
    with pytest.raises(Refused) as caught:
        correct(lot.tender_notice, True)
    assert "第二十一条" in caught.value.findings[0].source
    before = notices.notice(lot.tender_notice).sha256
    notice = correct(lot.tender_notice)
    town.publish(notice.code, morning(town))
    assert notices.notice(lot.tender_notice).sha256 == before
    assert [each.code for each in notices.corrections(lot.tender_notice)] == [notice.code]
    assert notices.notice(notice.code).values["matter"] == "notice"
    after = trading.find_lot(town.lot)
    assert (after.stage, after.deadline_at) == (lot.stage, lot.deadline_at)


@given(
    st.sampled_from(("bidding", "closed", "applying", "opened")),
    st.sampled_from(("tender-notice", "bid-invitation", "result-notice")),
    st.sampled_from(("", "二楼第一开标室", "三楼第二开标室")) | st.integers(198, 203).map("室".__mul__),
)
def test_a_place_is_corrected_before_the_opening_in_the_notice_that_named_it(stage, form, after):
    found = list(postponing.corrected_place_findings(stage, "二楼第一开标室", after, form))
    wanted = {"place-of-other-notice"} if form == "result-notice" else set()
    wanted |= {"place-after-opening"} if stage != "bidding" else set()
    wanted |= {"place-too-long"} if len(after) > 200 else set()
    wanted |= {"place-unchanged"} if after == "二楼第一开标室" else set()
    assert {each.rule for each in found} == (wanted if after else set())
    assert all(each.field == "opening_place" for each in found)


def test_a_corrected_place_counts_from_the_publication_on_and_says_which_notice_changed_it(town):
    town.bid(PRICES)
    lot = trading.find_lot(town.lot)
    old, new = lot.opening_place, "市公共资源交易中心三楼第二开标室"
    notice = trading.draft_correction(
        town.agency, town.lot, lot.tender_notice, "开标地点更正。", False, town.now, new
    )
    assert trading.find_lot(town.lot).opening_place == old
    at = morning(town)
    town.publish(notice.code, at)
    page = trading.lot_page(trading.find_lot(town.lot))
    (change,) = page.changes
    assert (page.opening_place, change.term, change.before, change.after) == (new, "opening-place", old, new)
    assert (change.notice, change.at) == (notice.code, notices.notice(notice.code).published_at)
    assert {trading.messages_for(each).first().matter for each in town.bidders[:3]} == {"place-corrected"}
    assert trading.standings([lot.tender_notice, notice.code]) == {
        lot.tender_notice: "corrected",
        notice.code: "",
    }
    for code, standing in trading.standings([lot.tender_notice, notice.code]).items():
        assert trading.standing_of(notices.notice(code)) == standing
    later = page.deadline_at + timedelta(days=3)
    put_off = trading.draft_postponement(town.agency, town.lot, "维护。", later, morning(town), town.now)
    town.publish(put_off.code, morning(town))
    changes = trading.lot_page(trading.find_lot(town.lot)).changes
    assert [(each.term, each.notice) for each in changes] == [
        ("opening-place", notice.code),
        ("deadline", put_off.code),
    ]
    assert (changes[1].before, changes[1].after) == (page.deadline_at, later)


def test_a_corrected_place_that_comes_too_late_does_not_appear(town):
    town.bid(PRICES)
    lot = trading.find_lot(town.lot)
    notice = trading.draft_correction(
        town.agency, town.lot, lot.tender_notice, "开标地点更正。", False, town.now, "另一开标室"
    )
    town.close()
    assert reasons(lambda: town.publish(notice.code, morning(town))) == {"place-after-opening"}
    assert trading.find_lot(town.lot).opening_place == lot.opening_place
