"""Instants and days. The zone of the law is Asia/Shanghai; an instant always carries a zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class NaiveInstant(ValueError):
    """An instant without a zone was passed where the law needs to know which day it is."""


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise NaiveInstant(f"instant without a zone: {instant.isoformat()}")
    return instant


def local(instant: datetime) -> datetime:
    """The same instant on the wall clock of Asia/Shanghai."""
    return _aware(instant).astimezone(SHANGHAI)


def local_day(instant: datetime) -> date:
    """The calendar day in Asia/Shanghai on which ``instant`` falls (never the UTC day)."""
    return local(instant).date()


def start_of(day: date) -> datetime:
    """00:00 of ``day`` in Asia/Shanghai."""
    return datetime.combine(day, time.min, SHANGHAI)


def end_of(day: date) -> datetime:
    """24:00 of ``day`` in Asia/Shanghai, i.e. 00:00 of the next (民法典 203: the last day ends at 24:00)."""
    return start_of(day + timedelta(days=1))


def on_day_at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A wall-clock time of Asia/Shanghai on ``day``."""
    return datetime.combine(day, time(hour, minute, second), SHANGHAI)


def days_between(first: date, last: date) -> int:
    """Calendar days in (first, last]: the first day is not counted (民法典 201)."""
    return (last - first).days


def iso(instant: datetime) -> str:
    """RFC 3339 in UTC with microseconds, the one form an instant has in the journal."""
    return _aware(instant).astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def from_iso(text: str) -> datetime:
    """The instant that :func:`iso` wrote; any RFC 3339 text with a zone is read.

    Raises NaiveInstant where the zone is missing, ValueError where the text is no instant.
    """
    return _aware(datetime.fromisoformat(text))


def shown(instant: datetime, seconds: bool = False, begins: bool = False) -> str:
    """``2026-11-23 14:00`` on the wall clock of Asia/Shanghai, as every page, paper and letter shows it.

    Midnight ends its day: ``2026-11-22 24:00`` (民法典 203), unless something ``begins`` then.
    """
    wall = local(instant)
    if wall.time() == time.min and not begins:
        ended = (wall - timedelta(days=1)).date().isoformat()
        return f"{ended} 24:00:00" if seconds else f"{ended} 24:00"
    return wall.isoformat(" ")[: 19 if seconds else 16]
