"""Working days of the People's Republic: weekends, holidays and make-up days as the State Council publishes them.

The days come from ``chinesecalendar``, which transcribes the yearly notices. A year without a notice is
never guessed in silence: :func:`is_working_day` raises, and clocks that had to look into it say so.
"""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache

import chinese_calendar
from chinese_calendar.constants import holidays as _published_holidays

from yiwang.pure.kernel.words import Words

HOLIDAY_LAW = "《全国年节及纪念日放假办法》第二条"
WEEKEND = (Words("星期六", "Saturday"), Words("星期日", "Sunday"))
_HOLIDAYS = {
    "New Year's Day": Words("元旦", "New Year's Day"),
    "Spring Festival": Words("春节", "Spring Festival"),
    "Tomb-sweeping Day": Words("清明节", "Tomb-sweeping Day"),
    "Labour Day": Words("劳动节", "Labour Day"),
    "Dragon Boat Festival": Words("端午节", "Dragon Boat Festival"),
    "Mid-autumn Festival": Words("中秋节", "Mid-autumn Festival"),
    "National Day": Words("国庆节", "National Day"),
    "Anti-Fascist 70th Day": Words("抗战胜利70周年纪念日", "70th anniversary of the victory of 1945"),
}
# Days whose date the holiday law fixes itself (放假办法 2): all that can be known before the yearly notice.
_FIXED = {
    (1, 1): "New Year's Day",
    (5, 1): "Labour Day",
    (5, 2): "Labour Day",
    (10, 1): "National Day",
    (10, 2): "National Day",
    (10, 3): "National Day",
}


class CalendarNotPublished(LookupError):
    """The official calendar of the year is not (yet) published, so nobody can say which days are working days."""

    def __init__(self, year: int) -> None:
        super().__init__(f"{year}年放假安排尚未公布 | the official calendar of {year} is not yet published")
        self.year = year


@cache
def is_published(year: int) -> bool:
    """Whether the whole calendar of ``year`` is known; New Year's Day alone (in the notice before) is not enough."""
    return date(year, 10, 1) in _published_holidays if 1 <= year <= 9999 else False


@lru_cache(maxsize=16_384)  # the package looks through all its holidays for every day that it is asked
def day_off(day: date) -> Words | None:
    """Why ``day`` is no working day; None where it is one. Raises CalendarNotPublished."""
    if not is_published(day.year):
        raise CalendarNotPublished(day.year)
    if chinese_calendar.is_workday(day):
        return None
    _, name = chinese_calendar.get_holiday_detail(day)
    return WEEKEND[day.weekday() - 5] if name is None else _HOLIDAYS[str(getattr(name, "value", name))]


def is_working_day(day: date) -> bool:
    """Whether ``day`` is an official working day (make-up Saturdays and Sundays are). Raises CalendarNotPublished."""
    return day_off(day) is None


def provisional_day_off(day: date) -> Words | None:
    """Like :func:`day_off`, but where no calendar is published only weekends and holidays of fixed date are off.

    Never use it without showing :func:`is_published` beside it.
    """
    if is_published(day.year):
        return day_off(day)
    if (day.month, day.day) in _FIXED:
        return _HOLIDAYS[_FIXED[day.month, day.day]]
    return WEEKEND[day.weekday() - 5] if day.weekday() > 4 else None
