"""Calendars in iCalendar form (RFC 5545). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

CONTENT_TYPE = "text/calendar; charset=utf-8"
_FOLD = 75  # octets a line (RFC 5545, 3.1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: ``on`` for a whole day, else ``at`` with ``minutes``."""

    uid: str
    summary: str
    description: str
    location: str
    url: str
    at: datetime | None
    on: date | None
    minutes: int = 60


def _escaped(text: str) -> str:
    for plain, written in (
        ("\\", "\\\\"),
        (";", "\\;"),
        (",", "\\,"),
        ("\r\n", "\\n"),
        ("\n", "\\n"),
        ("\r", "\\n"),
    ):
        text = text.replace(plain, written)
    return text


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets that never cut a character."""
    pieces, piece, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > _FOLD:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + character, size + width
    return "\r\n".join([*pieces, piece])


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _event_lines(entry: Entry, now: datetime) -> list[str]:
    lines = ["BEGIN:VEVENT", f"UID:{entry.uid}", f"DTSTAMP:{_utc(now)}"]
    if entry.at is not None:
        lines += [f"DTSTART:{_utc(entry.at)}", f"DTEND:{_utc(entry.at + timedelta(minutes=entry.minutes))}"]
    elif entry.on is not None:
        after = entry.on + timedelta(days=1)
        lines += [
            f"DTSTART;VALUE=DATE:{entry.on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{after:%Y%m%d}",
            "TRANSP:TRANSPARENT",
        ]
    lines += [f"SUMMARY:{_escaped(entry.summary)}", f"DESCRIPTION:{_escaped(entry.description)}"]
    if entry.location:
        lines.append(f"LOCATION:{_escaped(entry.location)}")
    return [*lines, f"URL:{entry.url}", "END:VEVENT"]


def calendar(name: str, entries: Iterable[Entry], now: datetime) -> bytes:
    """The calendar ``name``; programs are asked to look again every hour."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Yiwang//Hall//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H",
    ]  # fmt: skip
    for entry in entries:
        lines += _event_lines(entry, now)
    return ("\r\n".join(_folded(each) for each in [*lines, "END:VCALENDAR"]) + "\r\n").encode()
