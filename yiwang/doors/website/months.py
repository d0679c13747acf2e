"""The calendar: what is due by day, month by month, and as files that calendars follow."""

from __future__ import annotations

import calendar as grid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Max, Min, QuerySet

from yiwang.doors.website import ics, places
from yiwang.doors.website.dates import KINDS, OPENING
from yiwang.doors.website.html import html
from yiwang.doors.website.models import DatedMatter
from yiwang.doors.website.words import region_words, site_name
from yiwang.pure.kernel.days import end_of, local_day, shown, start_of
from yiwang.pure.kernel.words import Words

DAYS_AHEAD = 60
DAYS_BACK_IN_FILES = 31
ALL = "all"
WEEKDAYS = (
    Words("一", "Mon"),
    Words("二", "Tue"),
    Words("三", "Wed"),
    Words("四", "Thu"),
    Words("五", "Fri"),
    Words("六", "Sat"),
    Words("日", "Sun"),
)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class MatterShown:
    """A matter of the calendar with its words; ``hour`` is its wall-clock time, 24:00 where a period ends."""

    lot: str
    project: str
    title: str
    kind: str
    words: Words
    region_words: Words
    place: str
    at: datetime
    hour: str
    off: bool


@dataclass(frozen=True, slots=True)
class DayShown:
    """A day of Asia/Shanghai with its matters; ``outside``: of the month before or after."""

    day: date
    weekday: Words
    matters: tuple[MatterShown, ...]
    today: bool
    outside: bool = False

    @property
    def openings(self) -> int:
        return sum(each.kind == OPENING and not each.off for each in self.matters)

    @property
    def others(self) -> int:
        return sum(each.kind != OPENING and not each.off for each in self.matters)


def day_of(row: DatedMatter) -> date:
    """The day under which a matter stands: what ends at 24:00 belongs to the day that ends (民法典 203)."""
    return local_day(row.at - _INSTANT)


def _shown(row: DatedMatter) -> MatterShown:
    hour = shown(row.at)[11:]
    return MatterShown(
        row.lot,
        row.project,
        row.title,
        row.kind,
        KINDS[row.kind],
        region_words(row.region),
        row.place,
        row.at,
        hour,
        row.off,
    )


def _within(first_on: date, last_on: date) -> QuerySet[DatedMatter]:
    """Matters of the days from the first to the last, both included, in order."""
    rows = DatedMatter.objects.filter(at__gt=start_of(first_on), at__lte=end_of(last_on))
    return rows.order_by("at", "lot", "kind")


def _by_day(rows: Iterable[DatedMatter]) -> dict[date, list[MatterShown]]:
    days: dict[date, list[MatterShown]] = {}
    for row in rows:
        days.setdefault(day_of(row), []).append(_shown(row))
    return days


def _days(days: dict[date, list[MatterShown]], today: date) -> list[DayShown]:
    return [DayShown(day, WEEKDAYS[day.weekday()], tuple(found), day == today) for day, found in days.items()]


def first_of(day: date) -> date:
    """The month of a day, as its first day."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    return first_of(month + timedelta(days=31))


def last_month(month: date) -> date:
    return first_of(month - timedelta(days=1))


def months(today: date) -> list[date]:
    """The months that have a page: from the first with a matter to the last, today's among them."""
    ends = DatedMatter.objects.aggregate(first=Min("at"), last=Max("at"))
    first = min(first_of(local_day(ends["first"])) if ends["first"] else today, first_of(today))
    last = max(first_of(local_day(ends["last"])) if ends["last"] else today, first_of(today))
    found = [first]
    while found[-1] < last:
        found.append(next_month(found[-1]))
    return found


def named(text: str) -> date | None:
    """The month that ``2026-09`` names; None where it names none."""
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == len("2026-09") else None
    except ValueError:
        return None


def month_of(text: str, today: date) -> date | None:
    """The month that an address names, where it has a page."""
    month = named(text)
    return month if month in months(today) else None


def agenda_page(page: str, language: str, now: datetime) -> bytes:
    """What is due in the coming days, by day."""
    today = local_day(now)
    last_on = today + timedelta(days=DAYS_AHEAD)
    context = {
        "days": _days(_by_day(_within(today, last_on)), today),
        "days_ahead": DAYS_AHEAD,
        "month_now": places.month_page(first_of(today)),
        "kinds": list(KINDS.items()),
    }
    return html("calendar.html", page, language, context)


def month_page(page: str, language: str, now: datetime, month: date) -> bytes:
    """A month as a grid, and what is due on each of its days."""
    today, known = local_day(now), months(local_day(now))
    last_on = next_month(month) - timedelta(days=1)
    days = _by_day(_within(month, last_on))
    weeks = [
        [DayShown(day, WEEKDAYS[day.weekday()], tuple(days.get(day, ())) if day.month == month.month else (),
                  day == today, day.month != month.month) for day in week]
        for week in grid.Calendar().monthdatescalendar(month.year, month.month)
    ]  # fmt: skip
    context = {
        "month": month,
        "month_words": Words(f"{month.year}年{month.month}月", f"{month:%B %Y}"),
        "weekdays": WEEKDAYS,
        "weeks": weeks,
        "days": _days(days, today),
        "before": places.month_page(last_month(month)) if month > known[0] else "",
        "after": places.month_page(next_month(month)) if month < known[-1] else "",
        "month_now": places.month_page(first_of(today)),
    }
    return html("month.html", page, language, context)


def _events(rows: Iterable[DatedMatter], language: str) -> Iterator[ics.Event]:
    domain = urlsplit(settings.ORIGIN).hostname
    for row in rows:
        words = KINDS[row.kind].in_language(language)
        note = Words("以公告和项目页面为准", "The notice and the project's page prevail").in_language(
            language
        )
        off = Words("【取消或延期】", "[off or postponed] ").in_language(language) if row.off else ""
        yield ics.Event(
            key=f"{row.lot}-{row.kind}@{domain}",
            at=row.at,
            title=f"{off}{words}：{row.title}" if language.startswith("zh") else f"{off}{words}: {row.title}",
            description=f"{row.lot}\n{note}",
            place=row.place if row.kind == OPENING else "",
            address=settings.ORIGIN + places.address(places.project_page(row.project), language),
            changed_at=row.changed_at,
            changes=row.changes,
            off=row.off,
            ends=row.kind != OPENING,
        )


def file_of(rows: Iterable[DatedMatter], title: Words, language: str) -> bytes:
    """Matters as a calendar that programs can follow."""
    name = f"{site_name(language)} · {title.in_language(language)}"
    return ics.calendar(name, _events(rows, language))


def calendar_file(page: str, language: str, now: datetime, kind: str) -> bytes:
    """What is due from a month ago on, of one kind or ("all") of every kind."""
    first_on = local_day(now) - timedelta(days=DAYS_BACK_IN_FILES)
    rows = DatedMatter.objects.filter(at__gt=start_of(first_on)).order_by("at", "lot", "kind")
    title = Words("开标和期限", "Openings and deadlines")
    if kind != ALL:
        rows, title = rows.filter(kind=kind), KINDS[kind]
    return file_of(rows, title, language)


def lot_calendar(page: str, language: str, now: datetime, lot: str) -> bytes | None:
    """All dates of one lot; None where it has none (yet)."""
    rows = list(DatedMatter.objects.filter(lot=lot).order_by("at", "kind"))
    return file_of(rows, Words(rows[0].title, rows[0].title), language) if rows else None
