"""Pure rules of the hall: which openings stand in each other's way, which days a view of the calendar shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

OPENING_TAKES = timedelta(minutes=60)  # a custom of the house, no article: only marked, nothing is refused
VENUE, TIME = "venue", "time"
DAY, WEEK, LIST = "day", "week", "list"
VIEWS = (LIST, WEEK, DAY)
LIST_DAYS = 35


@dataclass(frozen=True, slots=True)
class Opening:
    """An opening as far as it can stand in another's way."""

    lot: str
    at: datetime
    place: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """``lot`` meets ``other`` in the same room (venue) or at the same time elsewhere (time)."""

    lot: str
    other: str
    kind: str


def conflicts(openings: Sequence[Opening], same_people: bool) -> list[Conflict]:
    """Openings less than an hour apart: in one place always, elsewhere where the same people have to be at both.

    Symmetric: each of two lots that meet has a conflict with the other.
    """
    found = []
    ordered = sorted(openings, key=lambda each: (each.at, each.lot))
    for number, first in enumerate(ordered):
        for second in ordered[number + 1 :]:
            if second.at - first.at >= OPENING_TAKES:
                break
            if second.lot == first.lot:
                continue
            same_place = bool(first.place.strip()) and first.place.strip() == second.place.strip()
            if same_place or same_people:
                kind = VENUE if same_place else TIME
                found += [Conflict(first.lot, second.lot, kind), Conflict(second.lot, first.lot, kind)]
    return found


def shown_days(view: str, on: date) -> tuple[date, date]:
    """The first and the last day that a view shows: the day, its week from Monday, or five weeks from it."""
    if view == DAY:
        return on, on
    if view == WEEK:
        monday = on - timedelta(days=on.weekday())
        return monday, monday + timedelta(days=6)
    return on, on + timedelta(days=LIST_DAYS - 1)


def earlier_day(view: str, on: date) -> date:
    """The day to which "earlier" leads: the same view of it ends on the eve of this one."""
    first, last = shown_days(view, on)
    return first - (last - first + timedelta(days=1))
