"""Which openings stand in each other's way, and which days a view of the calendar shows."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yiwang.doors.hall.rules import (
    LIST_DAYS,
    OPENING_TAKES,
    TIME,
    VENUE,
    VIEWS,
    Conflict,
    Opening,
    conflicts,
    earlier_day,
    shown_days,
)
from yiwang.pure.kernel.days import SHANGHAI

FUNCTIONS_TESTED = ("conflicts", "shown_days", "earlier_day")
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
# Centred on the hour that an opening takes.
MINUTES = st.integers(58, 62) | st.integers(0, 200)
openings = st.lists(
    st.builds(
        lambda lot, minutes, place: Opening(f"L{lot}", NINE + timedelta(minutes=minutes), place),
        st.integers(0, 6),
        MINUTES,
        st.sampled_from(["一号", "二号", ""]),
    ),
    max_size=8,
    unique_by=lambda each: each.lot,
)


@given(openings, st.booleans())
def test_two_openings_meet_exactly_where_they_are_less_than_an_hour_apart(
    given_openings: list[Opening], same_people: bool
) -> None:
    found = set(conflicts(given_openings, same_people))
    for first in given_openings:
        for second in given_openings:
            if first.lot == second.lot:
                continue
            near = abs(first.at - second.at) < OPENING_TAKES
            one_place = first.place == second.place != ""
            assert (Conflict(first.lot, second.lot, VENUE) in found) is (near and one_place)
            assert (Conflict(first.lot, second.lot, TIME) in found) is (
                near and not one_place and same_people
            )
    assert all(Conflict(each.other, each.lot, each.kind) in found for each in found)


def test_the_next_opening_may_begin_when_the_hour_is_over() -> None:
    first = Opening("A", NINE, "一号")
    assert conflicts([first, Opening("B", NINE + timedelta(minutes=60), "一号")], True) == []
    assert (
        len(conflicts([first, Opening("B", NINE + timedelta(minutes=59, seconds=59), " 一号 ")], False)) == 2
    )


@given(st.sampled_from(VIEWS), st.dates(date(2024, 2, 20), date(2028, 3, 5)))
def test_the_days_of_a_view_follow_on_each_other_without_gap_or_overlap(view: str, on: date) -> None:
    first, last = shown_days(view, on)
    assert first <= on <= last
    assert shown_days(view, last + timedelta(days=1))[0] == last + timedelta(days=1)
    assert shown_days(view, earlier_day(view, on))[1] == first - timedelta(days=1)


def test_a_week_begins_on_monday_and_a_list_has_five_weeks() -> None:
    assert shown_days("week", date(2026, 3, 1)) == (date(2026, 2, 23), date(2026, 3, 1))
    first, last = shown_days("list", date(2026, 3, 1))
    assert (last - first).days + 1 == LIST_DAYS
