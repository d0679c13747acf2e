"""iCalendar (RFC 5545): matters as events that calendars of any make can take or follow. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LINE_OCTETS = 75  # RFC 5545 3.1
SHORTEST = timedelta(minutes=30)  # an opening takes a while; calendars hide what takes no time


@dataclass(frozen=True, slots=True)
class Event:
    """An event: ``key`` names it for ever, ``changes`` counts its changes, ``off`` calls it off.

    ``ends``: a period ends at ``at``; otherwise something begins at ``at``.
    """

    key: str
    at: datetime
    title: str
    description: str
    place: str
    address: str
    changed_at: datetime
    changes: int
    off: bool
    ends: bool


def _text(value: str) -> str:
    """A TEXT value (RFC 5545 3.3.11)."""
    for plain, escaped in (
        ("\\", "\\\\"),
        (";", "\\;"),
        (",", "\\,"),
        ("\r\n", "\\n"),
        ("\n", "\\n"),
        ("\r", "\\n"),
    ):
        value = value.replace(plain, escaped)
    return value


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _folded(line: str) -> Iterator[str]:
    """A line of at most 75 octets and its continuations, no character torn apart."""
    part, octets = "", 0
    for char in line:
        size = len(char.encode())
        if octets + size > LINE_OCTETS:
            yield part
            part, octets = " ", 1
        part += char
        octets += size
    yield part


def _event(event: Event) -> Iterator[str]:
    begins, ends = (event.at - SHORTEST, event.at) if event.ends else (event.at, event.at + SHORTEST)
    yield "BEGIN:VEVENT"
    yield f"UID:{event.key}"
    yield f"DTSTAMP:{_instant(event.changed_at)}"
    yield f"LAST-MODIFIED:{_instant(event.changed_at)}"
    yield f"SEQUENCE:{event.changes}"
    yield f"DTSTART:{_instant(begins)}"
    yield f"DTEND:{_instant(ends)}"
    yield f"SUMMARY:{_text(event.title)}"
    yield f"DESCRIPTION:{_text(event.description)}"
    if event.place:
        yield f"LOCATION:{_text(event.place)}"
    yield f"URL:{event.address}"
    yield f"STATUS:{'CANCELLED' if event.off else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def calendar(name: str, events: Iterable[Event]) -> bytes:
    """The calendar ``name`` with its events, in their order."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Yiwang//Yiwang//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    lines += [
        f"X-WR-CALNAME:{_text(name)}",
        "X-WR-TIMEZONE:Asia/Shanghai",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()
