"""Counting: the published vectors, both sides of every boundary, all hours of the local day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from yiwang.law import api
from yiwang.law.clocks import clock, months_after
from yiwang.pure.kernel.days import NaiveInstant, end_of, local_day, on_day_at, start_of
from yiwang.pure.kernel.words import Words

RULES_TESTED = (
    "W01", "W02", "W03", "W04", "W05", "W06", "W07", "W08", "W15", "W21", "W21-start", "W23", "W24", "W25",
    "W27", "W28", "W28-accept", "W-media", "P02", "P18", "P23",
)  # fmt: skip

LAW_ON = date(2024, 1, 1)
PUBLISHED = [date(2023, 1, 1) + timedelta(days=number) for number in range(1300)]
# Days around which counts go wrong: holidays with their make-up days, leap day, turn of the year.
EDGES = [
    date(2023, 1, 20), date(2023, 4, 28), date(2023, 9, 28), date(2023, 12, 29), date(2024, 2, 8), date(2024, 2, 29),
    date(2024, 4, 30), date(2024, 9, 13), date(2024, 9, 30), date(2025, 1, 26), date(2025, 4, 30), date(2025, 9, 30),
    date(2025, 12, 31), date(2026, 2, 13), date(2026, 4, 30), date(2026, 9, 30),
]  # fmt: skip
days = st.sampled_from(PUBLISHED) | st.builds(
    lambda edge, shift: edge + timedelta(days=shift), st.sampled_from(EDGES), st.integers(-12, 12)
).filter(lambda day: day < date(2026, 10, 20))
seconds = st.sampled_from([0, 1, 8 * 3600 - 1, 8 * 3600, 12 * 3600, 16 * 3600, 86_398, 86_399]) | st.integers(
    0, 86_399
)
instants = st.builds(lambda day, second: start_of(day) + timedelta(seconds=second), days, seconds)
forward_days = st.sampled_from(
    ["W02", "W03", "W08", "W15", "W21", "W21-start", "W23", "W24", "W25", "W27", "W01"]
)
backward_days = st.sampled_from(["W04", "W05", "W06", "W07"])
working = st.sampled_from(["W28", "W28-accept", "P02", "P18", "P15", "P21"])


def on_day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "nth"),
    [
        (
            "2023-01-18",
            {1: "2023-01-19", 5: "2023-01-30", 7: "2023-02-01", 20: "2023-02-20", 40: "2023-03-20"},
        ),
        ("2023-04-20", {2: "2023-04-23", 5: "2023-04-26", 20: "2023-05-19"}),
        ("2023-09-27", {2: "2023-10-07", 5: "2023-10-10", 20: "2023-10-31"}),
        ("2024-02-05", {5: "2024-02-18", 20: "2024-03-08"}),
        ("2025-01-24", {1: "2025-01-26", 5: "2025-02-07"}),
        ("2026-02-12", {2: "2026-02-14", 5: "2026-02-26", 20: "2026-03-18"}),
        ("2026-09-30", {1: "2026-10-08", 5: "2026-10-13", 20: "2026-11-03"}),
    ],
)
def test_the_nth_working_day_after_a_day_is_the_known_one(start: str, nth: dict[int, str]) -> None:
    thirty = api.limit("W28", LAW_ON)
    for number, expected in nth.items():
        counted = clock(replace(thirty, value=number), on_day(start))
        assert counted.result_on == on_day(expected)
        assert not counted.provisional


@pytest.mark.parametrize(
    ("rule", "start", "result", "strict"),
    [
        ("P02", "2024-09-30", "2024-10-11", "2024-10-12"),
        ("P02", "2024-08-29", "2024-09-04", "2024-09-05"),
        ("W01", "2024-08-29", "2024-09-02", "2024-09-03"),
        ("W03", "2024-08-29", "2024-09-18", "2024-09-18"),
        ("W21", "2023-04-28", "2023-05-04", "2023-05-04"),
    ],
)
def test_the_published_vectors_hold_with_their_strict_count(
    rule: str, start: str, result: str, strict: str
) -> None:
    counted = api.clock(rule, on_day(start), LAW_ON)
    assert (counted.result_on, counted.strict_on) == (on_day(result), on_day(strict))
    assert counted.strict_differs is (result != strict)


@given(instants)
@example(datetime(2024, 8, 29, 15, 59, 59, tzinfo=UTC))
@example(datetime(2024, 8, 29, 16, 0, 0, tzinfo=UTC))
def test_the_bid_period_gives_twenty_days_after_the_local_day_of_issue(issued_at: datetime) -> None:
    counted = api.clock("W03", issued_at, LAW_ON)
    assert (counted.result_on - local_day(issued_at)).days == 20
    assert counted.result_at == start_of(counted.result_on)
    assert not counted.provisional


@given(instants, forward_days | backward_days | working)
def test_the_hour_of_the_day_never_changes_a_count_in_days(at: datetime, rule: str) -> None:
    by_instant, by_day = api.clock(rule, at, LAW_ON), api.clock(rule, local_day(at), LAW_ON)
    assert (by_instant.result_on, by_instant.strict_on) == (by_day.result_on, by_day.strict_on)
    assert by_instant.result_at == by_day.result_at
    assert api.clock(rule, at.astimezone(UTC), LAW_ON).result_on == by_day.result_on


@given(days, forward_days | backward_days | working)
def test_the_counted_days_are_as_many_as_the_law_says_and_none_is_also_left_out(day: date, rule: str) -> None:
    counted = api.clock(rule, day, LAW_ON)
    left_out = [each for each, _ in counted.not_counted]
    assert len(counted.counted) == len(set(counted.counted)) == counted.limit.value
    assert not set(counted.counted) & set(left_out)
    assert len(left_out) == len(set(left_out))
    assert counted.counted[-1] == counted.result_on


@given(days, working)
def test_working_days_and_days_left_out_cover_the_span_without_a_gap(day: date, rule: str) -> None:
    counted = api.clock(rule, day, LAW_ON)
    covered = sorted([*counted.counted, *(each for each, _ in counted.not_counted)])
    assert covered == [day + timedelta(days=number) for number in range((counted.result_on - day).days + 1)]
    assert all(api.is_working_day(each) for each in counted.counted)


@given(days, working)
def test_each_day_left_out_of_working_days_is_the_first_or_off_and_says_why(day: date, rule: str) -> None:
    for left_out, why in api.clock(rule, day, LAW_ON).not_counted:
        assert left_out == day or why == api.day_off(left_out)
        assert why.zh
        assert why.en


@given(days)
def test_publicity_ends_on_the_first_working_day_from_the_third_day_after_it_began(started_on: date) -> None:
    counted = api.clock("W21", started_on, LAW_ON)
    assert counted.result_on >= started_on + timedelta(days=3)
    assert api.is_working_day(counted.result_on)
    day = started_on + timedelta(days=3)
    while day < counted.result_on:
        assert not api.is_working_day(day)
        day += timedelta(days=1)
    assert counted.result_at == end_of(counted.result_on)
    assert counted.rolled is not api.is_working_day(started_on + timedelta(days=3))


@given(days, forward_days)
def test_only_rows_that_say_so_move_past_days_off(day: date, rule: str) -> None:
    counted = api.clock(rule, day, LAW_ON)
    included = counted.limit.counting == "first-day-included"
    plain = day + timedelta(days=int(counted.limit.value) - included)
    if counted.limit.roll == "none":
        assert counted.result_on == plain
    else:
        assert counted.result_on >= plain
        assert counted.rolled is (counted.result_on > plain)


@given(instants, backward_days)
def test_backward_periods_end_with_the_whole_day_n_days_before_and_holidays_do_not_move_them(
    deadline_at: datetime, rule: str
) -> None:
    counted = api.clock(rule, deadline_at, LAW_ON)
    assert counted.result_on == local_day(deadline_at) - timedelta(days=int(counted.limit.value))
    assert counted.result_at == end_of(counted.result_on)
    assert not counted.rolled
    assert not counted.provisional


@given(days, st.sampled_from(["W01", "P02", "P18"]))
def test_a_window_counts_its_first_day_and_strictly_lasts_at_least_as_long(day: date, rule: str) -> None:
    counted = api.clock(rule, day, LAW_ON)
    assert counted.strict_on >= counted.result_on
    assert counted.strict_at == end_of(counted.strict_on)
    if rule == "W01":
        assert counted.strict_on == counted.result_on + timedelta(days=1)
    elif api.is_working_day(day):
        assert counted.counted[0] == day
        assert counted.strict_on > counted.result_on
    else:
        assert counted.strict_on == counted.result_on


@given(days, working | forward_days)
def test_a_later_beginning_never_ends_earlier(day: date, rule: str) -> None:
    assert (
        api.clock(rule, day, LAW_ON).result_on <= api.clock(rule, day + timedelta(days=1), LAW_ON).result_on
    )


@given(instants)
def test_hours_run_from_the_moment_through_nights_and_holidays(at: datetime) -> None:
    counted = api.clock("W-media", at, LAW_ON)
    assert counted.result_at - at == timedelta(hours=12)
    assert counted.result_on == local_day(counted.result_at)
    assert not counted.not_counted


def test_hours_need_an_instant_and_a_share_is_no_clock() -> None:
    with pytest.raises(api.NotAClock):
        api.clock("W-media", date(2024, 1, 2), LAW_ON)
    with pytest.raises(api.NotAClock):
        api.clock("W14", date(2024, 1, 2), LAW_ON)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveInstant):
        api.clock("W03", datetime(2024, 1, 2, 9), LAW_ON)


@pytest.mark.parametrize(
    ("day", "number", "result"),
    [
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-12-15", 1, "2025-01-15"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-01-31", -2, "2023-11-30"),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_a_shorter_month(
    day: str, number: int, result: str
) -> None:
    assert months_after(on_day(day), number) == on_day(result)


def test_files_of_a_purchase_are_kept_fifteen_years() -> None:
    assert api.clock("P23", date(2024, 3, 1), LAW_ON).result_on == date(2039, 3, 1)


UNPUBLISHED = next(year for year in range(2026, 2200) if not api.is_published(year))


@given(st.integers(-40, 40), working)
def test_a_count_that_looks_into_an_unpublished_year_is_provisional_and_only_that(
    shift: int, rule: str
) -> None:
    counted = api.clock(rule, date(UNPUBLISHED, 1, 1) + timedelta(days=shift), LAW_ON)
    asked = [*counted.counted, *(day for day, _ in counted.not_counted[1:])]
    looked = any(day.year >= UNPUBLISHED for day in asked) or counted.strict_on.year >= UNPUBLISHED
    assert counted.provisional is looked
    assume(counted.provisional)
    assert counted.unpublished_years == (UNPUBLISHED,)
    with pytest.raises(api.CalendarNotPublished):
        counted.certain()
    assert "暂定" in counted.explanation("zh")
    assert "Provisional" in counted.explanation("en")


def test_a_window_whose_strict_count_alone_looks_into_an_unpublished_year_is_provisional() -> None:
    last = date(UNPUBLISHED - 1, 12, 31)
    while not api.is_working_day(last):
        last -= timedelta(days=1)
    counted = api.clock("P18", last, LAW_ON)
    assert counted.result_on == last
    assert counted.provisional


def test_calendar_days_that_do_not_move_need_no_calendar() -> None:
    counted = api.clock("W03", date(UNPUBLISHED, 2, 1), LAW_ON)
    assert not counted.provisional
    assert counted.certain() is counted


def test_publicity_into_an_unpublished_year_is_provisional_but_one_that_ends_before_is_not() -> None:
    last = date(UNPUBLISHED - 1, 12, 31)
    assert api.clock("W21", last, LAW_ON).provisional
    assert not api.clock("W21", last - timedelta(days=10), LAW_ON).provisional


def test_the_explanation_names_article_result_and_each_day_left_out() -> None:
    counted = api.clock("W21", on_day_at(date(2023, 4, 28), 10), LAW_ON)
    chinese, english = counted.explanation("zh-hans"), counted.explanation("en")
    assert "第五十四条" in chinese
    assert "2023-05-04（至24时）" in chinese
    assert "2023-05-01…2023-05-03（末日逢劳动节，顺延）" in chinese
    assert "第二百零三条" in chinese
    assert "last day 2023-05-04 (until 24:00)" in english
    assert "Labour Day" in english


def test_the_explanation_of_a_backward_period_says_before_and_of_a_window_gives_the_strict_count() -> None:
    assert "之前不少于15日" in api.clock("W04", date(2024, 9, 18), LAW_ON).explanation("zh")
    assert "at least 15 calendar days before" in api.clock("W04", date(2024, 9, 18), LAW_ON).explanation("en")
    assert "为2024-09-03" in api.clock("W01", date(2024, 8, 29), LAW_ON).explanation("zh")


@given(days, forward_days | backward_days | working)
def test_the_data_form_of_an_explanation_carries_the_same_result(day: date, rule: str) -> None:
    counted = api.clock(rule, day, LAW_ON)
    answer = counted.as_json()
    assert answer["result"] == counted.result_on.isoformat()
    assert ("strict_result" in answer) is counted.strict_differs
    left_out = answer["not_counted"]
    assert isinstance(left_out, list)
    assert [each["day"] for each in left_out] == [each.isoformat() for each, _ in counted.not_counted]


def test_shares_are_exact() -> None:
    assert api.limit("W14", LAW_ON).share == Fraction(1, 50)
    assert api.limit("W16-experts", LAW_ON).share == Fraction(2, 3)
    with pytest.raises(TypeError):
        _ = api.limit("W03", LAW_ON).share


@given(days, st.sampled_from(["W08", "W23", "W28", "W28-accept"]), st.integers(-9, 40), st.integers(0, 9))
def test_days_in_a_pause_do_not_count_and_all_others_count_as_without_it(
    day: date, rule: str, after: int, length: int
) -> None:
    why = Words("停", "paused")
    pause = api.Pause(day + timedelta(days=after), day + timedelta(days=after + length), why)
    limit = api.limit(rule, LAW_ON)
    wanted: list[date] = []
    each = day
    while len(wanted) < limit.at_most:
        each += timedelta(days=1)
        paused = pause.after_on < each <= pause.until_on
        if not paused and (limit.unit == "calendar-day" or api.is_working_day(each)):
            wanted.append(each)
    found = api.clock(rule, day, LAW_ON, pauses=(pause,))
    assert found.counted[:-1] == tuple(wanted[:-1])
    assert found.result_on == wanted[-1] or (found.rolled and not api.is_working_day(wanted[-1]))
    assert all(pause.covers(left) for left, said in found.not_counted if said == why)
