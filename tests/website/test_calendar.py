"""The calendar: what is due stands on its day, in the grid and in files that calendars of any make can follow."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.site.api_world import Town, town
from yiwang.business.trading import api as trading
from yiwang.doors.website import dates, ics, months, places
from yiwang.doors.website.models import DatedMatter
from yiwang.doors.website.rendering import UnknownPage, render
from yiwang.pure.kernel.days import end_of, local_day, on_day_at, start_of


@pytest.fixture
def built(db: None) -> Town:
    return town()


def rows(built: Town) -> dict[str, DatedMatter]:
    return {row.kind: row for row in DatedMatter.objects.filter(lot=built.market.lot)}


def page(built: Town, name: str, language: str = "zh-hans") -> str:
    return render(name, language, built.market.now).decode()


def test_a_published_tender_stands_in_the_calendar_on_its_days(built: Town) -> None:
    lot = trading.lot_page(trading.find_lot(built.market.lot))
    found = rows(built)
    assert found["opening"].at == lot.deadline_at
    assert found["documents"].at == end_of(lot.documents_until_on)
    assert not any(row.off for row in found.values())
    agenda, opened_on = page(built, places.CALENDAR), local_day(lot.deadline_at)
    assert f'id="day-{opened_on}"' in agenda
    documents = agenda.partition(f'id="day-{lot.documents_until_on}"')[2].partition("</section>")[0]
    assert "24:00" in documents
    assert "招标文件获取截止" in documents
    month = page(built, places.month_page(opened_on), "en")
    assert f'href="#day-{opened_on}"' in month
    assert '<span class="month-word">openings</span> 1<' in month


def test_a_tender_that_is_not_announced_stands_in_no_calendar(db: None) -> None:
    from tests.trading.world import market
    from yiwang.doors.website.services import note_project
    from yiwang.record.journal.api import act

    made = market()
    made.register()
    with act():
        note_project(made.lot[:17], made.now)
    assert not DatedMatter.objects.exists()


def test_a_moved_deadline_moves_its_event_and_says_so_to_calendars_that_hold_it(built: Town) -> None:
    market = built.market
    before = rows(built)["opening"]
    publish_at = on_day_at(local_day(market.now) + timedelta(days=1), 9)
    text = trading.NewClarification(
        content="调整图纸。",
        affects_bids=True,
        publish_at=publish_at,
        new_deadline_at=before.at + timedelta(days=15),
    )
    notice = trading.draft_clarification(market.agency, market.lot, text, market.now).code
    market.publish(notice, publish_at)
    built.until(publish_at + timedelta(minutes=1))
    after = rows(built)["opening"]
    assert (after.at, after.changes) == (text.new_deadline_at, before.changes + 1)
    told = unfolded(render(places.lot_calendar(market.lot), "zh-hans", market.now))
    key = f"UID:{market.lot}-opening@localhost"
    event = told[told.index(key) :]
    assert f"SEQUENCE:{after.changes}" in event
    assert f"DTSTART:{text.new_deadline_at.astimezone(UTC):%Y%m%dT%H%M%SZ}" in event


def test_what_was_still_to_come_of_a_terminated_lot_is_called_off(built: Town) -> None:
    lot = trading.lot_page(trading.find_lot(built.market.lot))
    from dataclasses import replace

    ended = replace(lot, stage="terminated", stage_since_at=lot.deadline_at - timedelta(seconds=1))
    late = replace(lot, stage="terminated", stage_since_at=lot.deadline_at)
    assert {each.kind: each.off for each in dates.dated_matters(ended)}["opening"]
    assert not {each.kind: each.off for each in dates.dated_matters(late)}["opening"]


def test_the_same_facts_again_move_nothing(built: Town) -> None:
    from yiwang.doors.website.services import note_project
    from yiwang.record.journal.api import act

    before = list(DatedMatter.objects.values_list())
    with act():
        note_project(built.market.lot[:17], built.market.now + timedelta(hours=1))
    assert list(DatedMatter.objects.values_list()) == before


@pytest.mark.parametrize(
    "name", ["calendar/2019-01/", "calendar/2026-13/", "calendar/x.ics", "calendar/lots/X.ics"]
)
def test_a_month_or_lot_without_anything_has_no_page(built: Town, name: str) -> None:
    with pytest.raises(UnknownPage):
        render(name, "en", built.market.now)


def test_the_files_of_a_kind_hold_that_kind_only(built: Town) -> None:
    everything = unfolded(render(places.calendar_file("all"), "en", built.market.now))
    openings = unfolded(render(places.calendar_file("opening"), "en", built.market.now))
    assert sum(line == "BEGIN:VEVENT" for line in everything) == len(rows(built))
    assert sum(line == "BEGIN:VEVENT" for line in openings) == 1


def unfolded(text: bytes) -> list[str]:
    """The content lines of a calendar (RFC 5545 3.1)."""
    assert text.endswith(b"\r\n")
    return text.decode().replace("\r\n ", "").split("\r\n")[:-1]


ANY_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")) | st.sampled_from("\n,;\\"), max_size=90
)


@given(title=ANY_TEXT, ends=st.booleans(), off=st.booleans())
def test_no_line_is_longer_than_75_octets_and_every_text_comes_back(
    title: str, ends: bool, off: bool
) -> None:
    at = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    event = ics.Event("K", at, title, "d", "", "http://localhost/", at, 0, off, ends)
    written = ics.calendar("名", [event])
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    summary = next(line for line in unfolded(written) if line.startswith("SUMMARY:"))[8:]
    back, escaped = "", False
    for char in summary:
        if escaped:
            back, escaped = back + ("\n" if char == "n" else char), False
        elif char == "\\":
            escaped = True
        else:
            back += char
    assert back == title


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_what_ends_at_24_00_belongs_to_the_day_that_ends(day: date) -> None:
    assert months.day_of(DatedMatter(at=end_of(day))) == day
    assert months.day_of(DatedMatter(at=start_of(day) + timedelta(seconds=1))) == day
    assert months.last_month(months.next_month(months.first_of(day))) == months.first_of(day)
