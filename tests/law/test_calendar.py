"""The official calendar, compared with the facts of the State Council's notices."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.law import api
from yiwang.law.calendar import provisional_day_off

FACTS = tomllib.loads(Path(__file__).with_name("workdays.toml").read_text("utf-8"))
OFF = {date.fromisoformat(day) for days in FACTS["off"].values() for day in days}
MAKE_UP = {day for days in FACTS["make_up"].values() for day in days}
DAYS = [date(2023, 1, 1) + timedelta(days=number) for number in range(1461)]
FIRST_UNPUBLISHED = next(year for year in range(2026, 2200) if not api.is_published(year))


def test_the_calendar_agrees_with_the_notices_on_every_day_of_four_years() -> None:
    assert DAYS[-1] == date(2026, 12, 31)
    for day in DAYS:
        working = day in MAKE_UP or (day.weekday() < 5 and day not in OFF)
        assert api.is_working_day(day) is working, day


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_each_year_has_the_known_number_of_working_days(year: int) -> None:
    working = sum(api.is_working_day(day) for day in DAYS if day.year == year)
    assert working == FACTS["working_days"][str(year)]


def test_26_weekend_days_are_made_up_for() -> None:
    assert len(MAKE_UP) == 26
    assert all(day.weekday() > 4 and api.is_working_day(day) for day in MAKE_UP)


def test_new_years_eve_of_2024_was_a_working_day_and_that_of_2025_was_not() -> None:
    assert api.is_working_day(date(2024, 2, 9))
    assert not api.is_working_day(date(2025, 1, 28))


def test_a_day_off_says_why_in_both_languages() -> None:
    why = api.day_off(date(2026, 10, 1))
    assert why is not None
    assert (why.zh, why.en) == ("国庆节", "National Day")
    saturday = api.day_off(date(2026, 11, 28))
    assert saturday is not None
    assert saturday.zh == "星期六"


def test_every_holiday_of_the_package_has_its_chinese_name() -> None:
    from chinese_calendar.constants import holidays

    for day in holidays:
        why = api.day_off(day)
        assert why is not None
        assert why.zh
        assert why.zh != why.en


@given(
    st.dates(date(FIRST_UNPUBLISHED, 1, 1), date(2199, 12, 31))
    | st.dates(date(1990, 1, 1), date(2003, 12, 31))
)
def test_outside_the_published_years_nobody_says_what_a_working_day_is(day: date) -> None:
    with pytest.raises(api.CalendarNotPublished) as raised:
        api.is_working_day(day)
    assert raised.value.year == day.year
    assert "尚未公布" in str(raised.value)
    assert "not yet published" in str(raised.value)


def test_a_year_of_which_only_new_year_is_known_is_not_published(monkeypatch: pytest.MonkeyPatch) -> None:
    from chinese_calendar import constants

    known = dict(constants.holidays)
    known[date(FIRST_UNPUBLISHED, 1, 1)] = "New Year's Day"
    monkeypatch.setattr("yiwang.law.calendar._published_holidays", known)
    api.is_published.cache_clear()
    try:
        assert not api.is_published(FIRST_UNPUBLISHED)
    finally:
        api.is_published.cache_clear()


def test_the_provisional_calendar_knows_weekends_and_the_holidays_of_fixed_date() -> None:
    year = 2180  # 1 May 2180 is a Monday: a day off by its date, not by its weekday
    assert date(year, 5, 1).weekday() == 0
    assert provisional_day_off(date(year, 5, 1)) is not None
    assert provisional_day_off(date(year, 5, 3)) is None
    assert provisional_day_off(date(year, 5, 6)) is not None


@given(st.sampled_from(DAYS))
def test_inside_the_published_years_the_provisional_calendar_is_the_official_one(day: date) -> None:
    assert provisional_day_off(day) == api.day_off(day)
