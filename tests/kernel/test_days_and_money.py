"""Days are those of Shanghai, instants carry a zone, money is exact."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.pure.kernel.days import (
    SHANGHAI,
    NaiveInstant,
    days_between,
    end_of,
    from_iso,
    iso,
    local_day,
    on_day_at,
    shown,
    start_of,
)
from yiwang.pure.kernel.money import MAX_FEN, NotMoney, fen_from_yuan, percent_of, shown_wan, shown_yuan, yuan

instants = st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))


def test_an_early_morning_in_shanghai_is_not_yesterday():
    deadline = datetime(2026, 3, 24, 7, 0, tzinfo=SHANGHAI)
    assert deadline.astimezone(UTC).date() == date(2026, 3, 23)
    assert local_day(deadline) == local_day(deadline.astimezone(UTC)) == date(2026, 3, 24)


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(0, 23), st.integers(0, 59))
def test_every_hour_of_a_local_day_belongs_to_it(day, hour, minute):
    instant = on_day_at(day, hour, minute)
    assert local_day(instant.astimezone(UTC)) == day
    assert start_of(day) <= instant < end_of(day) == start_of(day + timedelta(days=1))


@given(instants)
def test_an_instant_is_written_in_one_form_and_read_back(instant):
    text = iso(instant)
    assert len(text) == 27
    assert text.endswith("Z")
    assert from_iso(text) == instant
    assert iso(instant.astimezone(timezone(timedelta(hours=-3)))) == text


@given(instants, instants)
def test_the_order_of_texts_is_the_order_of_instants(one, other):
    assert (iso(one) < iso(other)) == (one < other)


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(-2, 2) | st.integers(0, 86_399))
def test_midnight_ends_its_day_unless_something_begins_then(day, seconds):
    instant = start_of(day) + timedelta(seconds=seconds)
    plain = instant.strftime("%Y-%m-%d %H:%M:%S")
    assert shown(instant, seconds=True, begins=True) == plain
    assert shown(instant.astimezone(UTC), begins=True) == plain[:16]
    ended = f"{day - timedelta(days=1)} 24:00:00" if seconds == 0 else plain
    assert shown(instant.astimezone(UTC), seconds=True) == ended
    assert shown(instant) == ended[:16]
    assert shown(end_of(day)) == f"{day} 24:00"


@pytest.mark.parametrize("call", [local_day, iso, shown])
def test_an_instant_without_a_zone_is_refused(call):
    with pytest.raises(NaiveInstant):
        call(datetime(2026, 1, 1))


def test_a_text_without_a_zone_is_refused():
    with pytest.raises(NaiveInstant):
        from_iso("2026-01-01T00:00:00")


def test_the_first_day_is_not_counted():
    assert days_between(date(2024, 2, 28), date(2024, 3, 1)) == 2  # a leap year
    assert shown(datetime(2026, 1, 1, 16, 30, tzinfo=UTC)) == "2026-01-02 00:30"


@given(st.integers(0, MAX_FEN))
def test_an_amount_is_read_back_as_it_is_shown(fen):
    assert fen_from_yuan(shown_yuan(fen)) == fen == fen_from_yuan(yuan(fen))


@pytest.mark.parametrize(
    "text",
    [
        *("", "1.234", "-1", "1e30", "NaN", "Infinity", "十", "1 2", "9" * 30),
        *("9E999999", "-1E999999", "1e-999999", "1_0", ".", "1e", "1." + "0" * 26, "90071992547409.92"),
        *("0." + "0" * 22 + "1", "90071992547409.91" + "0" * 15 + "1"),
    ],
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(NotMoney):
        fen_from_yuan(text)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        *(("0", 0), ("1,234.5", 123_450), ("1，000", 100_000), (" 0.01 ", 1), ("1e2", 10_000)),
        *(("１２，３４５．６７", 1_234_567), ("　100　", 10_000), (".5", 50), ("5.", 500), ("0.00", 0)),
        *(("-0", 0), ("0.010", 1), ("90071992547409.91", MAX_FEN)),
    ],
)
def test_amounts_as_people_write_them(text, fen):
    assert fen_from_yuan(text) == fen


@given(st.integers(0, 10**15), st.integers(0, 10_000))
def test_a_share_is_rounded_half_up_once(fen, hundredths):
    share = percent_of(fen, Decimal(hundredths) / 100)
    doubled = 2 * fen * hundredths
    assert (2 * share - 1) * 10_000 <= doubled < (2 * share + 1) * 10_000


def test_wan_shows_what_is_needed_and_no_more():
    assert shown_wan(123_456_700) == "123.4567"
    assert shown_wan(1_000_000_000) == "1,000.00"
