"""The calendar of a person: days with events and conflicts, and the secret addresses for other programs."""

from __future__ import annotations

import bisect
import hashlib
import itertools
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.urls import reverse

from yiwang.business.trading import api as trading
from yiwang.common.identity.api import people_of
from yiwang.doors.hall import ics
from yiwang.doors.hall.models import CalendarAddress
from yiwang.doors.hall.rules import VENUE, Conflict, Opening, conflicts
from yiwang.pure.kernel.actors import CENTRE, SUPERVISOR, Actor
from yiwang.pure.kernel.days import end_of, shown, start_of
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import act, real_now

MOST_ADDRESSES = 3
MOST_LISTED = 100  # events on a page of the list
FIRST_DAYS, FIRST_WEEK = 2, 7
FEED_BACK, FEED_AHEAD = timedelta(days=30), timedelta(days=180)
_NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Another lot that an opening meets."""

    words: Words
    lot: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An event as pages show it, with what it meets."""

    event: trading.Event
    meets: tuple[Meeting, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day with its events in order."""

    on: date
    events: tuple[Shown, ...]


def _met(found: list[Conflict], names: dict[str, str]) -> dict[str, list[Meeting]]:
    by_lot: dict[str, list[Meeting]] = {}
    for each in found:
        words = (
            Words("与“{}”场地冲突", "same room as “{}”")
            if each.kind == VENUE
            else Words("与“{}”时间冲突", "same time as “{}”")
        )
        name = names[each.other]
        by_lot.setdefault(each.lot, []).append(
            Meeting(Words(words.zh.format(name), words.en.format(name)), each.other)
        )
    return by_lot


def days_of(actor: Actor, first: date, last: date) -> list[Day]:
    """Every day from ``first`` to ``last`` with the events of the actor's lots."""
    return _days(actor, first, last, trading.events(actor, start_of(first), end_of(last)))


def _days(actor: Actor, first: date, last: date, found: list[trading.Event]) -> list[Day]:
    openings = [each for each in found if each.matter == "opening"]
    met = _met(
        conflicts(
            [Opening(each.lot, each.at, each.place) for each in openings],
            same_people=actor.role not in (CENTRE, SUPERVISOR),
        ),
        {each.lot: f"{each.project} · {each.lot_name}" for each in openings},
    )
    by_day: dict[date, list[Shown]] = {}
    for each in found:
        meets = tuple(met.get(each.lot, ())) if each.matter == "opening" else ()
        by_day.setdefault(each.on, []).append(Shown(each, meets))
    number = (last - first).days + 1
    days = [first + timedelta(days=each) for each in range(number)]
    return [Day(day, tuple(by_day.get(day, ()))) for day in days]


def listed_days(actor: Actor, first: date, last: date) -> list[Day]:
    """The days of a list from ``first``: it ends before the day with which it would have more than MOST_LISTED events.

    Where the first day alone has more, it stands alone. A list that is short goes on to ``last``.
    """
    reaches = [min(last, first + timedelta(days=each - 1)) for each in (FIRST_DAYS, FIRST_WEEK)]
    found, ends = trading.events_until(
        actor, first, [*reaches, last], MOST_LISTED
    )  # no more is read than shown
    days = _days(actor, first, ends, found)
    so_far = list(itertools.accumulate(len(each.events) for each in days))
    return days[: max(1, bisect.bisect_right(so_far, MOST_LISTED))]


def addresses_of(actor: Actor) -> list[CalendarAddress]:
    """The addresses of the actor's calendar that still work."""
    return list(
        CalendarAddress.objects.filter(
            person=actor.person, organisation=actor.organisation, role=actor.role, revoked_at=None
        )
    )


def make_address(by: Actor, at: datetime) -> str:
    """A new secret address of the actor's calendar; gives the secret, which is shown once. Raises Refused."""
    with act():
        if len(addresses_of(by)) >= MOST_ADDRESSES:
            raise Refused([Finding("calendar-addresses", params={"most": MOST_ADDRESSES})])
        secret = secrets.token_urlsafe(32)
        CalendarAddress.objects.create(
            person=by.person,
            organisation=by.organisation,
            role=by.role,
            sha256=_digest(secret),
            made_at=at,
        )
    return secret


def revoke_address(by: Actor, number: int, at: datetime) -> None:
    """An address of one's own works no more."""
    mine = CalendarAddress.objects.filter(pk=number, person=by.person, revoked_at=None)
    mine.update(revoked_at=at)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def reader_behind(secret: str) -> Actor | None:
    """Whose calendar the secret opens; None where it opens none, or its person acts there no more."""
    row = CalendarAddress.objects.filter(sha256=_digest(secret), revoked_at=None).first()
    if row is None:
        return None
    holds = any(each.person == row.person and each.role == row.role for each in people_of(row.organisation))
    if not holds:
        return None
    now = real_now()
    if row.read_at is None or now - row.read_at > _NOTED_EVERY:
        CalendarAddress.objects.filter(pk=row.pk).update(read_at=now)
    return Actor(row.person, row.organisation, row.role)


def feed(actor: Actor, now: datetime, language: str) -> bytes:
    """The actor's calendar for other programs: a month back, half a year ahead."""
    found = trading.events(actor, now - FEED_BACK, now + FEED_AHEAD)
    host = settings.ORIGIN.rpartition("/")[2]
    entries = [_entry(each, host, language) for each in found]
    name = Words("公共资源交易日程", "Public resource trading").in_language(language)
    return ics.calendar(name, entries, now)


def _entry(event: trading.Event, host: str, language: str) -> ics.Entry:
    until = Words(f"截止 {event.on.isoformat()} 24:00", f"until {event.on.isoformat()} 24:00")
    when = until if event.by_day else Words(f"北京时间 {shown(event.at)}", f"{shown(event.at)} Beijing time")
    lines = [f"{event.project} · {event.lot_name} {event.lot}", when.in_language(language)]
    if event.clock is not None:
        lines.append(event.clock.explanation(language))
    return ics.Entry(
        uid=f"{event.key}@{host}",
        summary=f"{event.words.in_language(language)}：{event.project} · {event.lot_name}",
        description="\n".join(lines),
        location=event.place,
        url=settings.ORIGIN + reverse("hall:lot", args=[event.lot]),
        at=None if event.by_day else event.at,
        on=event.on if event.by_day else None,
    )
