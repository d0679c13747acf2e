"""Clocks: from an event and a limit of time to the day or instant, with every day that was left out and why.

民法典 200–204 as read in RULES: the day of the event does not count, a period by hours runs from the moment,
a last day that is off moves to the day after the holiday, the last day ends at 24:00. Where practice departs
from it (availability windows count their first day) both results are given.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yiwang.law.calendar import CalendarNotPublished, is_published, provisional_day_off
from yiwang.law.explaining import as_json, explanation
from yiwang.law.limits import DATE_UNITS, DAY_UNITS, MOMENT_UNITS, Limit
from yiwang.pure.kernel.days import end_of, local, local_day, start_of
from yiwang.pure.kernel.words import Words

FIRST_DAY = Words("开始的当日不计入", "the day of the event is not counted")

type DayLeftOut = tuple[date, Words]


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that a law takes out of a period: those after ``after_on``, to the end of ``until_on``, and why."""

    after_on: date
    until_on: date
    why: Words

    def covers(self, day: date) -> bool:
        return self.after_on < day <= self.until_on


class NotAClock(TypeError):
    """The limit is no period of time, or the anchor cannot start it (hours need an instant)."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit counted from an anchor.

    ``result_on`` is a day of Asia/Shanghai, ``result_at`` the instant: the start of an earliest lawful day,
    24:00 (the next midnight) of a last or latest one. ``strict_on`` and ``strict_at`` are the count without
    the convention for windows, equal to the result elsewhere. ``not_counted`` holds each day left out with
    its reason, ``counted`` the days that make up the period (none for hours, months and years); ``rolled`` says
    that the last day was moved past days off.
    ``provisional`` means that a calendar was needed that is not published: never act on it.
    """

    limit: Limit
    anchor: datetime | date
    result_on: date
    result_at: datetime
    strict_on: date
    strict_at: datetime
    not_counted: tuple[DayLeftOut, ...]
    counted: tuple[date, ...]
    unpublished_years: tuple[int, ...]
    rolled: bool

    @property
    def provisional(self) -> bool:
        return bool(self.unpublished_years)

    @property
    def strict_differs(self) -> bool:
        return self.strict_on != self.result_on

    def explanation(self, language: str) -> str:
        """What, how counted, the result, the article, the days left out and why, in ``zh…`` or English."""
        return explanation(self, language)

    def as_json(self) -> dict[str, object]:
        """The same as data, see :func:`yiwang.law.explaining.as_json`."""
        return as_json(self)

    def certain(self) -> Clock:
        """This clock. Raises CalendarNotPublished where it is provisional: what a verb that acts on it calls."""
        if self.unpublished_years:
            raise CalendarNotPublished(self.unpublished_years[0])
        return self


@dataclass(frozen=True, slots=True)
class _Count:
    last_on: date
    counted: tuple[date, ...]
    not_counted: tuple[DayLeftOut, ...]
    years_asked: frozenset[int]
    rolled: bool = False


def _counted_days(start_on: date, limit: Limit, included: bool, pauses: Sequence[Pause] = ()) -> _Count:
    """Walks away from ``start_on`` until the limit's number of days is counted; days in ``pauses`` are left out."""
    number = int(limit.value)
    step = timedelta(days=-1 if limit.direction == "backward" else 1)
    counted: list[date] = []
    left_out: list[DayLeftOut] = []
    years: set[int] = set()
    day = start_on
    if not included:
        left_out.append((day, FIRST_DAY))
        day += step
    while len(counted) < number:
        why = next((each.why for each in pauses if each.covers(day)), None)
        if why is None and limit.unit == "working-day":
            years.add(day.year)
            why = provisional_day_off(day)
        if why is None:
            counted.append(day)
        else:
            left_out.append((day, why))
        day += step
    return _Count(counted[-1], tuple(counted), tuple(left_out), frozenset(years))


def _rolled(count: _Count) -> _Count:
    """The count with its last day moved past days off (民法典 203)."""
    day = count.last_on
    left_out = list(count.not_counted)
    years = set(count.years_asked)
    while True:
        years.add(day.year)
        why = provisional_day_off(day)
        if why is None:
            break
        left_out.append(
            (day, Words(f"末日逢{why.zh}，顺延", f"last day falls on a day off ({why.en}): moved on"))
        )
        day += timedelta(days=1)
    counted = (*count.counted[:-1], day) if count.counted else ()
    return _Count(day, counted, tuple(left_out), frozenset(years), day != count.last_on)


def months_after(day: date, number: int) -> date:
    """The same day ``number`` months later (negative: earlier), or the last of that month where it is shorter (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def _count(limit: Limit, start_on: date, included: bool, pauses: Sequence[Pause] = ()) -> _Count:
    if limit.unit in DATE_UNITS:
        number = int(limit.value) * (12 if limit.unit == "year" else 1)
        last_on = months_after(start_on, -number if limit.direction == "backward" else number)
        count = _Count(last_on, (), () if included else ((start_on, FIRST_DAY),), frozenset())
        if included:
            count = _Count(last_on - timedelta(days=1), (), (), frozenset())
    else:
        count = _counted_days(start_on, limit, included, pauses)
    return _rolled(count) if limit.roll == "next-working-day" else count


def _instant(limit: Limit, day: date) -> datetime:
    return start_of(day) if limit.gives == "earliest-day" else end_of(day)


def clock(limit: Limit, anchor: datetime | date, pauses: Sequence[Pause] = ()) -> Clock:
    """``limit`` counted from ``anchor`` (an instant with a zone, or a day of Asia/Shanghai).

    Days within ``pauses`` do not count (periods in days only).

    Raises NotAClock where the limit is no period of time or where hours and minutes meet a bare day,
    NaiveInstant where an instant has no zone.
    """
    if limit.unit in MOMENT_UNITS:
        return _moment_clock(limit, anchor)
    if limit.unit not in DAY_UNITS + DATE_UNITS:
        raise NotAClock(f"{limit.id} is counted in {limit.unit}, not in time")
    start_on = local_day(anchor) if isinstance(anchor, datetime) else anchor
    included = limit.counting == "first-day-included"
    count = _count(limit, start_on, included, pauses)
    strict = _count(limit, start_on, False, pauses) if included else count
    asked: Iterable[int] = count.years_asked | strict.years_asked
    return Clock(
        limit=limit,
        anchor=anchor,
        result_on=count.last_on,
        result_at=_instant(limit, count.last_on),
        strict_on=strict.last_on,
        strict_at=_instant(limit, strict.last_on),
        not_counted=count.not_counted,
        counted=count.counted,
        unpublished_years=tuple(sorted(year for year in asked if not is_published(year))),
        rolled=count.rolled,
    )


def _moment_clock(limit: Limit, anchor: datetime | date) -> Clock:
    """Hours and minutes run from the moment itself (民法典 201), through nights and holidays."""
    if not isinstance(anchor, datetime):
        raise NotAClock(f"{limit.id} runs by the {limit.unit}: it needs an instant, not a day")
    minutes = int(limit.value) * (60 if limit.unit == "hour" else 1)
    span = timedelta(minutes=-minutes if limit.direction == "backward" else minutes)
    result_at = local(anchor) + span
    return Clock(limit, anchor, result_at.date(), result_at, result_at.date(), result_at, (), (), (), False)
